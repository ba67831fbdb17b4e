import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { fileFault } from '../cli/file-fault.ts'
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
  const body = await readFile(file).catch((error: unknown) => {
    throw new Error(
      `staff.file: ${file} cannot be read: ${fileFault(error)}. Name a file of staff records, or leave the setting (CRMWATCH_STAFF_FILE) out.`,
    )
  })
  const rows = readStaffRecords(format, body, { org, now }, Number.MAX_SAFE_INTEGER)
  if (!rows.ok) throw new Error(`staff.file: ${rows.reason}`)
  for (const { line, reason } of rows.rejected) logger.warn({ line, reason }, 'A line of staff.file was refused')
  if (rows.records.length > 0) await pipeline.submitStaff(rows.records.map(({ record }) => record))
}
