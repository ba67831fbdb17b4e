import { parse } from 'yaml'
import type { Fault, Origin } from './fault.ts'
import { showValue } from './fault.ts'
import { nearest } from './nearest.ts'
import type { OpenSection } from './open-section.ts'
import type { DetectorVariable } from './read-environment.ts'
import type { DetectorSetting } from './schema.ts'
import { spelledValue } from './typed-text.ts'

/** What the detector registry finds wrong; `path` starts below the detector, such as `params.score`. */
export interface DetectorProblem {
  readonly id: string
  readonly path: string
  /** In words, or the value itself that is not allowed. */
  readonly found: string | { readonly value: unknown }
  readonly allowed: string
  /** Of an unknown name: itself and those there are, of which the nearest is proposed. */
  readonly unknown?: { readonly name: string; readonly names: readonly string[] }
}

/** The registry's judgement of the detectors' settings: unknown ids, parameters out of bounds. */
export type CheckDetectors = (settings: Readonly<Record<string, DetectorSetting>>) => readonly DetectorProblem[]

export interface DetectorSettings {
  readonly settings: Readonly<Record<string, DetectorSetting>>
  readonly faults: readonly Fault[]
}

/** Merges file and environment, the environment winning field by field, and asks the registry what it thinks. */
export function readDetectorSettings(
  section: OpenSection | null,
  fromEnvironment: readonly DetectorVariable[],
  checkDetectors: CheckDetectors,
): DetectorSettings {
  const faults: Fault[] = []
  const settings = new Map<string, DetectorSetting>()
  const fromFile = section?.raw ?? {}
  /** By `<id>.enabled` and `<id>.params`. */
  const variables = new Map<string, Origin>()
  const fault = (path: string, origin: Origin, found: string, allowed: string) =>
    faults.push({ path: path === '' ? ROOT : `${ROOT}.${path}`, origin, found, allowed })
  /** What is wrong with what stands in the file. */
  const faultAt = (path: string, value: unknown, allowed: string) =>
    fault(path, placeOf(path), section?.templateOf(path) ?? showValue(value), allowed)
  const placeOf = (path: string): Origin => section?.originOf(path) ?? { kind: 'default' }
  const keyPlaceOf = (path: string): Origin => section?.keyOriginOf(path) ?? { kind: 'default' }
  const isInFile = (id: string) => isRecord(fromFile) && Object.hasOwn(fromFile, id)

  if (!isRecord(fromFile)) faultAt('', fromFile, 'a section with one section per detector')
  for (const [id, spelt] of Object.entries(isRecord(fromFile) ? fromFile : {})) {
    if (spelt === null) continue
    if (!isRecord(spelt)) {
      faultAt(id, spelt, 'a section with `enabled` and `params`')
      continue
    }
    const raw = withValues(spelt, id, section)
    for (const name of Object.keys(raw).filter((field) => field !== 'enabled' && field !== 'params')) {
      const near = nearest(name, ['enabled', 'params'])
      const allowed = near === null ? '`enabled` and `params`' : `did you mean ${near}?`
      fault(`${id}.${name}`, keyPlaceOf(`${id}.${name}`), 'an unknown key', allowed)
    }
    const enabled = fieldOf(raw, 'enabled') ?? true
    const params = fieldOf(raw, 'params') ?? {}
    if (typeof enabled !== 'boolean') faultAt(`${id}.enabled`, enabled, '`true` or `false`')
    if (!isRecord(params)) faultAt(`${id}.params`, params, 'a section')
    settings.set(id, { enabled: enabled === true, params: isRecord(params) ? params : {} })
  }

  for (const { id, field, name, text } of fromEnvironment) {
    const origin: Origin = { kind: 'environment', name }
    variables.set(`${id}.${field}`, origin)
    const before = settings.get(id) ?? { enabled: true, params: {} }
    const value = field === 'enabled' ? text.trim() : parseOrNull(text)
    if (field === 'params') {
      if (isRecord(value)) settings.set(id, { ...before, params: value })
      else
        fault(
          `${id}.params`,
          origin,
          'something else',
          'a JSON object such as `{"floors": {"contacts_viewed.1h": 20}}`',
        )
    } else if (value === 'true' || value === 'false') {
      settings.set(id, { ...before, enabled: value === 'true' })
    } else {
      fault(`${id}.enabled`, origin, showValue(text), '`true` or `false`')
    }
  }

  const variableOf = (id: string, path: string): Origin | undefined =>
    path === '' && !isInFile(id)
      ? (variables.get(`${id}.enabled`) ?? variables.get(`${id}.params`))
      : variables.get(`${id}.${path.split('.')[0]}`)
  const result = Object.fromEntries(settings)
  for (const { id, path, found, allowed, unknown } of faults.length === 0 ? checkDetectors(result) : []) {
    const full = path === '' ? id : `${id}.${path}`
    const variable = variableOf(id, path)
    const template = variable === undefined ? section?.templateOf(full) : null
    const what = typeof found === 'string' ? found : (template ?? showGiven(found.value))
    const near = unknown === undefined ? null : nearest(unknown.name, unknown.names)
    const place = variable ?? (unknown === undefined ? placeOf(full) : keyPlaceOf(full))
    fault(full, place, what, near === null ? allowed : `${allowed}; did you mean ${near}?`)
  }
  return { settings: result, faults }
}

const ROOT = 'detectors'

const showGiven = (value: unknown): string => (value === null ? 'nothing' : showValue(value))

/**
 * The same with each text that a `${NAME}` was replaced in as the number or the truth value that it spells: no detector
 * has a parameter that is a text.
 */
function withValues(raw: Record<string, unknown>, path: string, section: OpenSection | null): Record<string, unknown> {
  const valueAt = (value: unknown, here: string): unknown => {
    if (isRecord(value)) return withValues(value, here, section)
    const isReplaced = (section?.templateOf(here) ?? null) !== null
    return typeof value === 'string' && isReplaced ? spelledValue(value) : value
  }
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, valueAt(value, `${path}.${name}`)]))
}

function parseOrNull(text: string): unknown {
  try {
    // Warnings would quote the text on standard error.
    return parse(text, { logLevel: 'error' })
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldOf = (record: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined
