import type { Measure, Window } from '../model/measure.ts'
import type { StaffRecord } from '../model/staff.ts'
import type { Activity, ShareBaseline } from './detector.ts'

const DONE: Readonly<Record<Measure, (count: number) => string>> = {
  contacts_viewed: (n) => `opened ${number(n)} ${plural(n, 'contact', 'different contacts')}`,
  contacts_copied: (n) => `copied the details of ${number(n)} ${plural(n, 'contact', 'different contacts')}`,
  records_taken: (n) => `took out ${number(n)} ${plural(n, 'record', 'records')}`,
  records_listed: (n) => `listed ${number(n)} ${plural(n, 'record', 'records')}`,
  unsized_exports: (n) => `made ${number(n)} ${plural(n, 'export', 'exports')} whose size the CRM does not report`,
  contacts_foreign: (n) => `opened ${number(n)} ${plural(n, 'contact', 'different contacts')} of other people`,
  contacts_new: (n) => `opened ${number(n)} ${plural(n, 'contact', 'contacts')} for the first time in four weeks`,
  contacts_off_hours: (n) =>
    `opened ${number(n)} ${plural(n, 'contact', 'different contacts')} outside the usual hours`,
  contacts_in_order: (n) =>
    `opened ${number(n)} ${plural(n, 'contact', 'contacts')} one after the other in the order of their ids`,
  records_new_place: (n) =>
    `opened or took out ${number(n)} ${plural(n, 'record', 'records')} from an address not used before`,
  records_elsewhere: (n) =>
    `opened or took out ${number(n)} ${plural(n, 'record', 'records')} from a new address while the usual one was in use`,
  contacts_planted: (n) =>
    `opened ${number(n)} planted ${plural(n, 'contact', 'contacts')} that nobody has a reason to touch`,
  records_shared: (n) => `sent ${number(n)} ${plural(n, 'record', 'records')} to somebody`,
  records_new_way: (n) => `read or took out ${number(n)} ${plural(n, 'record', 'records')} in a way never used before`,
  records_cleared: (n) => `changed or deleted ${number(n)} ${plural(n, 'record', 'records')} after taking as many out`,
  records_on_leave: (n) =>
    `opened or took out ${number(n)} ${plural(n, 'record', 'records')} while on leave, as HR says`,
  contacts_even: (n) => `opened ${number(n)} ${plural(n, 'contact', 'contacts')} at an even pace`,
  contacts_unworked: (n) =>
    `opened ${number(n)} ${plural(n, 'contact', 'different contacts')} without changing anything in ${plural(n, 'it', 'them')}`,
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

/** "copied the details of 40 different contacts in a day, 80 % of those opened; usual for this person is 12 %, for reception 15 %" */
export function shareSentence(activity: Activity, measure: Measure, window: Window, share: ShareBaseline): string {
  const count = activity.count(measure, window)
  const among = Math.max(count, activity.count(share.among, window))
  return [
    `${DONE[measure](count)} ${SPAN[window]}, ${percent(count / among)} of all opened`,
    `usual for this person is ${percent(share.expected)}, for ${roleName(activity)} ${percent(share.expectedPeers)}`,
    ...staffClause(activity),
  ].join('; ')
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

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
  contacts_foreign: 'opened more contacts of other people',
  contacts_new: 'opened more contacts that were new to this person',
  contacts_off_hours: 'opened more contacts outside the usual hours',
  contacts_in_order: 'opened more contacts in the order of their ids',
  records_new_place: 'opened or took out more records from new addresses',
  contacts_unworked: 'opened more contacts without working on them',
  records_elsewhere: 'opened or took out more records at two places at once',
  contacts_planted: 'opened more planted contacts',
  records_shared: 'sent more records to somebody',
  records_new_way: 'read or took out more records in new ways',
  records_cleared: 'changed or deleted more records after taking them out',
  records_on_leave: 'opened or took out more records while on leave',
  contacts_even: 'opened more contacts at an even pace',
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
