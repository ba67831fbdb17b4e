import { nearest } from '../config/nearest.ts'
import { isNamedTimeZone } from '../model/time-zone.ts'
import { allowedFor, type OptionSpec } from './option-spec.ts'

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
  /** The value of an option that takes a number. */
  number(name: string): number | null
  /** All values of one that takes several, also with commas between them. */
  numbers(name: string): readonly number[]
  /** An IANA time zone, as the configuration takes them. */
  timeZone(name: string): string | null
  oneOf<const V extends readonly string[]>(name: string, allowed: V): V[number] | null
  required<T>(name: string, value: T | null): T
}

export function createGiven(
  options: Readonly<Record<string, OptionSpec>>,
  values: ReadonlyMap<string, readonly string[]>,
  positionals: readonly string[],
): Given {
  const text = (name: string): string | null => {
    const value = values.get(name)?.[0] ?? null
    const { mostCharacters = Number.POSITIVE_INFINITY } = options[name]
    if (value === null || value.length <= mostCharacters) return value
    throw new UsageMistake(`--${name} takes at most ${mostCharacters} characters, not ${value.length}`)
  }
  const numberIn = (name: string, value: string): number => {
    const { takes } = options[name]
    const result = Number(value)
    if (typeof takes !== 'object') throw new Error(`--${name} takes no number`)
    const isOne = takes.whole ? /^\d+$/.test(value) : /^\d+(\.\d+)?$/.test(value)
    if (isOne && result >= takes.from && result <= takes.to) return result
    throw new UsageMistake(`--${name} takes ${allowedFor(options[name])}, not '${value}'`)
  }
  return {
    arguments: positionals,
    switch: (name) => values.has(name),
    text,
    texts: (name) => values.get(name) ?? [],
    pairs(name) {
      const pairs = (values.get(name) ?? []).map((pair): [string, string] => {
        const equals = pair.indexOf('=')
        if (equals < 1) throw new UsageMistake(`--${name} takes ${options[name].value}, not '${pair}'`)
        return [pair.slice(0, equals), pair.slice(equals + 1)]
      })
      const twice = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index)
      if (twice !== undefined) throw new UsageMistake(`--${name} ${twice[0]} is given twice`)
      return Object.fromEntries(pairs)
    },
    number(name) {
      const value = text(name)
      return value === null ? null : numberIn(name, value)
    },
    numbers: (name) =>
      (values.get(name) ?? []).flatMap((given) => given.split(',')).map((value) => numberIn(name, value)),
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
