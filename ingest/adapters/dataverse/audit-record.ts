import type { NativeRow } from '../adapter.ts'
import { cleanText } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
import { asFields, renameFields } from '../native-fields.ts'
import { portalTime, ZONE_IN_NAME } from '../portal-time.ts'

/**
 * One name for a field however it is written: `CreationTime`, `creation_time`, `EntityName_s` of custom Log Analytics
 * tables, `TimeGenerated [UTC]` of the portal's CSV files, `o365.audit.Operation` of flattened documents.
 */
export const auditKey = (native: string): string =>
  native
    .slice(0, 256)
    .replace(ZONE_IN_NAME, '')
    .replace(/^.*\.(?=\w)/, '')
    .replace(/_[sdtgb]$/, '')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase()

/** Fields that hold the record when a collector has put it into an envelope of its own. */
const ENVELOPES = [
  ...['auditdata', 'raweventdata', 'o365', 'audit', 'office365', 'raw', 'original', 'message', 'source', 'event'],
  ...['result', 'body', 'properties', 'data', 'record', 'json', 'payload', 'fields'],
]
const DEEPEST = 4

/**
 * The audit record itself: of nested envelopes the innermost that holds one, with the envelope's fields where the
 * record has none of that name.
 */
export function auditRecordOf(row: NativeRow, depth = 0): NativeRow {
  if (depth === DEEPEST) return row
  const isBare = row.instanceurl !== undefined || row.entityname !== undefined || row.creationtime !== undefined
  for (const name of isBare ? ['auditdata', 'raweventdata'] : ENVELOPES) {
    const inner = asFields(row[name])
    if (inner === null) continue
    const record = auditRecordOf(renameFields(inner, auditKey), depth + 1)
    if (!isRecord(record)) continue
    const { [name]: _envelope, ...around } = row
    return { ...around, ...record }
  }
  return row
}

const isRecord = (row: NativeRow): boolean =>
  (row.operation !== undefined || row.message !== undefined) &&
  (row.creationtime ?? row.timegenerated ?? row.recordtype ?? row.workload ?? row.entityname) !== undefined

/** UTC throughout. Microsoft's CSV files write the month first: `11/23/2026, 10:15:30.123 AM`. */
export function auditTime(row: NativeRow): number {
  for (const value of [row.creationtime, row.timegenerated, row.creationdate, row.timestamp]) {
    const time = oneTime(value)
    if (!Number.isNaN(time)) return time
  }
  return Number.NaN
}

function oneTime(value: unknown): number {
  const time = portalTime(value)
  return Number.isNaN(time) ? cleanTime(value) : time
}

/** Names of the workload and record types under which Dataverse writes; Management API, Sentinel and PowerShell. */
const WORKLOAD = /^(crm|dynamics ?(365|crm).*|dataverse|common ?data ?service)$/i

/** Null for a record of Dataverse; else the other service's name, since one subscription brings several. */
export function otherService(row: NativeRow): string | null {
  const type = cleanText(row.recordtype)
  if (type !== null) return type === '21' || /^(crm|dynamics365.*)$/i.test(type) ? null : otherName(row, type)
  const workload = cleanText(row.workload) ?? cleanText(row.officeworkload)
  return workload === null || WORKLOAD.test(workload) ? null : otherName(row, workload)
}

const otherName = (row: NativeRow, type: string): string =>
  cleanText(row.workload) ?? cleanText(row.officeworkload) ?? `RecordType ${type}`
