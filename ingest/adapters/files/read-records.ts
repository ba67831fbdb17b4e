import type { Static } from 'typebox'
import { errorCode } from '../../../model/error-code.ts'
import { BROKEN_GZIP } from '../../../model/file-fault.ts'
import type { Adapter, SourceOptions } from '../adapter.ts'
import { asUtf8, unpacked } from './decode.ts'
import { ExpansionError } from './expansion.ts'
import { isWrappedJson } from './json-line.ts'
import { mendUtf8 } from './mend-utf8.ts'
import { parseJson } from './parse-json.ts'
import type { Piece, SourceRecord, Splitter } from './piece.ts'
import { createCsvReader, guessDelimiter, isCsvRecord } from './read-csv.ts'
import { createJsonReader } from './read-json.ts'
import { createCsvSplitter } from './split-csv.ts'
import { createJsonSplitter } from './split-json.ts'
import { createLineSplitter } from './split-lines.ts'

export type FileOptions = Pick<Static<typeof SourceOptions>, 'format' | 'encoding' | 'delimiter'>
export type Layout = Pick<Adapter, 'lists' | 'keyOf'>

const HEAD_BYTES = 65_536
const NO_HEADER = Buffer.alloc(0)

/** How a file is laid out, as far as cutting it goes. */
export type Cutting =
  | {
      readonly format: 'csv'
      readonly delimiter: string
      /** The line with the columns' names, as it stands in the file; empty when the file has none. */
      readonly header: Buffer
    }
  | { readonly format: 'json' }

/** Some cut records of a file, not looked into yet. */
export interface CutPart {
  readonly cutting: Cutting
  readonly pieces: readonly Piece[]
  /** Records that were not valid UTF-8 and are read as windows-1252. */
  readonly notUtf8: number
}

/**
 * The records of one file, some at a time, in constant memory. Gzip is unpacked; CSV, a JSON list, JSON lines, objects
 * one after the other, and an object with a list of records are told apart by the first bytes. A record that cannot be
 * read is given with its reason; only an error of `chunks` itself throws.
 */
export function readRecords(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  options: FileOptions,
  onNotUtf8?: (records: number) => void,
): AsyncGenerator<readonly SourceRecord[]> {
  return readUnpacked(unpacked(chunks), layout, options, onNotUtf8)
}

/** As readRecords, of a file that is unpacked already. */
export async function* readUnpacked(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  options: FileOptions,
  onNotUtf8: (records: number) => void = () => undefined,
): AsyncGenerator<readonly SourceRecord[]> {
  let read: ((pieces: readonly Piece[]) => SourceRecord[]) | null = null
  for await (const { cutting, pieces, notUtf8 } of cutRecords(chunks, layout, options)) {
    if (notUtf8 > 0) onNotUtf8(notUtf8)
    read ??= createRecordReader(cutting, layout)
    yield read(pieces)
  }
}

/** Turns the pieces of one file, in their order, into records. */
export function createRecordReader(cutting: Cutting, { lists, keyOf }: Layout) {
  if (cutting.format === 'json') return createJsonReader(lists, keyOf)
  const read = createCsvReader(cutting.delimiter, keyOf ?? ((name) => name))
  if (cutting.header.length > 0) read([{ raw: cutting.header, fault: null }])
  return read
}

/**
 * Cuts a file that is unpacked already into records, which `createRecordReader` can then read, here or elsewhere. Broken
 * gzip in `chunks` becomes a last piece with a fault; other errors of `chunks` throw.
 */
export async function* cutRecords(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  options: FileOptions,
): AsyncGenerator<CutPart> {
  let cutter: Cutter | null = null
  let head: Buffer = Buffer.alloc(0)
  let broken: Piece['fault'] = null
  try {
    for await (const chunk of asUtf8(chunks, options.encoding)) {
      if (cutter === null) {
        head = Buffer.concat([head, chunk])
        if (head.length < HEAD_BYTES) continue
        cutter = createCutter(head, layout, options)
        yield* cutter.cut(cutter.splitter.push(head))
      } else {
        yield* cutter.cut(cutter.splitter.push(chunk))
      }
    }
  } catch (error) {
    if (error instanceof ExpansionError) broken = { reason: 'truncated', detail: error.message }
    else if (isZlibError(error)) broken = { reason: 'truncated', detail: BROKEN_GZIP }
    else throw error
  }
  if (cutter === null) {
    cutter = createCutter(head, layout, options)
    yield* cutter.cut(cutter.splitter.push(head))
  }
  // The last record of a file that broke off would be half of one.
  yield* cutter.finish(broken === null ? cutter.splitter.end() : [{ raw: Buffer.alloc(0), fault: broken }])
}

export interface Cutter {
  readonly splitter: Splitter
  /** The pieces behind the header; a CSV's are held back until there is one. */
  cut(pieces: readonly Piece[]): Generator<CutPart>
  /** As cut(), of the last ones: without any header there is nothing to read them by. */
  finish(pieces: readonly Piece[]): Generator<CutPart>
}

/** Finds out from the first bytes how a file is laid out; `head` is not cut yet. */
export function createCutter(head: Buffer, { lists }: Layout, options: FileOptions): Cutter {
  const text = head.toString()
  const isAll = head.length < HEAD_BYTES
  const isWrapped = isWrappedJson(wholeLines(text, isAll)[0] ?? '')
  const isJson = isWrapped || /^\s*[[{]/.test(text)
  const format = options.format === 'auto' ? (isJson ? 'json' : 'csv') : options.format
  const mend = options.encoding === 'auto' ? mendPieces : asTheyAre
  if (format === 'json') {
    const splitter = isWrapped || areLines(text, isAll) ? createLineSplitter() : createJsonSplitter(lists)
    const cut = function* (pieces: readonly Piece[]): Generator<CutPart> {
      yield { cutting: { format }, ...mend(pieces) }
    }
    return { splitter, cut, finish: cut }
  }
  const named = options.delimiter === 'tab' ? '\t' : options.delimiter
  const delimiter = named === 'auto' ? guessDelimiter(text) : named
  let cutting: Cutting | null = null
  let before: Piece[] = []
  let notUtf8 = 0
  const cut = function* (given: readonly Piece[]): Generator<CutPart> {
    const { pieces, notUtf8: mended } = mend(given)
    notUtf8 += mended
    let rest = pieces
    if (cutting === null) {
      const at = pieces.findIndex(({ raw, fault }) => fault === null && isCsvRecord(raw, delimiter))
      before.push(...(at === -1 ? pieces : pieces.slice(0, at)))
      if (at === -1) return
      cutting = { format, delimiter, header: Buffer.from(pieces[at].raw) }
      rest = [...before, ...pieces.slice(at + 1)]
      before = []
    }
    yield { cutting, pieces: rest, notUtf8 }
    notUtf8 = 0
  }
  return {
    splitter: createCsvSplitter(delimiter),
    cut,
    *finish(pieces) {
      yield* cut(pieces)
      if (cutting === null) yield { cutting: { format, delimiter, header: NO_HEADER }, pieces: before, notUtf8 }
    },
  }
}

const asTheyAre = (pieces: readonly Piece[]) => ({ pieces, notUtf8: 0 })

/** Cutting looks at ASCII alone, so records can be mended behind it, one by one. */
function mendPieces(pieces: readonly Piece[]): Pick<CutPart, 'pieces' | 'notUtf8'> {
  let notUtf8 = 0
  const mended = pieces.map((piece) => {
    const raw = piece.fault === null ? mendUtf8(piece.raw) : piece.raw
    if (raw === piece.raw) return piece
    notUtf8++
    return { ...piece, raw }
  })
  return { pieces: notUtf8 === 0 ? pieces : mended, notUtf8 }
}

const isZlibError = (error: unknown): boolean => errorCode(error)?.startsWith('Z_') === true

/**
 * Whether the first line is a whole JSON value by itself; should it be broken, whether the second is. One line alone is a
 * document: its records are then the bytes that stand in it, however long it is.
 */
function areLines(head: string, isAll: boolean): boolean {
  const [first = '', second = ''] = wholeLines(head, isAll)
  if (isAll && second === '') return false
  return isObjectOrList(first) || (first.startsWith('{"') && isObjectOrList(second))
}

function wholeLines(head: string, isAll: boolean): string[] {
  const lines = head
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (!isAll) lines.pop()
  return lines
}

function isObjectOrList(line: string): boolean {
  return /^[[{]..+[\]}]$/.test(line) && typeof parseJson(line) === 'object'
}
