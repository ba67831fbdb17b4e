import type { DetectedFinding } from '../model/alert.ts'
import type { EventBatch } from '../model/event-batch.ts'
import { WINDOW_MS } from '../model/measure.ts'
import { createActivity } from './activity.ts'
import type { Actor, ActorTable } from './actor-table.ts'
import { FLAG_OF_WINDOW } from './baseline/actor-history.ts'
import type { ActorFinding, EngineOptions, RefoldPlan } from './engine-contract.ts'
import { type Judge, REMARKABLE } from './judge.ts'
import { isLeavingTakenBack } from './leaver-state.ts'
import type { BoundDetector } from './registry.ts'
import { TEST_COUNT } from './risk/tests.ts'
import { createSaid, type Speech } from './said.ts'
import type { Tally } from './tally.ts'
import { type CompiledTriggers, type Listener, reachedCount } from './triggers.ts'
import { createSumWindows } from './windows/sum-windows.ts'

/** The flag of windows up to a day. */
const DAILY = FLAG_OF_WINDOW[0]

export interface ReportsParts {
  readonly table: ActorTable
  readonly tally: Tally
  readonly judge: Judge
  readonly triggers: CompiledTriggers
  readonly options: Pick<EngineOptions, 'calendar' | 'cuts' | 'kindOf' | 'onWeighed'>
}

/** Decides who is reported, and has the detectors say why. */
export interface Reports {
  /**
   * Weighs the day's surprises together after one has grown, and reports when they reach the cut, and again when they
   * have grown much or another detector speaks. `now`: of row `i`.
   */
  weigh(actor: Actor, now: number, batch: EventBatch, i: number): void
  /**
   * Counts an access of somebody who has left, and reports it: the first, then when they have doubled. Not one that a newer
   * record excuses.
   */
  accessAfterLeaving(actor: Actor, now: number, batch: EventBatch, i: number): void
  /** Findings since the last call, in the order they were made. */
  take(): ActorFinding[]
  /** Nothing is reported while muted. */
  mute(on: boolean): void
  /** What is reported, and at which limit, goes by the plan until another is given; null for as of the newest events. */
  goBy(plan: RefoldPlan | null): void
  /** Forgets what was counted and said of the actor. */
  forget(code: number): void
}

export function createReports({ table, tally, judge, triggers, options }: ReportsParts): Reports {
  const afterLeaving = createSumWindows([WINDOW_MS['1d']])
  const said = createSaid<BoundDetector>()
  let findings: ActorFinding[] = []
  let refolding: RefoldPlan | null = null
  let muted = false

  /** By the plan, or by a notice that was known before what it looks back on came. */
  const isLookedBackOn = ({ noticedAt }: Actor, now: number): boolean =>
    noticedAt !== null || (refolding?.leaverFrom != null && now >= refolding.leaverFrom)

  /** Whether nobody knew at the time that the actor would be judged as a leaver now. */
  const isHindsight = (actor: Actor, now: number): boolean =>
    isLookedBackOn(actor, now) &&
    (actor.leaver === 'none' || (actor.leaverBy !== null && actor.leaverBy.recorded_at > now))

  const weigh = (actor: Actor, now: number, batch: EventBatch, i: number) => {
    const { code } = actor
    const day = table.day[code]
    const risk = judge.risk(actor)
    const leaver = actor.leaver !== 'none' || isLookedBackOn(actor, now)
    const hasGrown = risk > table.risk[code]
    if (hasGrown) {
      table.risk[code] = risk
      table.score[code] = judge.score(actor, !leaver ? null : isHindsight(actor, now) ? 'lookBack' : 'live')
    }
    options.onWeighed?.({
      ...{ actor: code, time: now, day, risk: table.risk[code], hasGrown, leaver },
      calibration: judge.calibration(actor),
      speeches: () => speechesOf(actor),
      findings: (detectors) => examine(actor, detectors, batch, i, now),
    })
    if (!hasGrown && !said.has(code, day)) return
    const cuts = options.cuts ?? judge.calibration(actor).cuts
    if (table.risk[code] < (leaver ? cuts.leaver : cuts.ordinary)) return
    report(actor, said.news(code, day, table.risk[code], speechesOf(actor)), batch, i, now)
  }

  /** Which detectors' tests speak: the test with the greatest part in the risk, and all that would be remarkable alone. */
  const speechesOf = (actor: Actor): Speech<BoundDetector>[] => {
    const parts = judge.parts(actor)
    let leading = -1
    const speaking: number[] = []
    for (let t = 0; t < TEST_COUNT; t++) {
      if (parts[t] > (leading === -1 ? 0 : parts[leading]) && listenersOf(actor, t).length > 0) leading = t
      if (judge.calibrated(actor, t) >= REMARKABLE) speaking.push(t)
    }
    if (leading !== -1 && !speaking.includes(leading)) speaking.push(leading)
    return speaking.flatMap((test) => {
      const count = table.seen[actor.code * TEST_COUNT + test]
      return listenersOf(actor, test).map(({ detector: voice }) => ({ voice, test, count }))
    })
  }

  /** Whom a test concerns as far as the day's count has got. */
  const listenersOf = ({ code }: Actor, t: number): Listener[] =>
    triggers.byTest[t].filter(({ floor }) => reachedCount(table, code, t) >= floor)

  const accessAfterLeaving = (actor: Actor, now: number, batch: EventBatch, i: number) => {
    afterLeaving.add(actor.code, 1, now)
    // Told of or not: what has been said already must not decide what a day teaches.
    table.flags[actor.code] |= DAILY
    if (muted) return
    const accesses = afterLeaving.count(actor.code, 0)
    if (now - actor.afterLeavingAt > WINDOW_MS['1d']) actor.nextAfterLeaving = 1
    if (accesses < actor.nextAfterLeaving) return
    actor.nextAfterLeaving = accesses * 2
    actor.afterLeavingAt = now
    if (!isLeavingTakenBack(actor.staff, now, options.calendar)) report(actor, triggers.afterLeaving, batch, i, now)
  }

  const report = (actor: Actor, detectors: readonly BoundDetector[], batch: EventBatch, index: number, now: number) => {
    const knownAt = isHindsight(actor, now) ? (actor.noticedAt ?? now) : now
    for (const finding of examine(actor, detectors, batch, index, now))
      findings.push({ actor: actor.code, finding, knownAt })
  }

  /** What the detectors say; nothing of what is known already when a past is folded again, or of what is not to be told. */
  const examine = (
    actor: Actor,
    detectors: readonly BoundDetector[],
    batch: EventBatch,
    index: number,
    now: number,
  ): DetectedFinding[] => {
    if (detectors.length === 0 || muted || (refolding !== null && now < refolding.reportFrom)) return []
    const moment = {
      actor,
      now,
      day: table.day[actor.code],
      batch,
      index,
      kind: options.kindOf(batch.kind[index]),
      lookBack: isHindsight(actor, now),
      accessesAfterLeaving: afterLeaving.count(actor.code, 0),
    }
    const activity = createActivity(moment, table, tally, judge)
    return detectors.flatMap((detector) => detector.examine(activity) ?? [])
  }

  return {
    weigh,
    accessAfterLeaving,
    take() {
      const taken = findings
      findings = []
      return taken
    },
    mute(on) {
      muted = on
    },
    goBy(plan) {
      refolding = plan
    },
    forget(code) {
      afterLeaving.clear(code)
      said.forget(code)
    },
  }
}
