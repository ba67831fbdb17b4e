import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Core } from '../ingest/core.ts'
import { readStaffRecords } from '../ingest/staff/read-staff.ts'

/** Takes the records of `staff.file`; resolves when they are stored. Throws when the file cannot be read as a whole. */
export async function submitStaffFile(
  file: string,
  pipeline: Core['pipeline'],
  org: string,
  now: number,
  logger: Logger,
): Promise<void> {
  const format = file.endsWith('.csv') ? 'csv' : 'ndjson'
  const rows = readStaffRecords(format, readFileSync(file), { org, now }, Number.MAX_SAFE_INTEGER)
  if (!rows.ok) throw new Error(`staff.file: ${rows.reason}`)
  for (const { line, reason } of rows.rejected) logger.warn({ line, reason }, 'A line of staff.file was refused')
  if (rows.records.length > 0) await pipeline.submitStaff(rows.records.map(({ record }) => record))
}
