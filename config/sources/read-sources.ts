import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { isRecord, readFields } from '../delivery/read-fields.ts'
import { type Fault, type Origin, showValue } from '../fault.ts'
import { nearest } from '../nearest.ts'
import type { OpenSection } from '../open-section.ts'
import { asTyped } from '../typed-text.ts'
import { PULL_SCHEMAS, PULLED_ADAPTERS, type PullSetting } from './pull-setting.ts'
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
  /** Where a key such as `sources.a.kafka` stands; null for keys elsewhere. */
  readonly originOf: (path: string) => Origin | null
}

/** Reads what stands below `sources` in the file; environment variables have no words for it. */
export function readSourceSettings(
  section: OpenSection | null,
  checkSources: CheckSources,
  readSecretFile: (path: string) => string | null,
): SourceSettings {
  const faults: Fault[] = []
  const settings = new Map<string, SourceSetting>()
  const originOf = (path: string): Origin | null => {
    if (section === null || (path !== ROOT && !path.startsWith(`${ROOT}.`))) return null
    return section.originOf(path.slice(ROOT.length + 1))
  }
  const add = (path: string, found: string, allowed: string) => {
    const full = path === '' ? ROOT : `${ROOT}.${path}`
    faults.push({ path: full, origin: originOf(full) ?? { kind: 'default' }, found, allowed })
  }
  const given = section?.raw ?? {}
  if (!isRecord(given) || section === null) {
    if (section !== null) add('', showValue(given), 'a section with one section per source')
    return { settings: {}, faults, originOf }
  }
  for (const [name, spelt] of Object.entries(given)) {
    const raw = typedBelow(spelt, SourceSection, name, section)
    const before = faults.length
    const fault = (below: string, found: string, allowed: string) => {
      const path = below === '' ? name : `${name}.${below}`
      // What a variable holds may be a secret that was put into the wrong place.
      add(path, section.templateOf(path) ?? found, allowed)
    }
    if (!SOURCE_NAME.test(name)) {
      fault('', 'a name of another form', 'a name of 1 to 63 small letters, digits and `-` that begins with a letter')
    } else if (RESERVED_SOURCE_NAMES.includes(name)) {
      fault('', 'a reserved name', `a name other than ${RESERVED_SOURCE_NAMES.join(', ')}`)
    }
    checkSection(raw, SourceSection, '', fault)
    if (faults.length > before || !Check(SourceSection, raw)) continue
    const ways = WAYS_IN.filter((way) => raw[way] !== undefined && raw[way] !== false)
    if (ways.length > 1) fault('', ways.join(' and '), `one way in: ${WAYS_IN.join(', ')}`)
    const { pull: givenPull, ...others } = raw
    const pull = givenPull === undefined ? undefined : readPull(raw.adapter, givenPull, `${name}.pull`)
    if (pull !== null) settings.set(name, pull === undefined ? others : { ...others, pull })
  }
  const count = Object.keys(given).length
  if (count > MAX_SOURCES) add('', `${count} sources`, `at most ${MAX_SOURCES}`)
  const result = Object.fromEntries(settings)
  for (const { name, path, found, allowed } of faults.length === 0 ? checkSources(result) : []) {
    add(path === '' ? name : `${name}.${path}`, found, allowed)
  }
  return { settings: result, faults, originOf }

  function readPull(adapter: string, raw: unknown, path: string): PullSetting | null {
    const known = PULLED_ADAPTERS.find((one) => one === adapter)
    if (section === null || known === undefined) {
      add(path, `an adapter without a connector (${showValue(adapter)})`, `the adapters ${PULLED_ADAPTERS.join(', ')}`)
      return null
    }
    const checked = readFields(PULL_SCHEMAS[known], raw, path, { section, root: ROOT, fault: add, readSecretFile })
    // The fields were checked against the schema that belongs to the adapter.
    return checked === null ? null : ({ adapter: known, ...checked } as PullSetting)
  }
}

const ROOT = 'sources'

type Section = TSchema & {
  readonly properties: Readonly<Record<string, TSchema & { allowed?: string; properties?: object }>>
  readonly required?: readonly string[]
}

/** The same with the texts that a `${NAME}` was replaced in as the numbers and truth values that belong there. */
function typedBelow(raw: unknown, schema: Section, path: string, section: OpenSection): unknown {
  if (!isRecord(raw)) return raw
  const typed = (name: string, value: unknown): unknown => {
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
    const here = `${path}.${name}`
    if (field === undefined) return value
    if (field.properties !== undefined) return typedBelow(value, field as Section, here, section)
    return section.templateOf(here) === null ? value : asTyped(field, value)
  }
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, typed(name, value)]))
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
