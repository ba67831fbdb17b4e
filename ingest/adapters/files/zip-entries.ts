import { createInflateRaw } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { errorCode } from '../../../model/error-code.ts'
import { unpacked } from './decode.ts'
import { checkExpansion } from './expansion.ts'

/** One log within a file: the file itself, or an entry of a zip. */
export interface FileEntry {
  /** Its name inside a zip, else null. */
  readonly name: string | null
  /** Unpacked bytes; broken gzip throws zlib's error. */
  readonly chunks: AsyncIterable<Buffer>
}

/** Why a zip cannot be read; the message names no file. */
export class ZipError extends Error {
  override readonly name = 'ZipError'
}

export const MOST_ZIP_ENTRIES = 10_000
const STORED = 0
const DEFLATED = 8
const CHUNK_BYTES = 1 << 18

/**
 * The logs of a zip, one after the other; folders and what macOS adds are left out. An entry that is itself gzip is
 * unpacked. Never more than its declared size is unpacked of an entry, and never out of all proportion, so that a small
 * archive cannot become a flood.
 */
export async function* zipEntries(path: string, onBytes: (bytes: number) => void): AsyncGenerator<FileEntry> {
  const zip = await opened(path)
  try {
    if (zip.entryCount > MOST_ZIP_ENTRIES) throw new ZipError(`the zip has more than ${MOST_ZIP_ENTRIES} entries`)
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith('/') || /(^|\/)(__MACOSX\/|\.)/.test(entry.fileName)) continue
      if (entry.isEncrypted()) throw new ZipError('the zip is encrypted')
      if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
        throw new ZipError('the zip is packed in another way than deflate')
      }
      yield { name: entry.fileName, chunks: unpacked(contentOf(zip, entry, onBytes)) }
    }
  } finally {
    zip.close()
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, lazyEntries: true })
  } catch (error) {
    throw asZipError(error)
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  const entries = zip.eachEntry()
  for (;;) {
    const next = await entries.next().catch((error) => {
      throw asZipError(error)
    })
    if (next.done === true) return
    yield next.value
  }
}

async function* contentOf(zip: ZipFile, entry: Entry, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false }).catch((error) => {
    throw asZipError(error)
  })
  let packed = 0
  raw.on('data', (chunk: Buffer) => {
    packed += chunk.length
    onBytes(chunk.length)
  })
  const stream = entry.compressionMethod === STORED ? raw : raw.pipe(createInflateRaw({ chunkSize: CHUNK_BYTES }))
  raw.on('error', (error) => stream.destroy(error))
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > entry.uncompressedSize) throw new ZipError('an entry of the zip is larger than it says')
      checkExpansion(packed, bytes)
      yield chunk
    }
  } finally {
    raw.destroy()
  }
  if (bytes < entry.uncompressedSize) throw new ZipError('an entry of the zip is smaller than it says')
}

/** The library's messages quote names and offsets of the archive; what is wrong with it is told without them. */
const asZipError = (error: unknown): Error =>
  error instanceof Error && errorCode(error)?.startsWith('E') === true
    ? error
    : new ZipError('the zip is broken or ends in the middle')
