import type { Reject } from '../adapters/canonical.ts'
import type { BatchPair } from './batch-pair.ts'
import { deadLetterOf, type HandOver, type MessagePlace } from './intake.ts'
import type { OpenBatch } from './open-batch.ts'
import type { PipelineOptions } from './pipeline-contract.ts'
import type { StoreTurns } from './store-turns.ts'

/** The way into the open batch, for all that brings something. */
export interface BatchDoor {
  /** Resolves when there is room; rejects when nothing more will be stored. */
  waitForRoom(): Promise<void>
  room(): number
  /** The batch that is filling now. */
  batch(): OpenBatch
  /** As batch(), for putting something in: notes when the first entry came. */
  enter(): OpenBatch
  /** Lets the batch be written when it is time. */
  schedule(): void
  /** Has the open batch written; resolves after the commit. */
  stored(): Promise<void>
  handOver(source: string, forcedOrg: string | null, settle: HandOver['settle']): HandOver
  /** Makes a dead letter of a message that cannot be used. */
  reject(place: MessagePlace, why: Reject, value: Buffer | null): void
  breathe(): Promise<void>
  now(): number
}

export type BatchDoorOptions = Pick<
  PipelineOptions,
  'defaultOrg' | 'maxFutureMs' | 'keepDeadLetterBodies' | 'hooks' | 'breathe' | 'now'
>

export function createBatchDoor(batches: BatchPair, turns: StoreTurns, options: BatchDoorOptions): BatchDoor {
  const { hooks, now, breathe } = options
  const { schedule } = turns
  return {
    async waitForRoom() {
      while (batches.room() < 1 && turns.failure === null) {
        const made = batches.roomMade()
        schedule()
        await made
      }
      if (turns.failure !== null) throw turns.failure
    },
    room: batches.room,
    batch: () => batches.open,
    enter() {
      batches.open.firstAt ??= now()
      return batches.open
    },
    schedule,
    stored: () =>
      new Promise((resolve, refuse) => {
        // Those who waited when it failed have been told; nobody would tell this one.
        if (turns.failure !== null) return refuse(turns.failure)
        batches.open.waiters.push((error) => (error === null ? resolve() : refuse(error)))
        schedule()
      }),
    handOver: (source, forcedOrg, settle) => ({
      source,
      forcedOrg,
      defaultOrg: options.defaultOrg,
      latestTime: now() + options.maxFutureMs,
      settle,
    }),
    reject(place, why, value) {
      const letter = deadLetterOf(place, why, value?.length ?? 0, now())
      const { deadLetters, bodies } = batches.open
      deadLetters.push(letter)
      if (options.keepDeadLetterBodies && value !== null) bodies.set(letter.letter_uid, value.toString())
      hooks.rejected(place.source, why.reason)
    },
    breathe,
    now,
  }
}
