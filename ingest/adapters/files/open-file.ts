import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { unpacked, withHead } from './decode.ts'
import { type FileEntry, ZipError, zipEntries } from './zip-entries.ts'

const CHUNK_BYTES = 1 << 18
const ZIP_SIGNATURE = Buffer.from('PK')

/**
 * The logs in a file: one, plain or gzip, or those of a zip in the order of its directory. What it is follows from the
 * first bytes. Throws ExpansionError, ZipError, and the file system's errors. `onBytes` is told how many bytes of the
 * file were read.
 */
export async function* openFile(path: string, onBytes: (bytes: number) => void = () => undefined) {
  if (await isZip(path)) yield* zipEntries(path, onBytes)
  else yield { name: null, chunks: unpacked(counted(path, onBytes)) } satisfies FileEntry
}

/** As openFile, of standard input, of which a zip cannot be read: what is in it stands at its end. */
export async function* openStream(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileEntry> {
  yield { name: null, chunks: unpacked(refusingZip(bytes)) }
}

async function* refusingZip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of withHead(bytes)) {
    if (isFirst && isZipHead(chunk)) throw new ZipError('a zip is read from a file alone')
    isFirst = false
    yield chunk
  }
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return isZipHead(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** By the first four bytes, of which the last two tell a local file header, an empty archive, or one in parts. */
const isZipHead = (head: Buffer): boolean =>
  head.length >= 4 && head.subarray(0, 2).equals(ZIP_SIGNATURE) && head[2] < 9 && head[3] === head[2] + 1

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    onBytes(chunk.length)
    yield chunk
  }
}
