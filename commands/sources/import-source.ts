import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { ImportCommand } from '../../cli/command.ts'
import type { Output } from '../../cli/output.ts'
import { createProgress, type Progress } from '../../cli/progress.ts'
import { notUtf8Note } from '../../ingest/adapters/files/mend-utf8.ts'
import { openFile } from '../../ingest/adapters/files/open-file.ts'
import type { Piece } from '../../ingest/adapters/files/piece.ts'
import { type Cutting, cutRecords } from '../../ingest/adapters/files/read-records.ts'
import { findAdapter } from '../../ingest/adapters/registry.ts'
import { namingFaults } from '../../ingest/naming-faults.ts'
import { sizeOfFile } from '../../ingest/size-of-file.ts'
import { framedBytes, frameHeader, framePiece } from '../../ingest/sources/record-frames.ts'
import { LOG_FILE } from '../../ingest/wanted-files.ts'
import { createImportClient, type ImportClient, type RemoteAnswer, type RemoteImport } from './import-client.ts'
import { createImportTotal, type ImportTotal } from './import-total.ts'

export interface ImportSourceParts {
  readonly token: string
  readonly stdout: Output
  readonly stderr: Output
  readonly monotonic: () => number
  readonly sleep: (ms: number) => Promise<void>
}

const PIECES_A_REQUEST = 10_000
const BYTES_A_REQUEST = 4 * 1024 * 1024
const CHUNK_BYTES = 1 << 20

/** A file that is not worth going on with; the message says why. */
class HopelessFile extends Error {}

/**
 * Puts files of a CRM's own log into a running service, as rows of a configured source. How far each has come is kept by
 * the service together with its events: repeated after whatever broke it off, it goes on there. Exit code 1 when a file
 * could not be read.
 */
export async function importSource(command: ImportCommand, source: string, parts: ImportSourceParts): Promise<number> {
  const { stdout, stderr, monotonic } = parts
  const client = createImportClient(source, { url: command.url, token: parts.token, sleep: parts.sleep })
  const sizes = await Promise.all(command.files.map((file) => sizeOfFile(file, LOG_FILE)))
  const totalBytes = Math.max(
    1,
    sizes.reduce((all, size) => all + size, 0),
  )
  const progress = createProgress({ label: 'importing', unit: 'rows', total: null, stream: stderr, now: monotonic })
  const total = createImportTotal(stderr)
  let bytesBefore = 0
  let failed = false
  for (const [index, file] of command.files.entries()) {
    const share = (bytes: number) => Math.min(1, (bytesBefore + bytes) / totalBytes)
    try {
      await importFile(file, { client, again: command.again, total, progress, share, stderr })
    } catch (error) {
      if (!(error instanceof HopelessFile)) throw error
      failed = true
      stderr.write(`${file}: ${error.message}\n`)
    }
    bytesBefore += sizes[index]
  }
  progress.finish(total.rows)
  stdout.write(total.summary())
  return failed ? 1 : 0
}

interface FileParts {
  readonly client: ImportClient
  readonly again: boolean
  readonly total: ImportTotal
  readonly progress: Progress
  /** How far the whole import is at so many bytes of this file. */
  readonly share: (bytes: number) => number
  readonly stderr: Output
}

async function importFile(file: string, { client, again, total, progress, share, stderr }: FileParts): Promise<void> {
  const file_uid = await digestOf(file)
  const remote = await client.state(file_uid)
  if (remote.done && !again) {
    stderr.write(`${file}: imported before; --again reads it once more\n`)
    return
  }
  const adapter = findAdapter(remote.adapter)
  if (adapter === undefined)
    throw new Error(`this crmwatch has no adapter '${remote.adapter}': use the service's version`)
  const start = remote.done ? 0 : remote.pieces
  if (start > 0) stderr.write(`${file}: going on behind record ${remote.records}\n`)
  const sender = createSender(file, file_uid, start, remote, client, total)
  let bytes = 0
  let pieces = 0
  let notUtf8 = 0
  let broken: string | null = null
  try {
    for await (const { chunks } of openFile(file, (read) => (bytes += read))) {
      for await (const part of cutRecords(chunks, adapter, remote)) {
        const skipped = Math.max(0, Math.min(part.pieces.length, start - pieces))
        pieces += part.pieces.length
        notUtf8 += part.notUtf8
        for (const piece of part.pieces.slice(skipped)) await sender.add(part.cutting, piece)
        if (skipped < part.pieces.length) progress.update(total.rows, share(bytes))
      }
      await sender.flush()
    }
  } catch (error) {
    if (!isFileFault(error)) throw error
    broken = error.message
  }
  await sender.finish()
  if (notUtf8 > 0) stderr.write(`${file}: ${notUtf8Note(notUtf8)}\n`)
  if (broken !== null) throw new HopelessFile(broken)
}

const isFileFault = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'ZipError' || error.name === 'ExpansionError')

/** SHA-256 of the content: a file is the same under another name, and another under the same. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  const chunks = namingFaults(file, LOG_FILE, createReadStream(file, { highWaterMark: CHUNK_BYTES }))
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

/** Gathers records to requests, of which one is under way while the next is filled. */
function createSender(
  file: string,
  file_uid: string,
  start: number,
  { body_limit_bytes }: RemoteImport,
  client: ImportClient,
  total: ImportTotal,
) {
  const mostBytes = Math.min(BYTES_A_REQUEST, body_limit_bytes)
  let next = start
  let cutting: Cutting = { format: 'json' }
  let frames: Buffer[] = []
  let bytes = 0
  let waiting = 0
  let underWay: Promise<void> = Promise.resolve()
  let isFirst = start === 0

  const judge = (answer: RemoteAnswer | null) => {
    if (answer === null) return
    total.add(basename(file), answer)
    const refused = answer.rejected.length
    // The service keeps no note of a beginning of which nothing can be read.
    if (isFirst && refused > 0 && answer.records === 0)
      throw new HopelessFile(`none of its first ${refused} records can be read: is it the log of this source?`)
    isFirst = false
  }

  const send = async (last: boolean): Promise<void> => {
    const part = {
      first: next,
      last,
      format: cutting.format,
      delimiter: cutting.format === 'csv' ? cutting.delimiter : ',',
      body: Buffer.concat(frames),
    }
    const pieces = waiting
    next += pieces
    frames = []
    bytes = 0
    waiting = 0
    await underWay
    underWay = client.send(file_uid, part, pieces).then(judge)
    // It is awaited before the next one; until then nobody else looks at its failure.
    underWay.catch(() => undefined)
  }

  const flush = async () => {
    if (waiting > 0) await send(false)
  }

  return {
    async add(given: Cutting, piece: Piece): Promise<void> {
      const size = framedBytes(piece)
      if (waiting >= PIECES_A_REQUEST || (waiting > 0 && bytes + size > mostBytes)) await send(false)
      if (waiting === 0) {
        cutting = given
        frames = frameHeader(given)
        bytes = frames.reduce((all, { length }) => all + length, 0)
      }
      // The piece is valid until the next one is cut, and the request goes out later.
      frames.push(...framePiece(piece).map((part) => Buffer.from(part)))
      bytes += size
      waiting++
    },
    flush,
    async finish(): Promise<void> {
      await flush()
      await send(true)
      await underWay
    },
  }
}
