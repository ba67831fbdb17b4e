import type { Output } from '../cli/output.ts'
import type { StaffRows } from '../ingest/staff/read-staff.ts'
import { fileFault, unreadable } from '../model/file-fault.ts'
import type { StaffRecord } from '../model/staff.ts'
import { readStaffRows } from './read-staff-rows.ts'

/**
 * Staff records of a file (JSON lines or CSV). One without a time of its own is taken to have been recorded on the day
 * it speaks of: notice, else last working day, else hiring, else from the beginning.
 */
export async function readStaffFile(file: string, org: string, stderr: Output): Promise<StaffRecord[]> {
  const rows = rowsOf(file, org)
  if (!rows.ok) throw new Error(`${file}: ${rows.reason}`)
  if (!rows.isUtf8) stderr.write(`${file}: not valid UTF-8 and read as windows-1252; write it as UTF-8\n`)
  for (const { line, reason } of rows.rejected) stderr.write(`${file}:${line}: ${reason}\n`)
  return rows.records.map(({ record }) =>
    record.recorded_at === UNDATED ? { ...record, recorded_at: dayItSpeaksOf(record) } : record,
  )
}

function rowsOf(file: string, org: string): StaffRows {
  try {
    return readStaffRows(file, org, UNDATED)
  } catch (error) {
    throw new Error(unreadable(file, fileFault(error), 'a file of staff records (JSON lines or CSV)'), { cause: error })
  }
}

/** Marks records without recorded_at; no record is that old. */
const UNDATED = 1

function dayItSpeaksOf(record: StaffRecord): number {
  const day = record.notice_on ?? record.last_working_day ?? record.hired_on
  return day === null ? 0 : Date.parse(`${day}T00:00:00Z`)
}
