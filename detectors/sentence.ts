import type { Measure, Window } from '../model/measure.ts'
import type { StaffRecord } from '../model/staff.ts'
import type { Activity } from './detector.ts'

const DONE: Readonly<Record<Measure, (count: number) => string>> = {
  contacts_viewed: (n) => `opened ${number(n)} ${plural(n, 'contact', 'different contacts')}`,
  contacts_copied: (n) => `copied the details of ${number(n)} ${plural(n, 'contact', 'different contacts')}`,
  records_taken: (n) => `took out ${number(n)} ${plural(n, 'record', 'records')}`,
  records_listed: (n) => `listed ${number(n)} ${plural(n, 'record', 'records')}`,
  unsized_exports: (n) => `made ${number(n)} ${plural(n, 'export', 'exports')} whose size the CRM does not report`,
}

const SPAN: Readonly<Record<Window, string>> = {
  '10m': 'in 10 minutes',
  '1h': 'in an hour',
  '1d': 'in a day',
  '7d': 'in 7 days',
  '28d': 'in 28 days',
}

/** "copied the details of 143 different contacts in 20 minutes; usual for this person is 6, for reception 9; in notice since 3 March" */
export function countSentence(activity: Activity, measure: Measure, window: Window): string {
  const { expected, expectedPeers, days } = activity.baseline(measure, window)
  const spanMs = activity.event.time - activity.since(measure, window)
  const usual = days > 0 ? `usual for this person is ${number(expected)}, for ` : 'no own history yet; usual for '
  return [
    `${DONE[measure](activity.count(measure, window))} ${inSpan(spanMs, window)}`,
    `${usual}${roleName(activity)} ${number(expectedPeers)}`,
    ...staffClause(activity),
  ].join('; ')
}

/** "opened more different contacts than usual day after day: 31 today, where 12 is usual for this person; 249 in 28 days" */
export function cusumSentence(activity: Activity, measure: Measure): string {
  const { expected } = activity.baseline(measure, '1d')
  return [
    `${KEPT_ON[measure]} than usual day after day: ${number(activity.count(measure, '1d'))} in the last day, where ${number(expected)} is usual for this person`,
    `${number(activity.count(measure, '28d'))} in 28 days`,
    ...staffClause(activity),
  ].join('; ')
}

const KEPT_ON: Readonly<Record<Measure, string>> = {
  contacts_viewed: 'opened more different contacts',
  contacts_copied: 'copied the details of more contacts',
  records_taken: 'took out more records',
  records_listed: 'listed more records',
  unsized_exports: 'made more exports of unknown size',
}

/** How the person stands: "in notice since 3 March", "last working day was 3 March", or nothing. */
export function staffClause(activity: Activity): string[] {
  const { staff, leaver, lookBack } = activity.actor
  if (staff === null || leaver === 'none') return lookBack ? ['found on look-back'] : []
  if (leaver === 'left')
    return [staff.last_working_day === null ? 'has left' : `last working day was ${day(staff.last_working_day)}`]
  const clause = noticeClause(staff)
  return lookBack ? [clause, 'found on look-back'] : [clause]
}

function noticeClause(staff: StaffRecord): string {
  const since = staff.notice_on === null ? 'in notice' : `in notice since ${day(staff.notice_on)}`
  return staff.last_working_day === null ? since : `${since}, last working day ${day(staff.last_working_day)}`
}

const roleName = (activity: Activity): string => activity.actor.role ?? 'peers'

/** The time the count really took, when that is shorter than the window. */
function inSpan(spanMs: number, window: Window): string {
  const minutes = Math.max(1, Math.round(spanMs / 60_000))
  if (window === '10m' || window === '1h')
    return minutes >= 60 ? SPAN['1h'] : `in ${minutes} ${plural(minutes, 'minute', 'minutes')}`
  if (window === '1d' && minutes < 120) return `in ${minutes} ${plural(minutes, 'minute', 'minutes')}`
  if (window === '1d' && minutes < 1380) return `in ${Math.round(minutes / 60)} hours`
  return SPAN[window]
}

const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many)

/** Whole numbers with thousands separated; small expectations with one digit. */
export function number(value: number): string {
  if (value > 0 && value < 0.95) return 'less than 1'
  return Math.round(value).toLocaleString('en-US')
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `2026-03-03` as "3 March". */
export function day(date: string): string {
  const [, month, dayOfMonth] = date.split('-').map(Number)
  return `${dayOfMonth} ${MONTHS[month - 1]}`
}
