import { isAbsolute, join } from 'node:path'
import type { Note } from './config/conflict.ts'
import { findConflicts, findNotes } from './config/cross-checks.ts'
import { loadCustomRules } from './config/custom-rules/load-custom-rules.ts'
import { readDelivery } from './config/delivery/read-delivery.ts'
import { type CheckDetectors, readDetectorSettings } from './config/detector-settings.ts'
import type { Fault, Origin } from './config/fault.ts'
import { configKeys } from './config/keys.ts'
import { parseValue } from './config/parse-value.ts'
import { readEnvironment, readSecret } from './config/read-environment.ts'
import { readYaml, type YamlSettings } from './config/read-yaml.ts'
import type { Config } from './config/schema.ts'
import { findSourceConflicts } from './config/sources/find-source-conflicts.ts'
import { type CheckSources, readSourceSettings } from './config/sources/read-sources.ts'
import { errorCode } from './model/error-code.ts'
import { fileFault } from './model/file-fault.ts'

export type { ChannelSetting } from './config/delivery/channel-schema.ts'
export type { RouteSetting } from './config/delivery/route-schema.ts'
export type { CheckDetectors } from './config/detector-settings.ts'
export type { Fault } from './config/fault.ts'
export { formatFault } from './config/fault.ts'
export { describeConfig } from './config/reference-page.ts'
export type { Config, DetectorSetting } from './config/schema.ts'
export type { PullSetting } from './config/sources/pull-setting.ts'
export { type SourceSetting, type WayIn, wayInOf } from './config/sources/source-setting.ts'

export const DEFAULT_CONFIG_FILE = 'crmwatch.yaml'

export interface ConfigSources {
  /** The file asked for; null means `crmwatch.yaml` in `cwd`, if there is one. */
  readonly file: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** What relative paths of files to read start from. */
  readonly cwd: string
  /** Throws when the file cannot be read; an `ENOENT` code tells a missing one. */
  readonly readFile: (path: string) => string
  /** The detector registry's check of `detectors`; without it any id and parameter is taken. */
  readonly checkDetectors?: CheckDetectors
  /** The adapters' check of `sources`; without it any adapter and option is taken. */
  readonly checkSources?: CheckSources
  /** Paths of the files that a pattern names, from `cwd` on. Without it there are none. */
  readonly glob?: (pattern: string) => readonly string[]
}

export type ConfigResult =
  | {
      readonly ok: true
      readonly config: Config
      readonly notes: readonly Note[]
      readonly file: string | null
      /** Where a setting comes from, by its path. */
      readonly originOf: (path: string) => Origin
    }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Defaults, overridden by the YAML file, overridden by the environment; all faults at once. */
export function loadConfig(sources: ConfigSources): ConfigResult {
  const keys = configKeys()
  const faults: Fault[] = []
  const file = readConfigFile(sources, faults)
  const yaml: YamlSettings = file === null ? EMPTY_FILE : readYaml(file.text, file.name, keys, sources.env)
  const environment = readEnvironment(sources.env, keys, sources.readFile, sources.cwd)
  faults.push(...yaml.faults, ...environment.faults)

  const origins = new Map<string, Origin>()
  const tree: Record<string, unknown> = {}
  for (const key of keys) {
    const variable = environment.values.get(key.path)
    const entry = yaml.values.get(key.path)
    const origin: Origin =
      variable !== undefined ? { kind: 'environment', name: variable.name } : (entry?.origin ?? { kind: 'default' })
    origins.set(key.path, origin)
    let value = structuredClone(key.default)
    if (variable !== undefined || entry !== undefined) {
      const raw = variable !== undefined ? variable.text : entry?.raw
      const template = variable !== undefined ? null : (entry?.template ?? null)
      const parsed = parseValue(key, raw, variable !== undefined || template !== null)
      if (parsed.ok) value = parsed.value
      // What a variable expands to may be a secret put in the wrong place: the file's own words are shown instead.
      else faults.push({ path: key.path, origin, found: template ?? parsed.found, allowed: parsed.allowed })
    }
    place(tree, key.path, value)
  }
  const readSecretFile = (path: string) =>
    readSecret(isAbsolute(path) ? path : join(sources.cwd, path), sources.readFile)
  // A field whose variable is not set is reported once.
  const once = (found: readonly Fault[]) => {
    const known = new Set(faults.map(({ path }) => path))
    return found.filter(({ path }) => !known.has(path))
  }
  const detectors = readDetectorSettings(
    yaml.open.get('detectors') ?? null,
    environment.detectors,
    sources.checkDetectors ?? (() => []),
  )
  faults.push(...once(detectors.faults))
  tree.detectors = detectors.settings
  const named = readSourceSettings(yaml.open.get('sources') ?? null, sources.checkSources ?? (() => []), readSecretFile)
  faults.push(...once(named.faults))
  tree.sources = named.settings
  const delivery = readDelivery({
    sections: { channels: yaml.open.get('channels') ?? null, routes: yaml.open.get('routes') ?? null },
    variables: environment.open,
    readSecretFile,
  })
  faults.push(...once(delivery.faults))
  tree.channels = delivery.channels
  tree.routes = delivery.routes

  const rules = loadCustomRules({
    patterns: isTextList(tree.custom_rules) ? tree.custom_rules : [],
    glob: sources.glob ?? (() => []),
    readFile: (path) => sources.readFile(isAbsolute(path) ? path : join(sources.cwd, path)),
  })
  if (!rules.ok) {
    const origin = origins.get('custom_rules') ?? { kind: 'default' }
    faults.push(...rules.faults.map((fault) => (fault.origin.kind === 'default' ? { ...fault, origin } : fault)))
  }
  tree.customRules = rules.ok ? rules.rules : []

  // Every key was checked against its own schema above or has its default, so the tree has the schema's shape.
  const config = deepFreeze(tree) as Config
  const originOf = (path: string): Origin =>
    origins.get(path) ?? delivery.originOf(path) ?? named.originOf(path) ?? { kind: 'default' }
  const reported = new Set(faults.map((fault) => fault.path))
  for (const { path, found, allowed } of [...findConflicts(config), ...findSourceConflicts(config)]) {
    if (reported.has(path)) continue
    faults.push({ path, origin: originOf(path), found, allowed })
  }
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, config, notes: findNotes(config), file: file?.name ?? null, originOf }
}

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

const EMPTY_FILE: YamlSettings = {
  values: new Map(),
  open: new Map(),
  faults: [],
}

function readConfigFile(sources: ConfigSources, faults: Fault[]): { name: string; text: string } | null {
  const name = sources.file ?? DEFAULT_CONFIG_FILE
  const path = isAbsolute(name) ? name : join(sources.cwd, name)
  try {
    return { name, text: sources.readFile(path) }
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT'
    if (sources.file === null && isMissing) return null
    const found = isMissing ? 'no such file' : `a file that cannot be read: ${fileFault(error)}`
    faults.push({ path: '', origin: { kind: 'file', file: name, line: 1, column: 1 }, found, allowed: 'a YAML file' })
    return null
  }
}

function place(tree: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.')
  let node = tree
  for (const name of names.slice(0, -1)) {
    node[name] ??= {}
    node = node[name] as Record<string, unknown>
  }
  node[names[names.length - 1]] = value
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
