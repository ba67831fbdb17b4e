import { readFileSync } from 'node:fs'
import { readStaffRecords, type StaffRows } from '../ingest/staff/read-staff.ts'

/**
 * The rows of a staff file, CSV by its name or else JSON lines. Those without a time of their own were recorded at
 * `undatedAt`, and none later than `latestTime`, epoch ms. Throws the file system's errors.
 */
export function readStaffRows(file: string, org: string, undatedAt: number, latestTime?: number): StaffRows {
  const format = file.endsWith('.csv') ? 'csv' : 'ndjson'
  return readStaffRecords(format, readFileSync(file), { org, now: undatedAt, latestTime }, Number.MAX_SAFE_INTEGER)
}
