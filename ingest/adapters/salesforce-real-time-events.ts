import { Type } from 'typebox'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, type RowOutcome, rejected } from './adapter.ts'
import { createKnownColumns } from './known-columns.ts'
import { nestedFields } from './nested-fields.ts'
import { eventLogType } from './salesforce/event-log-types.ts'
import { readFileEvent, readLoginAsEvent, readLoginEvent, readUriEvent } from './salesforce/real-time-acts.ts'
import { guessType, openEnvelope, typeName } from './salesforce/real-time-envelope.ts'
import { readApiEvent, readBulkResult, readListViewEvent, readReportEvent } from './salesforce/real-time-reads.ts'
import type { ReadRealTime } from './salesforce/real-time-row.ts'
import { createSobject, ObjectOptions } from './salesforce/sobject.ts'

/** The event types that describe access. All others are ignored: logouts, verifications, threat detections, set-up. */
const READERS: Readonly<Record<string, ReadRealTime>> = {
  ReportEvent: readReportEvent,
  ListViewEvent: readListViewEvent,
  ApiEvent: readApiEvent,
  BulkApiResultEvent: readBulkResult,
  UriEvent: readUriEvent,
  LightningUriEvent: readUriEvent,
  FileEvent: readFileEvent,
  LoginEvent: readLoginEvent,
  LoginAsEvent: readLoginAsEvent,
}

/** Logins of the other logs have the same fields. */
const LOGINS: ReadonlyMap<string, string> = new Map([
  ['Login', 'LoginEvent'],
  ['LoginHistory', 'LoginEvent'],
  ['LoginAs', 'LoginAsEvent'],
])

/** The event's own fields are found in any letter case further on. */
const envelopeKey = createKnownColumns([
  'channel',
  'topic',
  'data',
  'payload',
  'schema',
  'event',
  'sobject',
  'attributes',
])

export const salesforceRealTimeEvents = defineAdapter({
  name: 'salesforce-real-time-events',
  title: 'Salesforce Real-Time Event Monitoring',
  product: 'salesforce',
  options: Type.Object({
    type: Type.String({
      default: '',
      description: 'Event type of rows that name none, such as ReportEvent; needed for some polled big objects.',
    }),
    ...ObjectOptions.properties,
  }),
  // Not `Records`, which is a field of the events.
  lists: ['result.records', ...ENVELOPE_LISTS],
  keyOf: (native) => envelopeKey(native) ?? native,
  create(options) {
    const sobject = createSobject(options)
    const configured = typeName(options.type)
    return (given) => {
      const opened = openEnvelope(isFlat(given) ? nestedFields(given) : given)
      if ('transport' in opened) return ignored(opened.transport)
      const { otherType } = opened
      const type =
        opened.type ?? (otherType === null ? (configured ?? guessType(opened.fields)) : LOGINS.get(otherType))
      if (type === undefined) return ofAnotherLog(otherType ?? '')
      if (type === null) return rejected('unknown_layout', 'neither the envelope nor the configuration names the type')
      const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined
      return read === undefined ? ignored(type) : read({ row: opened.fields, type, sobject })
    }
  },
})

/** Tables and search engines write `data.payload.UserId` for fields of fields. */
function isFlat(row: NativeRow): boolean {
  for (const key in row) if (/^(data|payload|event|detail)\./.test(key)) return true
  return false
}

/** Rows of the log files, of the set-up's audit trail and of whatever else was put into the same topic. */
const ofAnotherLog = (type: string): RowOutcome =>
  eventLogType(type) === null
    ? ignored(type)
    : rejected('unsupported_type', 'a row of the event log files: salesforce-event-log-file reads it')
