import type { PullSetting } from '../../config.ts'
import { createPuller, type Puller, type PullerParts } from '../../ingest/sources/pull/puller.ts'
import { createRecentRecords } from '../../ingest/sources/pull/recent-records.ts'
import type { Source } from '../../ingest/sources/source.ts'
import type { Database } from '../../store/database.ts'
import { readSourceCursor } from '../../store/source-records.ts'
import { type ConnectorParts, createConnector } from './create-connector.ts'

export type OpenPullerParts = Omit<ConnectorParts, 'ended'> &
  Omit<PullerParts, 'recent'> & { readonly db: Database; readonly firstRetryMs: number }

const MINUTE_MS = 60_000
const EVERY_MINUTES = 15
const LONGEST_RETRY_MS = 3_600_000
/** More than any overlap brings, in most installations. */
const RECENT_RECORDS = 50_000

/** What pulls a source from where the store says that it was left off. */
export async function openPuller(source: Source, setting: PullSetting, parts: OpenPullerParts): Promise<Puller> {
  const end = new AbortController()
  const stored = await readSourceCursor(parts.db, source.name)
  const connector = createConnector(setting, { ...parts, ended: end.signal })
  const options = {
    everyMs: (setting.every_minutes ?? EVERY_MINUTES) * MINUTE_MS,
    firstRetryMs: parts.firstRetryMs,
    longestRetryMs: LONGEST_RETRY_MS,
  }
  const recent = createRecentRecords(RECENT_RECORDS)
  const from = stored === null ? null : { cursor: JSON.parse(stored.cursor), at: stored.updated_at }
  return createPuller(source, connector, from, options, () => end.abort(), { ...parts, recent })
}
