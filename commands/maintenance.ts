import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Core } from '../ingest/core.ts'
import { HOUR_MS } from '../ingest/sources/write-tallies.ts'
import { deleteDoneDeliveries } from '../store/deliveries.ts'
import { deleteOlder } from '../store/maintenance.ts'
import { forgetSourceHours } from '../store/source-records.ts'
import { HOURS_KEPT } from './sources/source-activity.ts'

export interface MaintenanceParts {
  readonly config: Pick<Config, 'data'>
  readonly core: Pick<Core, 'db' | 'pipeline' | 'calendar'>
  readonly logger: Logger
  readonly now: () => number
  readonly later: (ms: number, callback: () => void) => void
  readonly onFatal: (error: Error) => void
}

const DAY_MS = 86_400_000
const MAINTENANCE_MS = 6 * HOUR_MS

/** Deletes what is past its retention, now and every few hours; resolves after the first time. */
export async function startMaintenance(parts: MaintenanceParts): Promise<void> {
  const { config, core, logger, now, later, onFatal } = parts
  const maintain = async (): Promise<void> => {
    const before = now() - config.data.retention_days * DAY_MS
    const oldestHour = Math.floor(now() / HOUR_MS) - HOURS_KEPT
    const deleted = await core.pipeline.between(async () => {
      await forgetSourceHours(core.db.writer, oldestHour)
      await deleteDoneDeliveries(core.db.writer, before)
      return deleteOlder(core.db, before, core.calendar.dayOf(before))
    })
    if (deleted > 0) logger.info({ events: deleted }, 'Events past their retention were deleted')
    later(MAINTENANCE_MS, () => void maintain().catch(onFatal))
  }
  await maintain()
}
