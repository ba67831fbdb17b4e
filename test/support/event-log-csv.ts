/** A Salesforce EventLogFile of page views, one in four rows being no access. Everybody in it is invented. */

const HEADER = [
  'EVENT_TYPE',
  'TIMESTAMP',
  'REQUEST_ID',
  'ORGANIZATION_ID',
  'USER_ID',
  'PAGE_ENTITY_ID',
  'PAGE_ENTITY_TYPE',
  'PAGE_CONTEXT',
  'PAGE_URL',
  'PREVPAGE_URL',
  'TIMESTAMP_DERIVED',
  'USER_ID_DERIVED',
  'CLIENT_IP',
]
const START = Date.UTC(2026, 2, 2, 8)

export const salesforceUser = (n: number): string => `0055e00000Use${String(n).padStart(2, '0')}`

export const isAccessRow = (row: number): boolean => row % 4 !== 3

/** Row `row` of the log, from 0; the same number always gives the same row. */
export function eventLogRow(row: number): string {
  const time = new Date(START + row * 20_000).toISOString()
  const user = salesforceUser(row % 7)
  const contact = `0035e00000C${String(row).padStart(4, '0').slice(-4)}`
  const type = isAccessRow(row) ? 'LightningPageView' : 'LightningInteraction'
  const cells = [
    ...[type, time.replaceAll(/[-:TZ]/g, ''), `TID:${row % 50}`, '00D5e000000Tst1', user],
    ...[contact, 'Contact', 'one:recordHomeFlexipage2Wrapper', `/lightning/r/Contact/${contact}/view`, ''],
    ...[time, user, `203.0.113.${row % 7}`],
  ]
  return cells.map((cell) => `"${cell}"`).join(',')
}

export const EVENT_LOG_HEADER = HEADER.map((name) => `"${name}"`).join(',')

/** Rows `from` up to, without, `to`. */
export const eventLogCsv = (from: number, to: number): string =>
  [EVENT_LOG_HEADER, ...Array.from({ length: to - from }, (_, n) => eventLogRow(from + n)), ''].join('\n')

export const accessRows = (from: number, to: number): number =>
  Array.from({ length: to - from }, (_, n) => from + n).filter(isAccessRow).length
