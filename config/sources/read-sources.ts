import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { type Fault, type Origin, showValue } from '../fault.ts'
import { nearest } from '../nearest.ts'
import type { YamlValue } from '../read-yaml.ts'
import {
  MAX_SOURCES,
  RESERVED_SOURCE_NAMES,
  SOURCE_NAME,
  SourceSection,
  type SourceSetting,
  WAYS_IN,
} from './source-setting.ts'

/** What the adapters' side finds wrong; `path` starts below the source, such as `options.encoding`. */
export interface SourceProblem {
  readonly name: string
  readonly path: string
  readonly found: string
  readonly allowed: string
}

/** The judgement of those who know the adapters: unknown ones, wrong options, one thing taken twice. */
export type CheckSources = (sources: Readonly<Record<string, SourceSetting>>) => readonly SourceProblem[]

export interface SourceSettings {
  readonly settings: Readonly<Record<string, SourceSetting>>
  readonly faults: readonly Fault[]
  /** Where each source stands, by the path of its key. */
  readonly origins: ReadonlyMap<string, Origin>
}

/** Reads what stands below `sources` in the file; environment variables have no words for it. */
export function readSourceSettings(
  fromFile: ReadonlyMap<string, YamlValue>,
  checkSources: CheckSources,
): SourceSettings {
  const faults: Fault[] = []
  const origins = new Map<string, Origin>()
  const settings = new Map<string, SourceSetting>()
  for (const [name, { raw, origin }] of fromFile) {
    const path = `sources.${name}`
    origins.set(path, origin)
    const before = faults.length
    const fault = (below: string, found: string, allowed: string) =>
      faults.push({ path: below === '' ? path : `${path}.${below}`, origin, found, allowed })
    if (!SOURCE_NAME.test(name)) {
      fault('', 'a name of another form', 'a name of 1 to 63 small letters, digits and `-` that begins with a letter')
    } else if (RESERVED_SOURCE_NAMES.includes(name)) {
      fault('', 'a reserved name', `a name other than ${RESERVED_SOURCE_NAMES.join(', ')}`)
    }
    checkSection(raw, SourceSection, '', fault)
    if (faults.length === before && Check(SourceSection, raw)) {
      const ways = WAYS_IN.filter((way) => raw[way] !== undefined && raw[way] !== false)
      if (ways.length > 1) fault('', ways.join(' and '), `one way in: ${WAYS_IN.join(', ')}`)
      settings.set(name, raw)
    }
  }
  if (fromFile.size > MAX_SOURCES) {
    const [[first]] = origins
    const origin = origins.get(first) ?? { kind: 'default' }
    faults.push({ path: 'sources', origin, found: `${fromFile.size} sources`, allowed: `at most ${MAX_SOURCES}` })
  }
  const result = Object.fromEntries(settings)
  for (const { name, path, found, allowed } of faults.length === 0 ? checkSources(result) : []) {
    const below = path === '' ? `sources.${name}` : `sources.${name}.${path}`
    faults.push({ path: below, origin: origins.get(`sources.${name}`) ?? { kind: 'default' }, found, allowed })
  }
  return { settings: result, faults, origins }
}

type Section = TSchema & {
  readonly properties: Readonly<Record<string, TSchema & { allowed?: string; properties?: object }>>
  readonly required?: readonly string[]
}

/** Holds every field against its own schema, so that each fault says its own place and what is allowed there. */
function checkSection(
  raw: unknown,
  schema: Section,
  path: string,
  fault: (path: string, found: string, allowed: string) => void,
): void {
  const below = (name: string) => (path === '' ? name : `${path}.${name}`)
  const names = Object.keys(schema.properties)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    fault(path, raw === null || raw === undefined ? 'nothing' : showValue(raw), `a section with ${names.join(', ')}`)
    return
  }
  const fields = new Map(Object.entries(raw))
  for (const [name, value] of fields) {
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
    if (field === undefined) {
      const near = nearest(name, names)
      fault(below(name), 'an unknown key', near === null ? names.join(', ') : `did you mean ${near}?`)
    } else if (field.properties !== undefined) {
      checkSection(value, field as Section, below(name), fault)
    } else if (!Check(field, value)) {
      fault(below(name), value === null ? 'nothing' : showValue(value), field.allowed ?? 'another value')
    }
  }
  for (const name of schema.required ?? []) {
    if (!fields.has(name)) fault(below(name), 'nothing', schema.properties[name].allowed ?? 'a value')
  }
}
