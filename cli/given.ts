import { nearest } from '../config/nearest.ts'
import { isNamedTimeZone } from '../model/time-zone.ts'

/** A mistake in the command line; caught by parseCommand, which adds where to read on. */
export class UsageMistake extends Error {}

/** The options and arguments of one command, with typed access that explains what is wrong. */
export interface Given {
  readonly arguments: readonly string[]
  /** Whether it was given, with a value or without. */
  switch(name: string): boolean
  text(name: string): string | null
  texts(name: string): readonly string[]
  /** A repeatable option whose values are `key=value`. */
  pairs(name: string): Readonly<Record<string, string>>
  integer(name: string, minimum: number, maximum: number): number | null
  number(name: string, minimum: number, maximum: number): number | null
  /** An IANA time zone, as the configuration takes them. */
  timeZone(name: string): string | null
  oneOf<const V extends readonly string[]>(name: string, allowed: V): V[number] | null
  required<T>(name: string, value: T | null): T
}

export function createGiven(values: ReadonlyMap<string, readonly string[]>, positionals: readonly string[]): Given {
  const text = (name: string): string | null => values.get(name)?.[0] ?? null
  const number = (name: string, minimum: number, maximum: number, pattern: RegExp, kind: string): number | null => {
    const value = text(name)
    if (value === null) return null
    const result = Number(value)
    if (pattern.test(value) && result >= minimum && result <= maximum) return result
    throw new UsageMistake(`--${name} takes ${kind} from ${minimum} to ${maximum}, not '${value}'`)
  }
  return {
    arguments: positionals,
    switch: (name) => values.has(name),
    text,
    texts: (name) => values.get(name) ?? [],
    pairs(name) {
      const pairs = (values.get(name) ?? []).map((pair): [string, string] => {
        const equals = pair.indexOf('=')
        if (equals < 1) throw new UsageMistake(`--${name} takes KEY=VALUE, not '${pair}'`)
        return [pair.slice(0, equals), pair.slice(equals + 1)]
      })
      const twice = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index)
      if (twice !== undefined) throw new UsageMistake(`--${name} ${twice[0]} is given twice`)
      return Object.fromEntries(pairs)
    },
    integer: (name, minimum, maximum) => number(name, minimum, maximum, /^\d+$/, 'a whole number'),
    number: (name, minimum, maximum) => number(name, minimum, maximum, /^\d+(\.\d+)?$/, 'a number'),
    timeZone(name) {
      const zone = text(name)
      if (zone === null || isNamedTimeZone(zone)) return zone
      throw new UsageMistake(`--${name} takes an IANA time zone such as Europe/Berlin, not '${zone}'`)
    },
    oneOf(name, allowed) {
      const value = text(name)
      if (value === null) return null
      const match = allowed.find((candidate) => candidate === value)
      if (match !== undefined) return match
      const near = nearest(value, allowed)
      const hint = near === null ? '' : `; did you mean '${near}'?`
      throw new UsageMistake(`--${name} is one of ${allowed.join(', ')}, not '${value}'${hint}`)
    },
    required(name, value) {
      if (value === null) throw new UsageMistake(`${name} is missing`)
      return value
    },
  }
}
