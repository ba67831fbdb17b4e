import { isAbsolute, join } from 'node:path'
import type { Fault } from './fault.ts'
import { type ConfigKey, ENV_PREFIX } from './keys.ts'
import { nearest } from './nearest.ts'

export interface EnvironmentSettings {
  /** Text by the path of its key, with the variable it came from. */
  readonly values: ReadonlyMap<string, { readonly text: string; readonly name: string }>
  /** `CRMWATCH_DETECTORS_<ID>_ENABLED` and `_PARAMS`, by detector id. */
  readonly detectors: readonly DetectorVariable[]
  /** `CRMWATCH_CHANNELS` and `CRMWATCH_ROUTES`. */
  readonly open: { readonly channels: string | null; readonly routes: string | null }
  readonly faults: readonly Fault[]
}

export interface DetectorVariable {
  readonly name: string
  readonly id: string
  readonly field: 'enabled' | 'params'
  readonly text: string
}

/** Read by the command line itself, or as a whole section. */
const OTHER_VARIABLES = new Set(['CRMWATCH_TOKEN', 'CRMWATCH_CHANNELS', 'CRMWATCH_ROUTES'])
/** What Kubernetes puts into every container for a Service named crmwatch or crmwatch-something. */
const SERVICE_LINK = /^CRMWATCH_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const DETECTOR = /^CRMWATCH_DETECTORS_([A-Z0-9_]+)_(ENABLED|PARAMS)$/

/** Reads the `CRMWATCH_` variables. An empty variable counts as not set. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  keys: readonly ConfigKey[],
  readFile: (path: string) => string,
  cwd: string,
): EnvironmentSettings {
  const values = new Map<string, { text: string; name: string }>()
  const detectors: DetectorVariable[] = []
  const faults: Fault[] = []
  const byName = new Map(keys.map((key) => [key.env, key]))
  const byFileName = new Map(keys.filter((key) => key.secret).map((key) => [`${key.env}_FILE`, key]))
  const fault = (name: string, path: string, found: string, allowed: string) =>
    faults.push({ path, origin: { kind: 'environment', name }, found, allowed })

  for (const [name, text] of Object.entries(env).sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (!name.startsWith(ENV_PREFIX) || text === undefined || text === '') continue
    const key = byName.get(name)
    const secretKey = byFileName.get(name)
    const detector = DETECTOR.exec(name)
    if (key !== undefined) {
      values.set(key.path, { text, name })
    } else if (secretKey !== undefined) {
      if (env[secretKey.env]) fault(name, secretKey.path, `${secretKey.env} as well`, 'one of the two')
      const content = readSecret(isAbsolute(text) ? text : join(cwd, text), readFile)
      if (content === null) fault(name, secretKey.path, 'no readable file there', 'the path of a file with the secret')
      else if (content === '') fault(name, secretKey.path, 'an empty file', 'the path of a file with the secret')
      else values.set(secretKey.path, { text: content, name })
    } else if (detector !== null) {
      const id = detector[1].toLowerCase().replaceAll('_', '-')
      detectors.push({ name, id, field: detector[2] === 'ENABLED' ? 'enabled' : 'params', text })
    } else if (!OTHER_VARIABLES.has(name) && !SERVICE_LINK.test(name) && !isPortLink(name, text)) {
      const near = nearest(name, [...byName.keys(), ...byFileName.keys()])
      fault(name, '', 'an unknown variable', near === null ? 'see docs/configuration.md' : `did you mean ${near}?`)
    }
  }
  const open = { channels: env.CRMWATCH_CHANNELS || null, routes: env.CRMWATCH_ROUTES || null }
  return { values, detectors, open, faults }
}

const isPortLink = (name: string, text: string): boolean => name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text)

/** The file's text without the line break at its end; null when it cannot be read. */
export function readSecret(path: string, readFile: (path: string) => string): string | null {
  try {
    return readFile(path).replace(/\r?\n$/, '')
  } catch {
    return null
  }
}
