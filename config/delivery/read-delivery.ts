import { parse } from 'yaml'
import type { Fault, Origin } from '../fault.ts'
import type { OpenSection } from '../open-section.ts'
import type { ChannelSetting } from './channel-schema.ts'
import { readChannels } from './read-channels.ts'
import type { FieldReader } from './read-fields.ts'
import { readRoutes } from './read-routes.ts'
import type { RouteSetting } from './route-schema.ts'

export interface DeliverySettings {
  readonly channels: Readonly<Record<string, ChannelSetting>>
  readonly routes: readonly RouteSetting[]
  /** Where a key such as `channels.soc.url` stands; null for keys elsewhere. */
  readonly originOf: (path: string) => Origin | null
  readonly faults: readonly Fault[]
}

export interface DeliverySources {
  /** From the file. */
  readonly sections: { readonly channels: OpenSection | null; readonly routes: OpenSection | null }
  /** `CRMWATCH_CHANNELS` and `CRMWATCH_ROUTES`, which take the place of the file's sections. */
  readonly variables: { readonly channels: string | null; readonly routes: string | null }
  readonly readSecretFile: (path: string) => string | null
}

export function readDelivery(sources: DeliverySources): DeliverySettings {
  const faults: Fault[] = []
  const readerOf = (root: 'channels' | 'routes'): FieldReader => {
    const variable = sources.variables[root]
    const section = variable === null ? (sources.sections[root] ?? EMPTY) : fromVariable(root, variable)
    return {
      section,
      root,
      fault: (path, found, allowed) =>
        faults.push({ path: path === '' ? root : `${root}.${path}`, origin: section.originOf(path), found, allowed }),
      readSecretFile: sources.readSecretFile,
    }
  }
  const forChannels = readerOf('channels')
  const channels = readChannels(forChannels.section.raw, forChannels)
  const forRoutes = readerOf('routes')
  // A channel with a fault of its own is still one that a route may name.
  const names = Object.keys((forChannels.section.raw ?? {}) as object)
  const routes = readRoutes(forRoutes.section.raw, names, forRoutes)
  const originOf = (path: string): Origin | null => {
    const [root, ...below] = path.split('.')
    const reader = [forChannels, forRoutes].find((one) => one.root === root)
    return reader?.section.originOf(below.join('.')) ?? null
  }
  return { channels, routes, originOf, faults }
}

const EMPTY: OpenSection = {
  raw: null,
  originOf: () => ({ kind: 'default' }),
  keyOriginOf: () => ({ kind: 'default' }),
  isWrittenOut: () => false,
  templateOf: () => null,
}

/** YAML, of which JSON is a part. What comes by a variable may hold secrets as they are. */
function fromVariable(root: 'channels' | 'routes', text: string): OpenSection {
  const origin: Origin = { kind: 'environment', name: `CRMWATCH_${root.toUpperCase()}` }
  return {
    raw: parseOrText(text),
    originOf: () => origin,
    keyOriginOf: () => origin,
    isWrittenOut: () => false,
    templateOf: () => null,
  }
}

function parseOrText(text: string): unknown {
  try {
    // Warnings would quote the text on standard error.
    return parse(text, { logLevel: 'error' })
  } catch {
    return 'something that is not YAML'
  }
}
