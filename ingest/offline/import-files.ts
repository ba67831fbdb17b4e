import { createEventBatch, type EventBatch } from '../../model/event-batch.ts'
import { parseJsonText } from '../../model/json-text.ts'
import { appendEvents, nextSeq } from '../../store/event-log.ts'
import { inTransaction } from '../../store/transaction.ts'
import { readCanonical } from '../adapters/canonical.ts'
import { createBlockEncoder } from '../bytes/block-encoder.ts'
import { READ, ROW, STATE, UID, valueAt } from '../bytes/message-block.ts'
import { endOfPiece, type RawMessage, rawLines } from '../bytes/pieces.ts'
import { createValueReader } from '../bytes/value-reader.ts'
import type { Foundation } from '../core.ts'
import { createEncoder, eventUidOf } from '../encode.ts'
import { createEventDraft } from '../event-draft.ts'
import type { OpenBatch } from '../pipeline/open-batch.ts'
import { settleUnsure } from '../pipeline/settle-unsure.ts'
import { readLineBytes } from '../read-lines.ts'
import { rememberTaken } from '../rebuild/remember-taken.ts'
import { sizeOfFile } from '../size-of-file.ts'
import { EVENTS_FILE } from '../wanted-files.ts'

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
/** Lines read at a time. */
const PIECE = 2_000
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
  const sizes = await Promise.all(files.map((file) => sizeOfFile(file, EVENTS_FILE)))
  const totalBytes = sizes.reduce((a, b) => a + b, 0)
  const encoder = createEncoder(codes)
  const draft = createEventDraft()
  const readValues = createValueReader(db.hashKey)
  /** One fills while the other is written. */
  let batch = createEventBatch(BATCH)
  let spare = createEventBatch(BATCH)
  let writing = Promise.resolve()
  const waiting: Pick<OpenBatch, 'unsure'> = { unsure: [] }
  const settle = (duplicate: boolean) => {
    if (duplicate) summary.duplicates++
  }
  await rememberTaken(db, seen)
  let seq = await db.withConnection(nextSeq)
  let bytes = 0

  const write = async (full: EventBatch): Promise<void> => {
    await inTransaction(db.writer, async (connection) => {
      await codes.flush(connection)
      await appendEvents(connection, full, options.now)
    })
    summary.events += full.length
    full.length = 0
    options.onProgress?.({ bytes, totalBytes, events: summary.events })
  }

  const flush = async (): Promise<void> => {
    await writing
    await settleUnsure(waiting, { db, seen, hooks: NOBODY }, ({ draft: event, eventUid }) => {
      encoder.encode(event, eventUid, options.source, batch)
      batch.length++
    })
    if (batch.length === 0) return
    const full = batch
    batch = spare
    spare = full
    full.seqBase = seq
    seq += full.length
    writing = write(full)
    // A failure is thrown by the next flush.
    writing.catch(() => undefined)
  }

  const take = (line: string, file: string, number: number) => {
    if (line.trim() === '') return
    const refuse = (reason: string, detail: string) => {
      summary.rejected.set(reason, (summary.rejected.get(reason) ?? 0) + 1)
      if (summary.firstRejects.length < FIRST_REJECTS) summary.firstRejects.push({ file, line: number, detail })
    }
    let parsed: unknown
    try {
      parsed = parseJsonText(line)
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

  /** Takes lines of a file, `before` of which came earlier. */
  const takePiece = async (lines: readonly RawMessage[], file: string, before: number): Promise<void> => {
    const block = readValues(lines, { ...options, forcedOrg: null })
    const blockEncoder = createBlockEncoder(codes, block, options.source)
    const { rows, times } = block
    for (let i = 0; i < block.length; i++) {
      const row = i * ROW
      const isRead = rows[row + STATE] === READ
      const known = isRead ? seen.checkPrint(rows[row + UID], rows[row + UID + 1], times[i]) : 'unsure'
      if (known === 'duplicate') summary.duplicates++
      else if (known === 'unsure') take(String(valueAt(block, i)), file, before + i + 1)
      else {
        blockEncoder.encode(i, batch)
        batch.length++
      }
      if (batch.length + waiting.unsure.length >= BATCH) await flush()
    }
  }

  for (const file of files) {
    let number = 0
    for await (const lines of readLineBytes(file, (read) => (bytes += read))) {
      const raw = rawLines(lines)
      for (let from = 0; from < raw.length; ) {
        const to = endOfPiece(raw, from, PIECE)
        await takePiece(raw.slice(from, to), file, number + from)
        from = to
      }
      number += raw.length
    }
  }
  await flush()
  await writing
  return summary
}
