import type { ImportCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { createProgress } from '../cli/progress.ts'
import { readLines } from '../ingest/read-lines.ts'
import { baseOf } from './base-url.ts'

export interface ImportParts {
  readonly token: string
  readonly stdout: Output
  readonly stderr: Output
  readonly monotonic: () => number
  readonly sleep: (ms: number) => Promise<void>
}

interface Answer {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

const LINES_A_REQUEST = 5_000
const BYTES_A_REQUEST = 4 * 1024 * 1024
const MAX_TRIES = 60
const SHOWN_REJECTS = 20

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

  const send = async (lines: readonly { text: string; number: number }[], file: string): Promise<void> => {
    const answer = await post(command.url, lines.map(({ text }) => text).join('\n'), parts)
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
    let waiting: { text: string; number: number }[] = []
    let bytes = 0
    for await (const lines of readLines(file)) {
      for (const text of lines) {
        number++
        if (text.trim() === '') continue
        waiting.push({ text, number })
        bytes += text.length
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

/** Sends one body, again after 429 and 503. Throws with the service's own words otherwise. */
async function post(url: string, body: string, parts: ImportParts): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(new URL('v1/events', baseOf(url)), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${parts.token}` },
      body,
    })
    if (response.ok) return (await response.json()) as Answer
    const retry = response.status === 429 || response.status === 503
    if (!retry || attempt === MAX_TRIES) {
      throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
    }
    await parts.sleep(1000 * Number(response.headers.get('retry-after') ?? 1))
  }
}
