import type { Static } from 'typebox'
import type { Adapter, SourceOptions } from '../adapter.ts'
import { asUtf8, unpacked } from './decode.ts'
import { isWrappedJson } from './json-line.ts'
import { parseJson } from './parse-json.ts'
import type { Piece, SourceRecord, Splitter } from './piece.ts'
import { createCsvReader, guessDelimiter } from './read-csv.ts'
import { createJsonReader } from './read-json.ts'
import { createCsvSplitter } from './split-csv.ts'
import { createJsonSplitter } from './split-json.ts'
import { createLineSplitter } from './split-lines.ts'

type Options = Pick<Static<typeof SourceOptions>, 'format' | 'encoding' | 'delimiter'>
type Layout = Pick<Adapter, 'lists' | 'keyOf'>

const HEAD_BYTES = 65_536
const BROKEN_GZIP = { reason: 'truncated', detail: 'the compressed file is broken or ends in the middle' } as const

/**
 * The records of one file, some at a time, in constant memory. Gzip is unpacked; CSV, a JSON list, JSON lines, objects
 * one after the other, and an object with a list of records are told apart by the first bytes. A record that cannot be
 * read is given with its reason; only an error of `chunks` itself throws.
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  options: Options,
): AsyncGenerator<readonly SourceRecord[]> {
  let failed = false
  const guarded = guard(chunks, () => {
    failed = true
  })
  const bytes = asUtf8(unpacked(guarded), options.encoding)
  let reading: Reading | null = null
  let head: Buffer = Buffer.alloc(0)
  let broken = false
  try {
    for await (const chunk of bytes) {
      if (reading !== null) yield reading.read(reading.splitter.push(chunk))
      else {
        head = Buffer.concat([head, chunk])
        if (head.length < HEAD_BYTES) continue
        reading = readingFor(head, layout, options)
        yield reading.read(reading.splitter.push(head))
      }
    }
  } catch (error) {
    if (failed || !isZlibError(error)) throw error
    broken = true
  }
  if (reading === null) {
    reading = readingFor(head, layout, options)
    yield reading.read(reading.splitter.push(head))
  }
  // The last record of a file that broke off would be half of one.
  const last: Piece[] = broken ? [{ raw: Buffer.alloc(0), fault: BROKEN_GZIP }] : reading.splitter.end()
  yield reading.read(last)
}

/** Passes chunks on and notes their own errors, to be told from those of the decompression. */
async function* guard(chunks: AsyncIterable<Buffer>, onError: () => void): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    onError()
    throw error
  }
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code))

interface Reading {
  readonly splitter: Splitter
  readonly read: (pieces: readonly Piece[]) => SourceRecord[]
}

function readingFor(head: Buffer, { lists, keyOf }: Layout, options: Options): Reading {
  const text = head.toString()
  const isAll = head.length < HEAD_BYTES
  const isWrapped = isWrappedJson(wholeLines(text, isAll)[0] ?? '')
  const isJson = isWrapped || /^\s*[[{]/.test(text)
  const format = options.format === 'auto' ? (isJson ? 'json' : 'csv') : options.format
  if (format === 'json') {
    const splitter = isWrapped || areLines(text, isAll) ? createLineSplitter() : createJsonSplitter(lists)
    return { splitter, read: createJsonReader(lists, keyOf) }
  }
  const named = options.delimiter === 'tab' ? '\t' : options.delimiter
  const delimiter = named === 'auto' ? guessDelimiter(text) : named
  return { splitter: createCsvSplitter(delimiter), read: createCsvReader(delimiter, keyOf ?? ((name) => name)) }
}

/** Whether the first line is a whole JSON value by itself; should it be broken, whether the second is. */
function areLines(head: string, isAll: boolean): boolean {
  const [first = '', second = ''] = wholeLines(head, isAll)
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
