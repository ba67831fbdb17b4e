import type { Database } from '../../store/database.ts'
import { type KeptLetter, keptLetters } from '../../store/dead-letters.ts'
import { readDocument } from '../adapters/files/read-document.ts'
import type { EventDraft } from '../event-draft.ts'
import { createRowCollector, type NativeRowsOptions } from './native-rows.ts'
import type { RowsHandOver } from './rows-hand-over.ts'
import type { Source } from './source.ts'
import type { SourceTally } from './source-tally.ts'

export interface RetryParts {
  readonly db: Database
  takeRows(hand: RowsHandOver): Promise<void>
  rowOptions(): NativeRowsOptions
}

export interface RetryResult {
  /** Letters read again. */
  readonly retried: number
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: number
  /** Letters that are still refused. */
  readonly rejected: number
  /** Behind which letter a further call is to go on; null when all were read. */
  readonly next: string | null
}

/** Read at a time; a letter may have up to 1 MiB. */
const AT_ONCE = { letters: 500, bytes: 16 * 1024 * 1024 }
/** Letters read again in one call. */
export const MOST_RETRIED = 20_000

/**
 * Reads a source's dead letters again, as far as their rows were kept. Those that can be used now are letters no more, in
 * the transaction of their events; the others keep their place with today's reason. Begins behind the letter `from`, with
 * the first one for null, and reads `most` of them. Resolves after the commit.
 */
export async function retryLetters(
  source: Source,
  { db, takeRows, rowOptions }: RetryParts,
  from: string | null = null,
  most = MOST_RETRIED,
): Promise<RetryResult> {
  const total = { retried: 0, accepted: 0, duplicates: 0, ignored: 0, rejected: 0 }
  let after = from ?? ''
  while (total.retried < most) {
    const letters = await keptLetters(db, source.name, after, {
      letters: Math.min(AT_ONCE.letters, most - total.retried),
      bytes: AT_ONCE.bytes,
    })
    if (letters.length === 0) return { ...total, next: null }
    after = letters[letters.length - 1].letter_uid
    const read = readLetters(letters, source, rowOptions())
    const tally = await new Promise<SourceTally>((resolve, reject) => {
      const { rows, corrections, taken, refused } = read
      const finish: RowsHandOver['finish'] = (into) => into.retried.push({ taken, refused })
      const settled = (error: Error | null, result: SourceTally) => (error === null ? resolve(result) : reject(error))
      takeRows({ source: source.name, rows, stream: null, corrections, finish, settled }).catch(reject)
    })
    total.retried += letters.length
    total.accepted += tally.accepted
    total.duplicates += tally.duplicates
    total.ignored += [...read.rows.ignored.values()].reduce((all, n) => all + n, 0)
    total.rejected += read.refused.length
  }
  return { ...total, next: after }
}

function readLetters(letters: readonly KeptLetter[], source: Source, options: NativeRowsOptions) {
  const events: EventDraft[] = []
  const ignored = new Map<string, number>()
  const unmapped = new Map<string, number>()
  const corrections = new Map<string, number>()
  const taken: string[] = []
  const refused: { letter_uid: string; reason: string; detail: string }[] = []
  const add = (counts: Map<string, number>, name: string, n: number) => counts.set(name, (counts.get(name) ?? 0) + n)
  const { adapter, source: layout } = source.bound
  const collector = createRowCollector(source, { ...options, keepBodies: false })
  for (const { letter_uid, reason, body } of letters) {
    const { records, cutting } = readDocument(Buffer.from(body), adapter, { ...layout, encoding: 'utf-8' })
    collector.add(records, { cutting })
    const rows = collector.take()
    add(corrections, reason, -1)
    if (rows.rejected.length > 0 || records.length === 0) {
      const { reason: now, detail } = rows.rejected[0] ?? { reason: 'empty', detail: 'there is no record in it' }
      refused.push({ letter_uid, reason: now, detail })
      add(corrections, now, 1)
      continue
    }
    taken.push(letter_uid)
    events.push(...rows.events)
    for (const [type, n] of rows.ignored) add(ignored, type, n)
    for (const [user, n] of rows.unmapped) add(unmapped, user, n)
  }
  // No records: reading rows again is no sign of life of their source.
  return { rows: { records: 0, events, ignored, rejected: [], unmapped }, corrections, taken, refused }
}
