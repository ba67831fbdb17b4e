import { type Static, Type } from 'typebox'
import { closed, IngestAnswer, orNull, UidText } from './schemas.ts'
import type { SourceDetails, SourceReport } from './source-service.ts'
import { DateTime, presentTime, presentTimeOrNull } from './times.ts'

const TimeOrNull = orNull(DateTime)
const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) })
const counts = (description: string) => Type.Record(Type.String(), count(), { description })

export const SourceParams = Type.Object({ name: UidText })

export const SourceIngestAnswer = Type.Object(
  {
    accepted: count('Events stored.'),
    duplicates: count('Events known already; nothing was changed.'),
    ignored: counts('Rows that are no access, by their type in the log.'),
    rejected: IngestAnswer.properties.rejected,
  },
  closed,
)

const wayIn = Type.Unsafe<SourceReport['way_in']>(
  orNull(Type.Enum(['kafka', 'http', 'folder', 'pull']), {
    description: 'null: it takes imported files alone.',
  }),
)

const pull = orNull(
  Type.Object(
    {
      pulling: Type.Boolean({ description: 'Whether a pull is under way.' }),
      last_success: TimeOrNull,
      last_failure: orNull(Type.Object({ failure: Type.String(), at: DateTime }, closed)),
      failures: count('Pulls that have failed since the last success.'),
      next_pull: TimeOrNull,
    },
    closed,
  ),
  { description: "How its CRM's API is being fetched; null for another way in." },
)

export const SourceView = Type.Object(
  {
    name: Type.String(),
    adapter: Type.String(),
    org_uid: orNull(Type.String()),
    way_in: wayIn,
    pull,
    folder_failure: orNull(Type.Object({ failure: Type.String(), since: DateTime }, closed), {
      description: 'Why its folder cannot be read, such as ENOENT, and since when; null when it can.',
    }),
    mapped_users: orNull(count(), {
      description: 'Users whom its user map and the table of its users know; null without both.',
    }),
    last_arrival: TimeOrNull,
    last_event_time: TimeOrNull,
    lag_seconds: orNull(Type.Number(), {
      description: 'How far its newest event lies behind the clock.',
    }),
    silent_hours: orNull(count(), {
      description: 'Hours without a row in which it usually delivers; null while a week is not known.',
    }),
    accepted: count('Events stored so far.'),
    duplicates: count('Events that came again.'),
    ignored: counts('Rows that are no access, by their type in the log.'),
    rejected: counts('Rows that should be readable and are not, by reason.'),
  },
  closed,
)
export type SourceView = Static<typeof SourceView>

export const SourceDetailsView = Type.Object(
  {
    ...SourceView.properties,
    dead_letters: count(),
    dead_letters_kept: count('Those whose row is kept, so that they can be read again.'),
    files: counts('Files by state: reading, done, set_aside.'),
    set_aside: Type.Array(
      Type.Object(
        {
          name: orNull(Type.String()),
          reason: orNull(Type.String()),
          updated_at: DateTime,
          records: count('Records taken of it.'),
        },
        closed,
      ),
      { description: 'The last files that could not be taken to their end.' },
    ),
  },
  closed,
)
export type SourceDetailsView = Static<typeof SourceDetailsView>

export const UnmappedView = Type.Object(
  { native_uid: Type.String(), rows: count(), first_seen: DateTime, last_seen: DateTime },
  closed,
)

export const SourceLetterView = Type.Object(
  {
    letter_uid: Type.String(),
    received_at: DateTime,
    topic: orNull(Type.String()),
    partition: orNull(Type.Integer()),
    offset: orNull(Type.String()),
    line: orNull(Type.Integer()),
    reason: Type.String(),
    detail: Type.String(),
    bytes: count(),
    body: orNull(Type.String(), {
      description: 'The beginning of the row, for administrators, where ingest.keep_dead_letter_bodies keeps it.',
    }),
  },
  closed,
)

export const RetryView = Type.Object(
  {
    retried: count('Letters read again.'),
    accepted: count(),
    duplicates: count(),
    ignored: count(),
    rejected: count('Letters that are still refused.'),
  },
  closed,
)

export const ImportStateView = Type.Object(
  {
    pieces: count('Where to go on.'),
    records: count(),
    done: Type.Boolean(),
    adapter: Type.String(),
    format: Type.String(),
    encoding: Type.String(),
    delimiter: Type.String(),
    body_limit_bytes: count(),
  },
  closed,
)

export const ImportAnswer = Type.Object({ ...SourceIngestAnswer.properties, pieces: count(), records: count() }, closed)

const presentPull = (report: SourceReport['pull']): SourceView['pull'] =>
  report === null
    ? null
    : {
        ...report,
        last_success: presentTimeOrNull(report.last_success),
        last_failure: report.last_failure && { ...report.last_failure, at: presentTime(report.last_failure.at) },
        next_pull: presentTimeOrNull(report.next_pull),
      }

export const presentSource = (report: SourceReport, now: number): SourceView => ({
  ...report,
  pull: presentPull(report.pull),
  folder_failure: report.folder_failure && {
    ...report.folder_failure,
    since: presentTime(report.folder_failure.since),
  },
  ignored: { ...report.ignored },
  rejected: { ...report.rejected },
  last_arrival: presentTimeOrNull(report.last_arrival),
  last_event_time: presentTimeOrNull(report.last_event_time),
  lag_seconds: report.last_event_time === null ? null : Math.max(0, (now - report.last_event_time) / 1000),
})

export const presentSourceDetails = (details: SourceDetails, now: number): SourceDetailsView => ({
  ...details,
  ...presentSource(details, now),
  files: { ...details.files },
  set_aside: details.set_aside.map((file) => ({ ...file, updated_at: presentTime(file.updated_at) })),
})
