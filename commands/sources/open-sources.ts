import type { Config } from '../../config.ts'
import { bindSource, type Source } from '../../ingest/sources/source.ts'
import { readUserList } from '../../ingest/sources/user-map.ts'
import type { Database } from '../../store/database.ts'
import { readSourceUsers } from '../../store/source-records.ts'
import { readUserMap, USER_MAP_WANTED } from './read-user-map.ts'

/** The configured sources, ready to read. */
export interface Sources {
  readonly byName: ReadonlyMap<string, Source>
  /** By the topic that their rows come by. */
  readonly streams: ReadonlyMap<string, Source>
}

/** Brings in the users that were handed in over HTTP. Throws for what this version would not have taken. */
export async function loadSourceUsers({ byName }: Sources, db: Database): Promise<void> {
  for (const source of byName.values()) {
    const users = await readSourceUsers(db, source.name)
    if (users.length === 0) continue
    const read = readUserList(users)
    if (!read.ok) throw new Error(`the users of the source ${source.name} in the store: ${read.reason}`)
    source.users.fromApi = read.map
  }
}

/** Throws when an adapter cannot be bound or a user map not be read: faults of the configuration, found at start. */
export function openSources({ sources }: Pick<Config, 'sources'>): Sources {
  const byName = new Map<string, Source>()
  const streams = new Map<string, Source>()
  for (const [name, setting] of Object.entries(sources)) {
    const source = bindSource(name, setting)
    if (setting.user_map !== undefined) {
      const read = readUserMap(setting.user_map)
      if (!read.ok) {
        throw new Error(`sources.${name}.user_map: ${setting.user_map}: ${read.reason}; give ${USER_MAP_WANTED}`)
      }
      source.users.fromFile = read.map
    }
    byName.set(name, source)
    for (const topic of setting.kafka?.topics ?? []) streams.set(topic, source)
  }
  return { byName, streams }
}
