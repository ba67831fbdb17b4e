import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { namingFaults } from './naming-faults.ts'
import { EVENTS_FILE } from './wanted-files.ts'

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** The lines of a file of events, or of a gzip file that ends in .gz, in pieces. Throws under the file's name what is wrong with it. */
export async function* readLines(
  file: string,
  onBytes: (read: number) => void = () => undefined,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of openText(file, onBytes)) {
    const text = rest + decoder.decode(chunk, { stream: true })
    const lines = text.split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  if (rest !== '') yield [rest]
}

/** As readLines(), as bytes: without the newline, and without a byte order mark at the start of the file. */
export async function* readLineBytes(file: string, onBytes: (read: number) => void): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = []
  let isStart = true
  for await (const chunk of openText(file, onBytes)) {
    const bytes: Buffer = isStart && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? chunk.subarray(3) : chunk
    isStart = false
    const lines: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const line = bytes.subarray(start, end)
      lines.push(rest.length === 0 ? line : Buffer.concat([...rest, line]))
      rest = []
      start = end + 1
    }
    if (start < bytes.length) rest.push(bytes.subarray(start))
    yield lines
  }
  if (rest.length > 0) yield [Buffer.concat(rest)]
}

/** A file's bytes, unpacked when its name ends in .gz. */
function openText(file: string, onBytes: (read: number) => void): AsyncIterable<Buffer> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 })
  raw.on('data', (chunk) => onBytes(chunk.length))
  // The error of one ends the other and is thrown to whoever reads.
  const text: Readable = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => undefined) : raw
  return namingFaults(file, EVENTS_FILE, text)
}
