import type { ImportCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { createProgress } from '../cli/progress.ts'
import { readLines } from '../ingest/read-lines.ts'
import { createServiceAsker, refused } from './ask-service.ts'

export interface ImportParts {
  readonly token: string
  readonly stdout: Output
  readonly stderr: Output
  readonly monotonic: () => number
  readonly sleep: (ms: number) => Promise<void>
}

interface Line {
  readonly text: string
  readonly number: number
}

interface Answer {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

const LINES_A_REQUEST = 5_000
const BYTES_A_REQUEST = 4 * 1024 * 1024
const SHOWN_REJECTS = 20
const BODY_TOO_LARGE = 413

/** Puts files of events (JSON lines, plain or .gz) into a running service. The same file twice changes nothing. */
export async function importInto(command: ImportCommand, parts: ImportParts): Promise<number> {
  const total = { accepted: 0, duplicates: 0, rejected: 0 }
  const progress = createProgress({
    label: 'importing',
    unit: 'events',
    total: null,
    stream: parts.stderr,
    now: parts.monotonic,
  })
  let shown = 0

  const ask = createServiceAsker({ url: command.url, ...parts })
  const headers = { 'content-type': 'application/x-ndjson' }

  const send = async (lines: readonly Line[], file: string): Promise<void> => {
    const body = lines.map(({ text }) => text).join('\n')
    const response = await ask('v1/events', {}, { method: 'POST', headers, body })
    if (response.status === BODY_TOO_LARGE && lines.length > 1) {
      await response.arrayBuffer()
      const half = Math.ceil(lines.length / 2)
      await send(lines.slice(0, half), file)
      return send(lines.slice(half), file)
    }
    if (!response.ok) return refused(command.url, response)
    const answer = (await response.json()) as Answer
    total.accepted += answer.accepted
    total.duplicates += answer.duplicates
    total.rejected += answer.rejected.length
    for (const { line, reason } of answer.rejected) {
      if (shown++ < SHOWN_REJECTS) parts.stderr.write(`${file}:${lines[line - 1]?.number ?? line}: ${reason}\n`)
    }
    progress.update(total.accepted + total.duplicates)
  }

  for (const file of command.files) {
    let number = 0
    let waiting: Line[] = []
    let bytes = 0
    for await (const lines of readLines(file)) {
      for (const text of lines) {
        number++
        if (text.trim() === '') continue
        waiting.push({ text, number })
        bytes += Buffer.byteLength(text) + 1
        if (waiting.length < LINES_A_REQUEST && bytes < BYTES_A_REQUEST) continue
        await send(waiting, file)
        waiting = []
        bytes = 0
      }
    }
    if (waiting.length > 0) await send(waiting, file)
  }
  progress.finish(total.accepted + total.duplicates)
  parts.stdout.write(`${total.accepted} accepted, ${total.duplicates} duplicates, ${total.rejected} refused\n`)
  return total.accepted + total.duplicates === 0 && total.rejected > 0 ? 1 : 0
}
