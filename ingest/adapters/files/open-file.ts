import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { unpacked } from './decode.ts'
import { type FileEntry, zipEntries } from './zip-entries.ts'

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

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    // The third and fourth byte tell a local file header, an empty archive, or one in parts.
    return (
      bytesRead === 4 && buffer.subarray(0, 2).equals(ZIP_SIGNATURE) && buffer[2] < 9 && buffer[3] === buffer[2] + 1
    )
  } finally {
    await file.close()
  }
}

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    onBytes(chunk.length)
    yield chunk
  }
}
