import { type CutPart, createRecordReader, cutRecords } from '../adapters/files/read-records.ts'
import { createRowCollector, type NativeRowsOptions } from './native-rows.ts'
import type { RowsHandOver } from './rows-hand-over.ts'
import type { Source } from './source.ts'
import type { SourceTally } from './source-tally.ts'

/** What became of a body of rows. */
export interface DocumentResult {
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: ReadonlyMap<string, number>
  /** By the record's place, from 1. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  readonly records: number
}

export interface DocumentParts {
  takeRows(hand: RowsHandOver): Promise<void>
  rowOptions(): NativeRowsOptions
}

/** How far the taking of cut records has come. */
export interface Reached {
  readonly pieces: number
  readonly records: number
  /** Whether any record so far could be read. */
  readonly isUsable: boolean
  readonly isLast: boolean
}

/** Records looked into at a time; between two parts others on the thread have their turn. */
const PART_PIECES = 2_000
const CHUNK_BYTES = 1 << 20

/**
 * Takes a whole document in memory, such as a request's body, which is not unpacked. Resolves after the commit of all of
 * it; null when it holds more than `mostRecords`, of which then none is taken.
 */
export async function takeDocument(
  document: Buffer,
  format: 'csv' | 'json',
  source: Source,
  mostRecords: number,
  parts: DocumentParts,
): Promise<DocumentResult | null> {
  const { adapter } = source.bound
  const cut: CutPart[] = []
  let pieces = 0
  for await (const part of cutRecords(chunksOf(document), adapter, { ...source.bound.source, format })) {
    pieces += part.pieces.length
    if (pieces > mostRecords) return null
    cut.push(part)
  }
  return takeCut(cut, 0, source, parts)
}

/**
 * Takes cut records, portion by portion; `before` of them came earlier in the same file. What `finish` gives goes with each
 * portion: it is told how far the taking has come with it.
 */
export async function takeCut(
  cut: readonly Pick<CutPart, 'cutting' | 'pieces'>[],
  before: number,
  source: Source,
  parts: DocumentParts,
  finish?: (reached: Reached) => RowsHandOver['finish'],
): Promise<DocumentResult> {
  const commits: Promise<SourceTally>[] = []
  const ignored = new Map<string, number>()
  const rejected: { line: number; reason: string }[] = []
  let records = 0
  let taken = 0
  let isUsable = false
  const portions = cut.flatMap(({ cutting, pieces }) => portionsOf(pieces).map((some) => ({ cutting, pieces: some })))
  const read = cut.length === 0 ? () => [] : createRecordReader(cut[0].cutting, source.bound.adapter)
  for (const [index, { cutting, pieces }] of portions.entries()) {
    const collector = createRowCollector(source, parts.rowOptions())
    const found = read(pieces)
    collector.add(found, { cutting, before })
    const rows = collector.take()
    records += found.length
    taken += pieces.length
    isUsable ||= rows.rejected.length < found.length
    for (const [type, n] of rows.ignored) ignored.set(type, (ignored.get(type) ?? 0) + n)
    for (const { line, detail } of rows.rejected) rejected.push({ line, reason: detail })
    const { committed } = await handOver({
      source: source.name,
      rows,
      stream: null,
      finish: finish?.({ pieces: taken, records, isUsable, isLast: index === portions.length - 1 }),
    })
    commits.push(committed)
  }
  const tallies = await Promise.all(commits)
  const sum = (of: (tally: SourceTally) => number) => tallies.reduce((all, tally) => all + of(tally), 0)
  return {
    accepted: sum((tally) => tally.accepted),
    duplicates: sum((tally) => tally.duplicates),
    ignored,
    rejected,
    records,
  }

  /** Resolves when all is taken, with the promise of the commit: the next rows need not wait for it. */
  async function handOver(hand: RowsHandOver): Promise<{ readonly committed: Promise<SourceTally> }> {
    const { promise, resolve, reject } = Promise.withResolvers<SourceTally>()
    // Somebody awaits it later, or has given up on account of another part.
    promise.catch(() => undefined)
    await parts.takeRows({ ...hand, settled: (error, tally) => (error === null ? resolve(tally) : reject(error)) })
    return { committed: promise }
  }
}

function portionsOf<T>(items: readonly T[]): (readonly T[])[] {
  // What goes with the last part has to go with something, be there no record at all.
  const count = Math.max(1, Math.ceil(items.length / PART_PIECES))
  return Array.from({ length: count }, (_, n) => items.slice(n * PART_PIECES, (n + 1) * PART_PIECES))
}

async function* chunksOf(document: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < document.length; from += CHUNK_BYTES) yield document.subarray(from, from + CHUNK_BYTES)
}
