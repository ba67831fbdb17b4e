import { stringify } from 'yaml'
import { configKeys } from './keys.ts'
import type { Config } from './schema.ts'

const MASK = '********'

/** The configuration as YAML, secrets that are set shown as stars. */
export function showConfig(config: Config): string {
  const copy = structuredClone(config) as Record<string, unknown>
  for (const key of configKeys().filter((candidate) => candidate.secret)) {
    const names = key.path.split('.')
    const last = names.pop()
    const holder = names.reduce<unknown>((node, name) => (isRecord(node) ? node[name] : undefined), copy)
    if (last !== undefined && isRecord(holder) && holder[last] !== null) holder[last] = MASK
  }
  return stringify(copy, { lineWidth: 0 })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
