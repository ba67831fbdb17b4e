import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Core } from '../../ingest/core.ts'
import type { NativeRowsOptions } from '../../ingest/sources/native-rows.ts'
import { createFolderWatcher, type FinishedFile, type FolderWatcher } from '../../ingest/sources/watch-folder.ts'
import { readSourceFiles } from '../../store/source-records.ts'
import type { Sources } from './open-sources.ts'
import { readUserMap, userMapVersion } from './read-user-map.ts'

export interface RunSourcesParts {
  readonly config: Pick<Config, 'sources'>
  readonly sources: Sources
  readonly core: Pick<Core, 'db' | 'pipeline'>
  readonly rowOptions: () => NativeRowsOptions
  readonly logger: Logger
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  readonly later: (ms: number, callback: () => void) => void
  readonly onFile: (source: string, end: FinishedFile) => void
}

const POLL_SECONDS = 5
const SETTLE_SECONDS = 10
const USER_MAP_LOOK_MS = 30_000

/** Watches the folders and the user maps of the sources until it is disposed of. */
export async function runSources(parts: RunSourcesParts): Promise<AsyncDisposable> {
  const { config, sources, core, logger, later } = parts
  const watchers: FolderWatcher[] = []
  for (const [name, { folder, user_map }] of Object.entries(config.sources)) {
    const source = sources.byName.get(name)
    if (source === undefined) continue
    if (user_map !== undefined) {
      let version = userMapVersion(user_map)
      const look = () => {
        const found = userMapVersion(user_map)
        if (found !== null && found !== version) {
          version = found
          const read = readUserMap(user_map)
          if (read.ok) source.users = read.map
          else
            logger.warn({ source: name, reason: read.reason }, 'The changed user map cannot be used; the former holds')
        }
        later(USER_MAP_LOOK_MS, look)
      }
      later(USER_MAP_LOOK_MS, look)
    }
    if (folder === undefined) continue
    const watcher = createFolderWatcher(
      source,
      {
        path: folder.path,
        pollMs: (folder.poll_seconds ?? POLL_SECONDS) * 1000,
        settleMs: (folder.settle_seconds ?? SETTLE_SECONDS) * 1000,
      },
      await readSourceFiles(core.db, name),
      {
        takeRows: core.pipeline.takeRows,
        rowOptions: parts.rowOptions,
        now: parts.now,
        after: parts.after,
        logger,
        onFile: (end) => parts.onFile(name, end),
      },
    )
    watcher.start()
    watchers.push(watcher)
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const watcher of watchers) await watcher[Symbol.asyncDispose]()
    },
  }
}
