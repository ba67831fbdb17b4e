import { Compile } from 'typebox/compile'
import { ACTOR_TYPES, EVENT_LIMITS } from '../../model/event.ts'
import { EARLIEST_TIME } from '../../model/event-time.ts'
import { STAFF_STATUSES, StaffRecord } from '../../model/staff.ts'
import { parseRfc3339 } from '../rfc3339.ts'
import { createMisspeltFields } from './misspelt-fields.ts'

/** What a row that names no tenant or no time of its own gets. */
export interface StaffDefaults {
  readonly org: string
  /** Epoch ms. */
  readonly now: number
  /** Newest `recorded_at` that a row may give, epoch ms; without it the past is read, which has its own clock. */
  readonly latestTime?: number
}

export type ParsedStaffRecord =
  | { readonly ok: true; readonly record: StaffRecord }
  | { readonly ok: false; readonly reason: string }

/** The fields of a staff row, which are also the columns of a staff CSV. */
export const STAFF_FIELDS: readonly string[] = Object.keys(StaffRecord.properties)
/** The columns of Microsoft Purview's HR connector for resignations. */
export const PURVIEW_FIELDS: readonly string[] = ['EmailAddress', 'ResignationDate', 'LastWorkingDate']

const misspeltFields = createMisspeltFields(STAFF_FIELDS)
const misspeltPurviewFields = createMisspeltFields(PURVIEW_FIELDS)
const record = Compile(StaffRecord)
/** The last millisecond of the year 9999, beyond which RFC 3339 has no words. */
const MAX_TIME = 253_402_300_799_999
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:?\d{2})?)?$/

/**
 * One staff row as a record: either our own field names or Purview's. Empty text counts as absent, times may be
 * RFC 3339 or epoch milliseconds, days YYYY-MM-DD or a date-time, of which the day as written is kept. A reason names
 * fields and what is allowed in them, never the row's values. Other fields are ignored, for HR exports carry many, unless
 * one is a misspelt field of ours.
 */
export function parseStaffRecord(value: unknown, defaults: StaffDefaults): ParsedStaffRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('a staff record must be a JSON object')
  }
  const given = new Map(
    Object.entries(value).filter(([, field]) => field !== null && field !== '' && field !== undefined),
  )
  const purview = [...given.keys()].some((name) => PURVIEW_FIELDS.includes(name))
  const misspelt = purview ? misspeltPurviewFields(given) : misspeltFields(given)
  if (misspelt.length > 0) {
    return refuse(misspelt.map((name) => `${name} is misspelt; its name must be written exactly so`).join('; '))
  }
  return purview ? fromPurview(given, defaults) : fromOwn(given, defaults)
}

function fromPurview(given: ReadonlyMap<string, unknown>, defaults: StaffDefaults): ParsedStaffRecord {
  if (!given.has('EmailAddress')) return refuse('EmailAddress is missing')
  if (!given.has('ResignationDate') && !given.has('LastWorkingDate')) {
    return refuse('ResignationDate and LastWorkingDate are both missing')
  }
  const faults: string[] = []
  const email = given.get('EmailAddress')
  const fields = new Map<string, unknown>([
    ['actor_uid', email],
    ['email', email],
    ['status', 'notice'],
  ])
  const days = { notice_on: 'ResignationDate', last_working_day: 'LastWorkingDate' }
  for (const [field, column] of Object.entries(days)) fields.set(field, dayOf(given.get(column), column, faults))
  return faults.length > 0 ? refuse(faults.join('; ')) : fromOwn(fields, defaults)
}

function fromOwn(given: ReadonlyMap<string, unknown>, defaults: StaffDefaults): ParsedStaffRecord {
  const faults: string[] = []
  const field = (name: keyof StaffRecord) => given.get(name) ?? null
  for (const name of ['actor_uid', 'status']) if (!given.has(name)) faults.push(`${name} is missing`)
  const candidate = {
    actor_uid: field('actor_uid'),
    org_uid: field('org_uid') ?? defaults.org,
    name: field('name'),
    email: field('email'),
    role: field('role'),
    team: field('team'),
    manager_uid: field('manager_uid'),
    actor_type: field('actor_type') ?? 'user',
    status: field('status'),
    hired_on: dayOf(field('hired_on'), 'hired_on', faults),
    notice_on: dayOf(field('notice_on'), 'notice_on', faults),
    last_working_day: dayOf(field('last_working_day'), 'last_working_day', faults),
    portfolio_size: field('portfolio_size'),
    recorded_at: given.has('recorded_at') ? timeOf(given.get('recorded_at'), defaults, faults) : defaults.now,
  }
  if (faults.length === 0 && record.Check(candidate)) return { ok: true, record: candidate }
  if (faults.length === 0) {
    const paths = new Set(record.Errors(candidate).map((error) => error.instancePath.split('/')[1]))
    for (const name of STAFF_FIELDS) if (paths.has(name)) faults.push(`${name} must be ${ALLOWED[name] ?? 'text'}`)
  }
  return refuse(faults.join('; '))
}

const UID = `text of 1 to ${EVENT_LIMITS.uidLength} characters`
const ALLOWED: Readonly<Record<string, string>> = {
  actor_uid: UID,
  org_uid: UID,
  actor_type: `one of ${ACTOR_TYPES.join(', ')}`,
  status: `one of ${STAFF_STATUSES.join(', ')}`,
  portfolio_size: 'a whole number from 0',
  ...Object.fromEntries(
    ['name', 'email', 'role', 'team', 'manager_uid'].map((name) => [
      name,
      `text of at most ${EVENT_LIMITS.textLength} characters`,
    ]),
  ),
}

function dayOf(value: unknown, name: string, faults: string[]): string | null {
  if (value === null || value === undefined) return null
  const match = typeof value === 'string' ? DAY.exec(value) : null
  if (match !== null) {
    const day = `${match[1]}-${match[2]}-${match[3]}`
    const instant = new Date(`${day}T00:00:00Z`)
    // A day that is not in the calendar, such as 30 February, does not come back as it was written.
    if (!Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day)) return day
  }
  faults.push(`${name} must be a calendar day, YYYY-MM-DD or an RFC 3339 date-time`)
  return null
}

function timeOf(value: unknown, { latestTime = MAX_TIME }: StaffDefaults, faults: string[]): number | null {
  const ms =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{1,15}$/.test(value)
        ? Number(value)
        : typeof value === 'string'
          ? parseRfc3339(value)
          : Number.NaN
  const isTime = Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_TIME
  if (isTime && ms >= EARLIEST_TIME && ms <= latestTime) return ms
  if (!isTime) faults.push('recorded_at must be an RFC 3339 date-time with its zone, or epoch milliseconds')
  else if (ms < EARLIEST_TIME) faults.push('recorded_at lies before the year 2000; epoch times must be in milliseconds')
  else
    faults.push(
      'recorded_at lies further in the future than ingest.max_future_ms allows; a day to come belongs in notice_on or last_working_day',
    )
  return null
}

const refuse = (reason: string): ParsedStaffRecord => ({ ok: false, reason })
