import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Core } from '../ingest/core.ts'
import { newsOf } from '../ingest/staff/news-of.ts'
import { fileFault } from '../model/file-fault.ts'
import { allStaffRecords } from '../store/staff-records.ts'
import { readStaffRows } from './read-staff-rows.ts'

/**
 * Takes what is new in `staff.file`; resolves when it is stored. A row without a time of its own was recorded when the
 * file was last changed: what HR said later by other ways stands above it. Times are epoch ms. Throws when the file cannot
 * be read as a whole.
 */
export async function submitStaffFile(
  file: string,
  { db, pipeline }: Pick<Core, 'db' | 'pipeline'>,
  org: string,
  { now, latestTime }: { readonly now: number; readonly latestTime: number },
  logger: Logger,
): Promise<void> {
  const { rows, changedAt } = readDated(file, org, now, latestTime)
  if (!rows.ok) throw new Error(`staff.file: ${rows.reason}`)
  if (!rows.isUtf8) logger.warn('staff.file is not valid UTF-8 and is read as windows-1252; write it as UTF-8')
  for (const { line, reason } of rows.rejected) logger.warn({ line, reason }, 'A line of staff.file was refused')
  const records = rows.records.map(({ record }) => record)
  const news = newsOf(records, await allStaffRecords(db), changedAt)
  if (news.length > 0) await pipeline.submitStaff(news)
}

function readDated(file: string, org: string, now: number, latestTime: number) {
  try {
    const changedAt = Math.min(Math.floor(statSync(file).mtimeMs), now)
    return { rows: readStaffRows(file, org, changedAt, latestTime), changedAt }
  } catch (error) {
    throw new Error(
      `staff.file: ${file} cannot be read: ${fileFault(error)}. Name a file of staff records, or leave the setting (CRMWATCH_STAFF_FILE) out.`,
      { cause: error },
    )
  }
}
