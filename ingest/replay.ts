import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { AlertChange } from '../alerts/alert-book.ts'
import type { Alert } from '../model/alert.ts'
import { createEventBatch } from '../model/event-batch.ts'
import type { StaffRecord } from '../model/staff.ts'
import { upsertAlerts } from '../store/alerts.ts'
import { appendDayPeaks, deleteDayPeaks } from '../store/batch-rows.ts'
import { appendEvents, nextSeq, readEvents } from '../store/event-log.ts'
import { appendStaffRecords } from '../store/staff-records.ts'
import { readCanonical } from './adapters/canonical.ts'
import { openingTime } from './batch-writer.ts'
import { type Foundation, LOOK_BACK_MS } from './core.ts'
import { createEncoder, eventUidOf } from './encode.ts'
import { episodeActorOf } from './episode-actor.ts'
import { createEventDraft } from './event-draft.ts'
import type { OpenBatch } from './open-batch.ts'
import { readPasts, refoldActor } from './refold.ts'
import { settleUnsure } from './settle-unsure.ts'
import { takeStaff } from './take-staff.ts'

export interface ImportProgress {
  readonly bytes: number
  readonly totalBytes: number
  readonly events: number
}

export interface ImportSummary {
  events: number
  duplicates: number
  /** Refused lines by reason, and the first few with their place. */
  readonly rejected: Map<string, number>
  readonly firstRejects: { readonly file: string; readonly line: number; readonly detail: string }[]
}

export interface ImportOptions {
  readonly defaultOrg: string
  readonly latestTime: number
  /** Wall clock stored as ingested_time. */
  readonly now: number
  readonly source: string
  readonly onProgress?: (progress: ImportProgress) => void
}

const BATCH = 20_000
const FIRST_REJECTS = 20
/** An import counts for itself. */
const NOBODY = { events: () => undefined }

/** Appends JSON-lines files (plain or .gz) to the event log, each event once; nothing is folded. */
export async function importFiles(
  files: readonly string[],
  { db, codes, seen }: Pick<Foundation, 'db' | 'codes' | 'seen'>,
  options: ImportOptions,
): Promise<ImportSummary> {
  const summary: ImportSummary = { events: 0, duplicates: 0, rejected: new Map(), firstRejects: [] }
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const totalBytes = sizes.reduce((a, b) => a + b, 0)
  const encoder = createEncoder(codes)
  const draft = createEventDraft()
  const batch = createEventBatch(BATCH)
  const waiting: Pick<OpenBatch, 'unsure'> = { unsure: [] }
  const settle = (duplicate: boolean) => {
    if (duplicate) summary.duplicates++
  }
  let seq = await nextSeq(db.reader)
  let bytes = 0

  const flush = async () => {
    await settleUnsure(waiting, { db, seen, hooks: NOBODY }, ({ draft: event, eventUid }) => {
      encoder.encode(event, eventUid, options.source, batch)
      batch.length++
    })
    if (batch.length === 0) return
    batch.seqBase = seq
    seq += batch.length
    await db.writer.run('BEGIN')
    await codes.flush(db.writer)
    await appendEvents(db.writer, batch, options.now)
    await db.writer.run('COMMIT')
    summary.events += batch.length
    batch.length = 0
    options.onProgress?.({ bytes, totalBytes, events: summary.events })
  }

  const take = (line: string, file: string, number: number) => {
    const refuse = (reason: string, detail: string) => {
      summary.rejected.set(reason, (summary.rejected.get(reason) ?? 0) + 1)
      if (summary.firstRejects.length < FIRST_REJECTS) summary.firstRejects.push({ file, line: number, detail })
    }
    let parsed: unknown
    try {
      parsed = JSON.parse(line)
    } catch {
      return refuse('invalid_json', 'the line is not valid JSON')
    }
    const rejected = readCanonical(parsed, draft, { defaultOrg: options.defaultOrg, latestTime: options.latestTime })
    if (rejected !== null) return refuse(rejected.reason, rejected.detail)
    const eventUid = eventUidOf(draft)
    const known = seen.check(draft.org_uid, eventUid, draft.time)
    if (known === 'duplicate') summary.duplicates++
    else if (known === 'unsure')
      waiting.unsure.push({ draft: structuredClone(draft), eventUid, source: options.source, settle })
    else {
      encoder.encode(draft, eventUid, options.source, batch)
      batch.length++
    }
  }

  for (const file of files) {
    let number = 0
    for await (const lines of readLines(file, (read) => (bytes += read))) {
      for (const line of lines) {
        number++
        if (line.trim() === '') continue
        take(line, file, number)
        if (batch.length + waiting.unsure.length >= BATCH) await flush()
      }
    }
  }
  await flush()
  return summary
}

/** The lines of a text file, or of a gzip file that ends in .gz, in pieces. */
export async function* readLines(
  file: string,
  onBytes: (read: number) => void = () => undefined,
): AsyncGenerator<string[]> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 })
  raw.on('data', (chunk) => onBytes(chunk.length))
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of stream) {
    const text = rest + decoder.decode(chunk as Buffer, { stream: true })
    const lines = text.split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  if (rest !== '') yield [rest]
}

export interface FoldStoreOptions {
  readonly staff: readonly StaffRecord[]
  /** Wall clock written as detected_at. */
  readonly now: number
  /** Store alerts and day peaks too. */
  readonly keep: boolean
  readonly onProgress?: (eventsFolded: number) => void
  readonly onOpened?: (alert: Alert) => void
}

/**
 * Folds all stored events in the order of time, staff records taking effect when they were recorded: what a service
 * running all along would have found. Returns the alerts, as they stood when they opened, in that order.
 */
export async function foldStore(foundation: Foundation, options: FoldStoreOptions): Promise<Alert[]> {
  const { db, codes, engine, book } = foundation
  const whole = foundation.customRules !== null
  const staff = [...options.staff].sort((a, b) => a.recorded_at - b.recorded_at)
  const opened: Alert[] = []
  const changed = new Map<string, Alert>()
  let nextStaff = 0
  let folded = 0

  const group = (finding: Parameters<typeof book.add>[1], actor: number, openedAt: number): void => {
    const person = episodeActorOf(engine, codes, actor, Math.max(finding.time, openedAt))
    const change: AlertChange | null = book.add(person, finding, openedAt, options.now)
    if (change === null) return
    changed.set(change.alert.alert_uid, change.alert)
    if (change.type !== 'alert.opened') return
    opened.push(change.alert)
    options.onOpened?.(change.alert)
  }
  const groupLive = () => {
    for (const { actor, finding } of engine.takeFindings()) group(finding, actor, finding.time)
  }
  const keepDays = async () => {
    const closed = engine.takeClosedDays()
    if (options.keep) await appendDayPeaks(db.writer, closed)
  }

  const applyStaff = async (record: StaffRecord) => {
    const [request] = takeStaff([record], codes, engine, LOOK_BACK_MS)
    if (request === undefined) return
    groupLive()
    await keepDays()
    engine.suspend(request.actor)
    const past = await readPasts(db, `e.actor = ${request.actor} AND e.time < ${record.recorded_at}`, whole)
    const refolded = refoldActor(engine, request, past.get(request.actor) ?? [], [])
    if (options.keep) {
      await deleteDayPeaks(db.writer, [request.actor])
      await appendDayPeaks(db.writer, refolded.closedDays)
    }
    for (const { actor, finding } of refolded.findings) group(finding, actor, openingTime(request, finding.time))
  }

  for await (const batch of readEvents(db.reader, { where: 'TRUE', orderBy: 'e.time, e.seq', whole })) {
    for (let i = 0; i < batch.length; i++) {
      while (nextStaff < staff.length && staff[nextStaff].recorded_at <= batch.time[i])
        await applyStaff(staff[nextStaff++])
      engine.fold(batch, i)
    }
    groupLive()
    await keepDays()
    folded += batch.length
    options.onProgress?.(folded)
  }
  while (nextStaff < staff.length) await applyStaff(staff[nextStaff++])
  groupLive()
  await keepDays()
  if (options.keep) {
    await appendStaffRecords(db.writer, staff, options.now)
    await codes.flush(db.writer)
    await upsertAlerts(db.writer, [...changed.values()])
  }
  return opened
}
