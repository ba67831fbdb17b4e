import type { Config } from '../../config.ts'
import { type Calibration, createCalibration } from '../../fixtures/evaluation/calibration.ts'
import type { Mark, Opening } from '../../fixtures/evaluation/mark.ts'
import { openFoundation } from '../../ingest/core.ts'
import { episodeActorOf } from '../../ingest/episode-actor.ts'
import { foldStore } from '../../ingest/offline/replay.ts'
import { weightOf } from '../../model/episode.ts'
import { coreOptions } from '../core-options.ts'
import { askedBy, calibratedTails, TEST_IDS } from './calibrated-tails.ts'
import type { Dataset } from './dataset.ts'
import { looseCuts } from './loose-cuts.ts'
import { configFor } from './product-config.ts'

export interface ProductRun {
  /** Alerts as the configuration would have opened them. */
  readonly openings: readonly Opening[]
  /** Every finding with its strength, for cuts chosen afterwards. */
  readonly marks: readonly Mark[]
  readonly calibration: Calibration
}

export interface RunOptions {
  readonly config: Config
  /** Whether the staff feed is given to the product. */
  readonly withStaff: boolean
  /** `configured`: as in production. `loose`: cuts so low that any budget asked for lies above them. */
  readonly cuts: 'configured' | 'loose'
  readonly now: () => number
}

/**
 * Folds a prepared data set as `replay` does: the same store, the same fold, the same grouping into alerts. What is
 * found is noted on the way from the engine to the alerts, nothing else differs.
 */
export async function runProduct(dataset: Dataset, { config, withStaff, cuts, now }: RunOptions): Promise<ProductRun> {
  const options = coreOptions(configFor(config, dataset.planted))
  const asked = askedBy(options.detectors)
  const foundation = await openFoundation({
    ...options,
    ...(cuts === 'loose' ? looseCuts() : {}),
    dir: dataset.dir,
    memoryLimit: `${Math.max(config.data.memory_limit_mb, 1024)}MB`,
    timeZone: dataset.timeZone,
    now,
    after: () => () => undefined,
  })
  const { engine, book, codes } = foundation
  const marks: Mark[] = []
  const calibration = createCalibration(TEST_IDS)
  const campaignsOf = spansByActor(dataset)
  // A look-back closes days a second time.
  const countedDays = new Set<string>()
  try {
    const { opened: alerts } = await foldStore(
      {
        ...foundation,
        book: {
          ...book,
          add(actor, finding, openedAt, wallClock) {
            marks.push({
              // What a cut is compared with is how rarely chance alone brings a person-day's risk about.
              ...weightOf(finding),
              actor: actor.actor_uid,
              time: Math.max(finding.time, openedAt),
              leaver: actor.leaver !== 'none',
              detector: finding.detector,
            })
            return book.add(actor, finding, openedAt, wallClock)
          },
        },
        engine: {
          ...engine,
          takeClosedDays() {
            const closed = engine.takeClosedDays()
            for (const day of closed) {
              const { actor_uid, org_uid } = episodeActorOf(engine, codes, day.actor, 0)
              const time = day.day * 86_400_000
              if (time < dataset.truth.from || campaignsOf(actor_uid, time)) continue
              const key = `${day.actor} ${day.day}`
              if (countedDays.has(key)) continue
              countedDays.add(key)
              const { calibrated } = engine.calibrationOf(org_uid, day.role, day.day)
              calibration.add(calibratedTails(day.surprise, asked, calibrated))
            }
            return closed
          },
        },
      },
      { staff: withStaff ? dataset.staff : [], now: now(), keep: false },
    )
    return {
      marks: inOrder(marks),
      calibration: calibration.result(),
      openings: alerts.map((alert) => ({
        actor: alert.actor_uid,
        openedAt: alert.opened_at,
        leaver: alert.leaver,
        detector: alert.detector,
      })),
    }
  } finally {
    await foundation.db[Symbol.asyncDispose]()
  }
}

/** Look-backs tell of the past later on: marks are put in the order in which they could be told. */
const inOrder = (marks: readonly Mark[]): Mark[] => [...marks].sort((a, b) => a.time - b.time)

/** Whether a day may hold what an actor stole within the longest window. */
function spansByActor({ truth }: Dataset): (actor: string, time: number) => boolean {
  const LONGEST_MS = 28 * 86_400_000
  const spans = truth.campaigns.flatMap(({ actors, from, to }) => actors.map((actor) => ({ actor, from, to })))
  return (actor, time) =>
    spans.some((span) => span.actor === actor && time >= span.from - 2 * 86_400_000 && time <= span.to + LONGEST_MS)
}
