import type { StaffRecord } from '../../model/staff.ts'
import { type MessageBlock, valueAt } from '../bytes/message-block.ts'
import { endOfPiece, messagesOf, rawMessages } from '../bytes/pieces.ts'
import type { ValueReader } from '../bytes/value-reader.ts'
import { readMessages } from '../sources/read-messages.ts'
import type { RowsHandOver } from '../sources/rows-hand-over.ts'
import type { Source } from '../sources/source.ts'
import type { BlockSink, StreamMessage } from '../stream-sink.ts'
import type { BatchDoor } from './batch-door.ts'
import type { BlockTaker, Intake, MessagePlace } from './intake.ts'
import type { PartitionOffsets } from './partition-offsets.ts'
import type { PipelineOptions } from './pipeline-contract.ts'
import { readStaffMessage } from './take-staff.ts'

export interface MessageTakerParts {
  readonly door: BatchDoor
  readonly intake: Intake
  readonly offsets: PartitionOffsets
  readonly readValues: ValueReader
  readonly takeRows: (hand: RowsHandOver) => Promise<void>
  readonly putStaff: (records: readonly StaffRecord[]) => void
  readonly options: Pick<
    PipelineOptions,
    'defaultOrg' | 'maxFutureMs' | 'keepDeadLetterBodies' | 'staffTopic' | 'streams' | 'streamSource' | 'hooks'
  >
}

/** Messages taken at a time; between two slices others on the thread have their turn. */
const SLICE = 250

/** Takes the messages of a stream, each once, and notes how far its partition was taken. */
export function createMessageTaker({
  door,
  intake,
  offsets,
  readValues,
  takeRows,
  putStaff,
  options,
}: MessageTakerParts): Pick<BlockSink, 'push' | 'pushBlock'> {
  const { staffTopic, streams, streamSource: source, hooks } = options

  const takeStaff = (value: Buffer | null, place: MessagePlace) => {
    const now = door.now()
    const staff = readStaffMessage(value, { org: options.defaultOrg, now, latestTime: now + options.maxFutureMs })
    if (staff.ok) putStaff([staff.record])
    else door.reject(place, staff.reject, value)
  }

  /** Of the messages of one block those from `from` to `to`, which have room. */
  const takeSlice = (
    topic: string,
    partition: number,
    block: MessageBlock,
    taker: BlockTaker,
    from: number,
    to: number,
  ) => {
    const before = offsets.next(topic, partition) ?? -1n
    let accepted = 0
    let duplicates = 0
    const batch = door.enter()
    let first = from
    // Offsets rise within a slice, so what was taken before stands at its front.
    while (first < to && block.offsets[first] < before) first++
    if (first === to) return
    const placeOf = (i: number) => ({ source, topic, partition, offset: String(block.offsets[i]), line: null })
    const handOver = door.handOver(source, null, IGNORE)
    if (topic === staffTopic) for (let i = first; i < to; i++) takeStaff(valueAt(block, i), placeOf(i))
    else
      taker.take(first, to, handOver, batch, (i, outcome) => {
        if (outcome === 'accepted') accepted++
        else if (outcome === 'duplicate') duplicates++
        else if (outcome !== 'unsure') door.reject(placeOf(i), outcome, valueAt(block, i))
      })
    offsets.take(topic, partition, block.offsets[to - 1] + 1n, batch.offsets)
    hooks.events(source, accepted, duplicates)
  }

  /** Messages that hold rows of a CRM's own log. */
  const takeNative = async (
    native: Source,
    topic: string,
    partition: number,
    messages: readonly StreamMessage[],
  ): Promise<void> => {
    for (let from = 0; from < messages.length; from += SLICE) {
      const before = offsets.next(topic, partition) ?? -1n
      const slice = messages.slice(from, from + SLICE).filter(({ offset }) => BigInt(offset) >= before)
      if (slice.length === 0) continue
      const next = BigInt(slice[slice.length - 1].offset) + 1n
      const rows = readMessages(native, slice, {
        defaultOrg: options.defaultOrg,
        latestTime: door.now() + options.maxFutureMs,
        keepBodies: options.keepDeadLetterBodies,
      })
      await takeRows({
        source: native.name,
        rows,
        stream: { topic, partition },
        finish: (into) => offsets.take(topic, partition, next, into.offsets),
      })
      await door.breathe()
    }
  }

  return {
    async push(topic, partition, messages) {
      const native = streams.get(topic)
      if (native !== undefined) return takeNative(native, topic, partition, messages)
      const raw = rawMessages(messages)
      for (let from = 0; from < raw.length; ) {
        await door.waitForRoom()
        const to = endOfPiece(raw, from, Math.min(SLICE, door.room()))
        const block = readValues(raw.slice(from, to), door.handOver(source, null, IGNORE))
        takeSlice(topic, partition, block, intake.open(block, source), 0, block.length)
        door.schedule()
        from = to
        if (from < raw.length) await door.breathe()
      }
    },

    async pushBlock(topic, partition, block) {
      const native = streams.get(topic)
      if (native !== undefined) return takeNative(native, topic, partition, messagesOf(block))
      const taker = intake.open(block, source)
      for (let from = 0; from < block.length; ) {
        await door.waitForRoom()
        const to = Math.min(block.length, from + Math.min(SLICE, door.room()))
        takeSlice(topic, partition, block, taker, from, to)
        door.schedule()
        from = to
        if (from < block.length) await door.breathe()
      }
    },
  }
}

const IGNORE = () => undefined
