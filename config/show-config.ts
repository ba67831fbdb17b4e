import { stringify } from 'yaml'
import { CHANNEL_SCHEMAS, type ChannelSetting } from './delivery/channel-schema.ts'
import type { Annotated } from './delivery/read-fields.ts'
import { configKeys } from './keys.ts'
import type { Config } from './schema.ts'
import { PULL_SCHEMAS } from './sources/pull-setting.ts'
import type { SourceSetting } from './sources/source-setting.ts'

const MASK = '********'

/** The configuration as YAML, secrets that are set shown as stars. */
export function showConfig(config: Config): string {
  const { customRules: _, ...settings } = config
  const copy = structuredClone(settings) as Record<string, unknown>
  for (const key of configKeys().filter((candidate) => candidate.secret)) {
    const names = key.path.split('.')
    const last = names.pop()
    const holder = names.reduce<unknown>((node, name) => (isRecord(node) ? node[name] : undefined), copy)
    if (last !== undefined && isRecord(holder) && holder[last] !== null) holder[last] = MASK
  }
  copy.channels = Object.fromEntries(Object.entries(config.channels).map(([name, one]) => [name, maskChannel(one)]))
  copy.sources = Object.fromEntries(Object.entries(config.sources).map(([name, one]) => [name, maskSource(one)]))
  return stringify(copy, { lineWidth: 0 })
}

function maskChannel(channel: ChannelSetting): object {
  const fields: Readonly<Record<string, Annotated>> = CHANNEL_SCHEMAS[channel.type].properties
  return Object.fromEntries(
    Object.entries(channel).map(([name, value]) => [name, name in fields ? maskField(fields[name], value) : value]),
  )
}

function maskSource({ pull, ...source }: SourceSetting): object {
  if (pull === undefined) return source
  const { adapter, ...given } = pull
  const fields: Readonly<Record<string, Annotated>> = PULL_SCHEMAS[adapter].properties
  return {
    ...source,
    pull: Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, name in fields ? maskField(fields[name], value) : value]),
    ),
  }
}

/** Of an address only where it leads: paths, queries and users often hold what nobody else is to know. */
function maskField(field: Annotated, value: unknown): unknown {
  if (field.secret !== true && field.address !== true) return value
  if (field.address !== true || typeof value !== 'string') return MASK
  const { protocol, host, pathname, search, username } = new URL(value)
  return `${protocol}//${host}${pathname.length > 1 || search !== '' || username !== '' ? `/${MASK}` : ''}`
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
