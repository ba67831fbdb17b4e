import { readFileSync } from 'node:fs'
import { readStaffRecords, type StaffRows } from '../ingest/staff/read-staff.ts'

/**
 * The rows of a staff file, CSV by its name or else JSON lines. Those without a time of their own were recorded at
 * `undatedAt`, epoch ms. Throws the file system's errors.
 */
export function readStaffRows(file: string, org: string, undatedAt: number): StaffRows {
  const format = file.endsWith('.csv') ? 'csv' : 'ndjson'
  return readStaffRecords(format, readFileSync(file), { org, now: undatedAt }, Number.MAX_SAFE_INTEGER)
}
