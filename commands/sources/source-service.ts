import type { SourceAnswer, SourceDetails, SourceReport, SourceService } from '../../api/source-service.ts'
import { type Config, wayInOf } from '../../config.ts'
import { mendUtf8 } from '../../ingest/adapters/files/mend-utf8.ts'
import { parseJson } from '../../ingest/adapters/files/parse-json.ts'
import type { Core } from '../../ingest/core.ts'
import type { NativeRowsOptions } from '../../ingest/sources/native-rows.ts'
import type { PullHealth } from '../../ingest/sources/pull/puller.ts'
import { readFrames } from '../../ingest/sources/record-frames.ts'
import { retryLetters } from '../../ingest/sources/retry-letters.ts'
import { findStaff, type Source, type SourceUsers } from '../../ingest/sources/source.ts'
import { type DocumentResult, takeCut, takeDocument } from '../../ingest/sources/take-document.ts'
import { keyOf } from '../../ingest/sources/take-file.ts'
import { parseUserMap, readUserList, type UserMapResult } from '../../ingest/sources/user-map.ts'
import type { FolderFailure } from '../../ingest/sources/watch-folder.ts'
import { countSourceLetters, listSourceLetters } from '../../store/dead-letters.ts'
import {
  findSourceFile,
  readSourceRows,
  readSourceUsers,
  readUnmapped,
  replaceSourceUsers,
  sourceFileSummary,
} from '../../store/source-records.ts'
import type { Sources } from './open-sources.ts'
import type { SourceActivity } from './source-activity.ts'

export interface SourceServiceParts {
  readonly config: Pick<Config, 'sources'>
  readonly sources: Sources
  readonly core: Pick<Core, 'db' | 'pipeline'>
  readonly activity: SourceActivity
  readonly rowOptions: () => NativeRowsOptions
  readonly pullHealth: (name: string) => PullHealth | null
  readonly folderFailure: (name: string) => FolderFailure | null
  readonly now: () => number
}

const SET_ASIDE_SHOWN = 20

/** The sources as the HTTP API shows and feeds them. */
export function createSourceService(parts: SourceServiceParts): SourceService {
  const { config, sources, activity, rowOptions, now } = parts
  const { db, pipeline } = parts.core
  const document = { takeRows: pipeline.takeRows, rowOptions }
  const retrying = new Set<string>()
  /** Behind which letter the next call goes on, so that those still refused do not hide the others; null: anew. */
  const retriedUpTo = new Map<string, string | null>()
  const importing = new Set<string>()

  const sourceOf = (name: string): Source => {
    const source = sources.byName.get(name)
    if (source === undefined) throw new Error('A source was asked for that is not configured')
    return source
  }

  const reports = async (): Promise<SourceReport[]> => {
    const rows = Map.groupBy(await readSourceRows(db), ({ source }) => source)
    return Object.entries(config.sources).map(([name, setting]) => {
      const counted = rows.get(name) ?? []
      const words = (outcome: string) =>
        Object.fromEntries(
          counted.filter((row) => row.outcome === outcome && row.rows > 0).map((row) => [row.word, row.rows]),
        )
      const sum = (outcome: string) => counted.find((row) => row.outcome === outcome)?.rows ?? 0
      return {
        name,
        adapter: setting.adapter,
        org_uid: setting.org ?? null,
        way_in: wayInOf(setting),
        pull: parts.pullHealth(name),
        folder_failure: parts.folderFailure(name),
        mapped_users: sizeOf(sourceOf(name).users),
        last_arrival: activity.lastArrival(name),
        last_event_time: activity.newestEvent(name),
        silent_hours: activity.silentHours(name, now()),
        accepted: sum('accepted'),
        duplicates: sum('duplicate'),
        ignored: words('ignored'),
        rejected: words('rejected'),
      }
    })
  }

  return {
    find(name) {
      if (!sources.byName.has(name)) return null
      const setting = config.sources[name]
      return { name, org_uid: setting.org ?? null, way_in: wayInOf(setting) }
    },

    list: reports,

    async get(name): Promise<SourceDetails | null> {
      const report = (await reports()).find((one) => one.name === name)
      if (report === undefined) return null
      const letters = await countSourceLetters(db, name)
      const files = await sourceFileSummary(db, name, SET_ASIDE_SHOWN)
      return {
        ...report,
        dead_letters: letters.letters,
        dead_letters_kept: letters.kept,
        files: files.states,
        set_aside: files.setAside,
      }
    },

    async unmapped(name) {
      const { users } = sourceOf(name)
      // Who has been put into the map since is no longer missing.
      return (await readUnmapped(db, name)).filter(({ native_uid }) => findStaff(users, native_uid) === null)
    },

    users: (name) => readSourceUsers(db, name),

    async putUsers(name, format, body) {
      const read = format === 'csv' ? parseUserMap(mendUtf8(body).toString()) : userListIn(body.toString())
      if (!read.ok) return read
      const source = sourceOf(name)
      await pipeline.between(() => replaceSourceUsers(db.writer, name, read.users))
      source.users.fromApi = read.users.length === 0 ? null : read.map
      return { ok: true, users: read.map.size }
    },

    letters: (name, bodyLength, cursor, limit) => listSourceLetters(db, name, bodyLength, cursor, limit),

    async retry(name) {
      if (retrying.has(name)) return null
      retrying.add(name)
      try {
        const from = retriedUpTo.get(name) ?? null
        const { next, ...answer } = await retryLetters(sourceOf(name), { db, ...document }, from)
        retriedUpTo.set(name, next)
        return answer
      } finally {
        retrying.delete(name)
      }
    },

    async take(name, format, body, mostRecords) {
      const result = await takeDocument(body, format, sourceOf(name), mostRecords, document)
      return result === null ? null : answerOf(result)
    },

    async importState(name, file_uid) {
      const { adapter, source } = sourceOf(name).bound
      const file = await findSourceFile(db, name, file_uid)
      return {
        pieces: file?.pieces ?? 0,
        records: file?.records ?? 0,
        done: file?.state === 'done',
        adapter: adapter.name,
        format: source.format,
        encoding: source.encoding,
        delimiter: source.delimiter,
      }
    },

    async importPart(name, { file_uid, first, last, format, delimiter, body }) {
      const source = sourceOf(name)
      const frames = readFrames(body)
      if (!frames.ok) return { kind: 'unreadable' }
      const key = keyOf({ source: name, file_uid })
      if (importing.has(key)) return { kind: 'busy' }
      importing.add(key)
      try {
        const before = await findSourceFile(db, name, file_uid)
        // A file that was imported to its end begins anew; any other part has to follow on what is stored. One that was cut
        // short by a kill is sent again whole, and goes on behind what is stored of it.
        const start = before === null || (before.state === 'done' && first === 0) ? null : before
        const reached = start?.pieces ?? 0
        const { header } = frames
        const pieces = frames.pieces.slice(reached - first)
        if (first > reached || (pieces.length === 0 && frames.pieces.length > 0)) {
          return { kind: 'out_of_step', pieces: reached }
        }
        const recordsBefore = start?.records ?? 0
        const cutting = format === 'csv' ? ({ format, delimiter, header } as const) : ({ format } as const)
        const state = { pieces: reached, records: recordsBefore }
        const result = await takeCut([{ cutting, pieces }], recordsBefore, source, document, (taken) => {
          // A file of which nothing at first can be read begins anew the next time: the source may be mended by then.
          if (start === null && taken.records > 0 && !taken.isUsable) return undefined
          state.pieces = reached + taken.pieces
          state.records = recordsBefore + taken.records
          const row = {
            source: name,
            file_uid,
            name: null,
            ...state,
            state: last && taken.isLast ? 'done' : 'reading',
            reason: null,
            updated_at: now(),
          } as const
          return (into) => into.files.set(key, row)
        })
        return { kind: 'taken', answer: answerOf(result), state }
      } finally {
        importing.delete(key)
      }
    },
  }
}

function userListIn(text: string): UserMapResult {
  const list = parseJson(text)
  return Array.isArray(list) ? readUserList(list) : { ok: false, reason: 'the body must be a JSON list of users' }
}

const sizeOf = ({ fromApi, fromFile }: SourceUsers): number | null =>
  fromApi === null && fromFile === null ? null : (fromApi?.size ?? 0) + (fromFile?.size ?? 0)

const answerOf = ({ accepted, duplicates, ignored, rejected }: DocumentResult): SourceAnswer => ({
  accepted,
  duplicates,
  ignored: Object.fromEntries(ignored),
  rejected,
})
