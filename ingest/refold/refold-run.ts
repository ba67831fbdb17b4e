import type { Engine } from '../../detectors/engine.ts'
import type { Database } from '../../store/database.ts'
import type { OpenBatch } from '../pipeline/open-batch.ts'
import { type Aside, refoldPasts } from './refold.ts'
import { createRefoldQueue, type PastRequest, type RefoldRequest } from './refold-queue.ts'

export interface RefoldRunParts {
  readonly db: Database
  readonly engine: Engine
  /** As in PipelineOptions. */
  readonly wholeEvents: boolean
  readonly pending: readonly RefoldRequest[]
  /** The batch that is filling now. */
  readonly batch: () => OpenBatch
  /** The results are in the open batch. */
  readonly done: () => void
}

/** Folds pasts again beside the pipeline, one group of actors at a time. */
export interface RefoldRun {
  /** What came for suspended actors meanwhile. */
  readonly asides: Map<number, Aside[]>
  add(request: RefoldRequest): void
  /** What waits to be folded for an actor. */
  of(actor: number): RefoldRequest | null
  /**
   * Suspends the actors that are next and gives their requests: none while others are being folded. From here on their
   * events are kept aside; all before are in the batch that is about to be written, or in the store.
   */
  begin(): readonly PastRequest[]
  /** Folds the pasts of those, up to the event `before`; the results go with the open batch. */
  run(requests: readonly PastRequest[], before: number): Promise<void>
  readonly running: boolean
  readonly waiting: number
}

const ACTORS_AT_ONCE = 64

export function createRefoldRun({ db, engine, wholeEvents, pending, batch, done }: RefoldRunParts): RefoldRun {
  const queue = createRefoldQueue()
  for (const request of pending) queue.add(request)
  const asides = new Map<number, Aside[]>()
  let running = false

  return {
    asides,
    add: queue.add,
    of: queue.of,

    begin() {
      const requests = running ? [] : queue.take(ACTORS_AT_ONCE)
      for (const { actor } of requests) engine.suspend(actor)
      if (requests.length > 0) running = true
      return requests
    },

    async run(requests, before) {
      await refoldPasts(requests, {
        db,
        engine,
        bounds: `e.seq < ${before}`,
        whole: wholeEvents,
        takeOthers() {
          batch().findings.push(...engine.takeFindings())
          batch().closedDays.push(...engine.takeClosedDays())
        },
        takeAsides(actor) {
          const kept = asides.get(actor) ?? []
          asides.delete(actor)
          return kept
        },
        done(refolded) {
          batch().refolded.push(refolded)
          batch().requests.push(...refolded.late)
        },
      })
      running = false
      done()
    },

    get running() {
      return running
    },
    get waiting() {
      return queue.size
    },
  }
}
