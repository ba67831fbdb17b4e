import type { BatchDoor } from './batch-door.ts'
import { endOfPiece, rawLines } from './bytes/pieces.ts'
import type { ValueReader } from './bytes/value-reader.ts'
import type { Intake } from './intake.ts'
import type { PipelineHooks, SubmitResult } from './pipeline-contract.ts'

export interface LineSubmitParts {
  readonly door: BatchDoor
  readonly intake: Intake
  readonly readValues: ValueReader
  readonly hooks: Pick<PipelineHooks, 'events'>
  readonly batchMaxEvents: number
}

/** Lines read at a time. */
const SLICE = 250

/** Takes the lines of a request; resolves after the commit. Null when there is no room for them. */
export type LineSubmit = (lines: readonly Buffer[], source: string, org: string | null) => Promise<SubmitResult> | null

export function createLineSubmit({ door, intake, readValues, hooks, batchMaxEvents }: LineSubmitParts): LineSubmit {
  /** A request that may not fit one batch. */
  const inParts = async (lines: readonly Buffer[], source: string, org: string | null): Promise<SubmitResult> => {
    const whole: SubmitResult = { accepted: 0, duplicates: 0, rejected: [] }
    let { accepted, duplicates } = whole
    for (let from = 0; from < lines.length; ) {
      await door.waitForRoom()
      const part = lines.slice(from, from + door.room())
      const result = await submit(part, source, org, from)
      accepted += result.accepted
      duplicates += result.duplicates
      whole.rejected.push(...result.rejected)
      from += part.length
    }
    return { accepted, duplicates, rejected: whole.rejected }
  }

  /** `before`: lines of the request that were taken already. */
  const submit = async (
    lines: readonly Buffer[],
    source: string,
    org: string | null,
    before: number,
  ): Promise<SubmitResult> => {
    let accepted = 0
    let duplicates = 0
    const rejected: SubmitResult['rejected'] = []
    const batch = door.enter()
    const handOver = door.handOver(source, org, (duplicate) => {
      if (duplicate) duplicates++
      else accepted++
    })
    const raw = rawLines(lines)
    for (let from = 0; from < raw.length; ) {
      const to = endOfPiece(raw, from, SLICE)
      const block = readValues(raw.slice(from, to), handOver)
      intake.open(block, source).take(0, block.length, handOver, batch, (i, outcome) => {
        if (outcome === 'accepted') accepted++
        else if (outcome === 'duplicate') duplicates++
        else if (outcome !== 'unsure') {
          const line = before + from + i + 1
          rejected.push({ line, reason: outcome.detail })
          door.reject({ source, topic: null, partition: null, offset: null, line }, outcome, raw[from + i].value)
        }
      })
      from = to
    }
    hooks.events(source, accepted, duplicates)
    await door.stored()
    return { accepted, duplicates, rejected }
  }

  return (lines, source, org) => {
    // A large request waits for room part by part; it holds its own lines only, and the caller bounds how many do.
    if (lines.length * 2 > batchMaxEvents) return inParts(lines, source, org)
    return door.room() < lines.length ? null : submit(lines, source, org, 0)
  }
}
