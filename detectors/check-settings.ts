import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { DETECTORS, type DetectorSettings } from './registry.ts'

/** One thing wrong with the detectors' settings; `path` starts below the detector. */
export interface SettingsProblem {
  readonly id: string
  readonly path: string
  /** In words, or the value itself that is not allowed. */
  readonly found: string | { readonly value: unknown }
  readonly allowed: string
  /** Of an unknown name: itself and those there are. */
  readonly unknown?: { readonly name: string; readonly names: readonly string[] }
}

/**
 * Checks detectors' settings against their own schemas: unknown ids, unknown parameters, values out of bounds; one problem
 * for each.
 */
export function checkDetectors(settings: DetectorSettings): SettingsProblem[] {
  return Object.entries(settings).flatMap(([id, { params }]) => {
    const detector = DETECTORS.find((one) => one.id === id)
    if (detector === undefined) {
      const ids = DETECTORS.map((one) => one.id)
      return [{ id, path: '', found: 'no such detector', ...oneOf(id, ids) }]
    }
    return findProblems(detector.params, params, 'params').map((problem) => ({ id, ...problem }))
  })
}

type Problem = Omit<SettingsProblem, 'id'>

/** Parameters that are left out have defaults, so none is missed. */
function findProblems(schema: Annotated, value: unknown, path: string): Problem[] {
  const { properties } = schema
  if (properties === undefined) {
    return Check(schema, value) ? [] : [{ path, found: { value }, allowed: allowedOf(schema) }]
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, found: { value }, allowed: 'a section' }]
  }
  const names = Object.keys(properties)
  return Object.entries(value).flatMap(([name, below]): Problem[] => {
    const here = `${path}.${name}`
    if (Object.hasOwn(properties, name)) return findProblems(properties[name], below, here)
    return [{ path: here, found: 'an unknown key', ...oneOf(name, names) }]
  })
}

const oneOf = (name: string, names: readonly string[]): Pick<Problem, 'allowed' | 'unknown'> => ({
  allowed: `one of ${names.join(', ')}`,
  unknown: { name, names },
})

interface Annotated extends TSchema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, TSchema>>
}

function allowedOf({ type, minimum, maximum }: Annotated): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  return maximum === undefined ? `${kind} of ${minimum} or more` : `${kind} from ${minimum} to ${maximum}`
}
