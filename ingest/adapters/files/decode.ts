import { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { checkExpansion } from './expansion.ts'

const HEAD_BYTES = 4

/**
 * The file's bytes, unpacked when they are gzip: by the first bytes, not by the name. Broken gzip throws, and so does
 * gzip that grows out of all proportion.
 */
export async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = withHead(chunks)[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true) return
  const all = chain(first.value, iterator)
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all
  else {
    const gunzip = createGunzip({ chunkSize: 1 << 18 })
    let packed = 0
    let unpackedBytes = 0
    const source = Readable.from(counted(all, (bytes) => (packed += bytes)))
    source.on('error', (error) => gunzip.destroy(error))
    for await (const chunk of source.pipe(gunzip)) {
      unpackedBytes += (chunk as Buffer).length
      checkExpansion(packed, unpackedBytes)
      yield chunk as Buffer
    }
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, add: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    add(chunk.length)
    yield chunk
  }
}

/** The same bytes, the first chunk being long enough to tell compression and encoding by, if there are that many. */
export async function* withHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (head === null) yield chunk
    else {
      head = Buffer.concat([head, chunk])
      if (head.length < HEAD_BYTES) continue
      yield head
      head = null
    }
  }
  if (head !== null && head.length > 0) yield head
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** The bytes as UTF-8 without a byte order mark. `encoding` auto: what the mark says, else UTF-8. */
export async function* asUtf8(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null | undefined
  for await (const chunk of withHead(chunks)) {
    if (decoder === undefined) {
      const label = encoding === 'auto' ? encodingOf(chunk) : encoding
      decoder = /^utf-?8$/i.test(label) ? null : new TextDecoder(label)
      const marked = decoder === null && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
      yield marked ? chunk.subarray(3) : textOf(decoder, chunk)
    } else {
      yield textOf(decoder, chunk)
    }
  }
  if (decoder != null) yield Buffer.from(decoder.decode())
}

/** As asUtf8, of a whole document in memory. */
export function utf8Of(document: Buffer, encoding: string): Buffer {
  const label = encoding === 'auto' ? encodingOf(document) : encoding
  if (!/^utf-?8$/i.test(label)) return Buffer.from(new TextDecoder(label).decode(document))
  const marked = document[0] === 0xef && document[1] === 0xbb && document[2] === 0xbf
  return marked ? document.subarray(3) : document
}

const textOf = (decoder: TextDecoder | null, chunk: Buffer): Buffer =>
  decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }))

/** By the byte order mark, or by the zero bytes that Latin text has in UTF-16. */
function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head.length >= 4 && head[1] === 0 && head[3] === 0 && head[0] !== 0) return 'utf-16le'
  if (head.length >= 4 && head[0] === 0 && head[2] === 0 && head[1] !== 0) return 'utf-16be'
  return 'utf-8'
}

/** Whether the runtime can read the encoding. */
export function isEncoding(label: string): boolean {
  if (label === 'auto') return true
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}
