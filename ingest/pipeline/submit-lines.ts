import { endOfPiece, rawLines } from '../bytes/pieces.ts'
import type { ValueReader } from '../bytes/value-reader.ts'
import type { BatchDoor } from './batch-door.ts'
import type { Intake, Taken } from './intake.ts'
import type { PipelineHooks, SubmitResult } from './pipeline-contract.ts'

export interface LineSubmitParts {
  readonly door: BatchDoor
  readonly intake: Intake
  readonly readValues: ValueReader
  readonly hooks: Pick<PipelineHooks, 'events'>
  readonly batchMaxEvents: number
}

/** Lines taken at a time; between two slices others on the thread have their turn. */
const SLICE = 250

/** Takes the lines of a request; resolves after the commit. Null when there is no room for them. */
export type LineSubmit = (lines: readonly Buffer[], source: string, org: string | null) => Promise<SubmitResult> | null

export function createLineSubmit({ door, intake, readValues, hooks, batchMaxEvents }: LineSubmitParts): LineSubmit {
  /** Lines that were told to have room and are yet to be taken. */
  let promised = 0

  /** `onTaken` is told how many lines each slice has taken. */
  const submit = async (
    lines: readonly Buffer[],
    source: string,
    org: string | null,
    onTaken: (count: number) => void,
  ): Promise<SubmitResult> => {
    let accepted = 0
    let duplicates = 0
    const rejected: SubmitResult['rejected'] = []
    const handOver = door.handOver(source, org, (duplicate) => {
      if (duplicate) duplicates++
      else accepted++
    })
    const raw = rawLines(lines)
    let first = 0
    const tell = (i: number, outcome: Taken) => {
      if (outcome === 'accepted') accepted++
      else if (outcome === 'duplicate') duplicates++
      else if (outcome !== 'unsure') {
        const line = first + i + 1
        rejected.push({ line, reason: outcome.detail })
        door.reject({ source, topic: null, partition: null, offset: null, line }, outcome, raw[first + i].value)
      }
    }
    while (first < raw.length) {
      if (door.room() < 1) await door.waitForRoom()
      const end = endOfPiece(raw, first, Math.min(SLICE, door.room()))
      const block = readValues(raw.slice(first, end), handOver)
      intake.open(block, source).take(0, block.length, handOver, door.enter(), tell)
      onTaken(end - first)
      first = end
      if (first < raw.length) await door.breathe()
    }
    hooks.events(source, accepted, duplicates)
    // Batches are written in turn: what went into an earlier one is stored by then.
    await door.stored()
    return { accepted, duplicates, rejected }
  }

  return (lines, source, org) => {
    // A large request waits for room part by part; it holds its own lines only, and the caller bounds how many do.
    if (lines.length * 2 > batchMaxEvents) return submit(lines, source, org, () => undefined)
    if (door.room() - promised < lines.length) return null
    let own = lines.length
    promised += own
    const keep = (count: number) => {
      promised -= count
      own -= count
    }
    return submit(lines, source, org, keep).finally(() => keep(own))
  }
}
