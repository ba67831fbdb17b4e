import { parse } from 'yaml'
import type { Fault, Origin } from './fault.ts'
import { showValue } from './fault.ts'
import { nearest } from './nearest.ts'
import type { DetectorVariable } from './read-environment.ts'
import type { YamlValue } from './read-yaml.ts'
import type { DetectorSetting } from './schema.ts'

/** What the detector registry finds wrong; `path` starts below the detector, such as `params.floor`. */
export interface DetectorProblem {
  readonly id: string
  readonly path: string
  readonly found: string
  readonly allowed: string
}

/** The registry's judgement of the detectors' settings: unknown ids, parameters out of bounds. */
export type CheckDetectors = (settings: Readonly<Record<string, DetectorSetting>>) => readonly DetectorProblem[]

export interface DetectorSettings {
  readonly settings: Readonly<Record<string, DetectorSetting>>
  readonly faults: readonly Fault[]
}

/** Merges file and environment, the environment winning field by field, and asks the registry what it thinks. */
export function readDetectorSettings(
  fromFile: ReadonlyMap<string, YamlValue>,
  fromEnvironment: readonly DetectorVariable[],
  checkDetectors: CheckDetectors,
): DetectorSettings {
  const faults: Fault[] = []
  const origins = new Map<string, Origin>()
  const settings = new Map<string, DetectorSetting>()
  const fault = (path: string, origin: Origin, found: string, allowed: string) =>
    faults.push({ path: `detectors.${path}`, origin, found, allowed })

  for (const [id, { raw, origin }] of fromFile) {
    origins.set(id, origin)
    if (raw === null) continue
    if (!isRecord(raw)) {
      fault(id, origin, showValue(raw), 'a section with `enabled` and `params`')
      continue
    }
    for (const name of Object.keys(raw).filter((field) => field !== 'enabled' && field !== 'params')) {
      const near = nearest(name, ['enabled', 'params'])
      fault(
        `${id}.${name}`,
        origin,
        'an unknown key',
        near === null ? '`enabled` and `params`' : `did you mean ${near}?`,
      )
    }
    const enabled = fieldOf(raw, 'enabled') ?? true
    const params = fieldOf(raw, 'params') ?? {}
    if (typeof enabled !== 'boolean') fault(`${id}.enabled`, origin, showValue(enabled), '`true` or `false`')
    if (!isRecord(params)) fault(`${id}.params`, origin, showValue(params), 'a section')
    settings.set(id, { enabled: enabled === true, params: isRecord(params) ? params : {} })
  }

  for (const { id, field, name, text } of fromEnvironment) {
    const origin: Origin = { kind: 'environment', name }
    origins.set(id, origin)
    const before = settings.get(id) ?? { enabled: true, params: {} }
    const value = field === 'enabled' ? text.trim() : parseOrNull(text)
    if (field === 'params') {
      if (isRecord(value)) settings.set(id, { ...before, params: value })
      else fault(`${id}.params`, origin, 'something else', 'a JSON object such as `{"floor": 20}`')
    } else if (value === 'true' || value === 'false') {
      settings.set(id, { ...before, enabled: value === 'true' })
    } else {
      fault(`${id}.enabled`, origin, showValue(text), '`true` or `false`')
    }
  }

  const result = Object.fromEntries(settings)
  for (const problem of faults.length === 0 ? checkDetectors(result) : []) {
    const path = problem.path === '' ? problem.id : `${problem.id}.${problem.path}`
    fault(path, origins.get(problem.id) ?? { kind: 'default' }, problem.found, problem.allowed)
  }
  return { settings: result, faults }
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
