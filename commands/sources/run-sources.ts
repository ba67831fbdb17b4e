import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Core } from '../../ingest/core.ts'
import type { NativeRowsOptions } from '../../ingest/sources/native-rows.ts'
import type { PullFailureCode } from '../../ingest/sources/pull/pull-failure.ts'
import type { Puller, PullHealth } from '../../ingest/sources/pull/puller.ts'
import {
  createFolderWatcher,
  type FinishedFile,
  type FolderFailure,
  type FolderWatcher,
} from '../../ingest/sources/watch-folder.ts'
import type { LookUp } from '../../net/resolve-host.ts'
import { readSourceFiles } from '../../store/source-records.ts'
import { openPuller } from './open-puller.ts'
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
  readonly onPull: (source: string, outcome: 'ok' | PullFailureCode) => void
  readonly lookUp: LookUp
  /** From 0 up to 1. */
  readonly random: () => number
  readonly version: string
}

export interface RunningSources extends AsyncDisposable {
  /** Null for a source that is not pulled. */
  pullHealth(name: string): PullHealth | null
  /** Null for a source whose folder can be read, and for one without. */
  folderFailure(name: string): FolderFailure | null
}

const POLL_SECONDS = 5
const SETTLE_SECONDS = 10
const USER_MAP_LOOK_MS = 30_000
const API_TIMEOUT_MS = 60_000
const FIRST_RETRY_MS = 30_000

/** Watches the folders and the user maps of the sources and pulls those with an API, until it is disposed of. */
export async function runSources(parts: RunSourcesParts): Promise<RunningSources> {
  const { config, sources, core, logger, later } = parts
  const watchers = new Map<string, FolderWatcher>()
  const pullers = new Map<string, Puller>()
  for (const [name, { folder, user_map, pull }] of Object.entries(config.sources)) {
    const source = sources.byName.get(name)
    if (source === undefined) continue
    if (user_map !== undefined) {
      let version = userMapVersion(user_map)
      const look = () => {
        const found = userMapVersion(user_map)
        if (found !== null && found !== version) {
          version = found
          const read = readUserMap(user_map)
          if (read.ok) source.users.fromFile = read.map
          else
            logger.warn({ source: name, reason: read.reason }, 'The changed user map cannot be used; the former holds')
        }
        later(USER_MAP_LOOK_MS, look)
      }
      later(USER_MAP_LOOK_MS, look)
    }
    if (pull !== undefined) {
      const puller = await openPuller(source, pull, {
        ...parts,
        db: core.db,
        takeRows: core.pipeline.takeRows,
        timeoutMs: API_TIMEOUT_MS,
        firstRetryMs: FIRST_RETRY_MS,
        onPull: (outcome) => parts.onPull(name, outcome),
      })
      puller.start()
      pullers.set(name, puller)
    }
    if (folder === undefined) continue
    const watcher = createFolderWatcher(
      source,
      {
        path: resolve(folder.path),
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
    watchers.set(name, watcher)
  }
  return {
    pullHealth: (name) => pullers.get(name)?.health() ?? null,
    folderFailure: (name) => watchers.get(name)?.failure() ?? null,
    async [Symbol.asyncDispose]() {
      await Promise.all([...pullers.values()].map((puller) => puller[Symbol.asyncDispose]()))
      for (const watcher of watchers.values()) await watcher[Symbol.asyncDispose]()
    },
  }
}
