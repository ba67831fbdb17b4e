import type { EventBatch } from '../../model/event-batch.ts'
import type { Engine } from '../engine.ts'
import type { ActorFinding } from '../engine-contract.ts'
import type { CustomRules, RuleMatch, RuleScope, RuleUsage } from './custom-rules.ts'
import type { DailyLimit } from './daily-limit.ts'
import type { RuleActor } from './row-fields.ts'

export interface WatchedRule extends RuleUsage {
  /** Findings that the limit of people a day held back. */
  readonly withheld: number
}

/** The operator's rules beside the engine. */
export interface RuleWatch {
  /** The engine with the rules behind it: whoever folds with it folds into both. */
  readonly engine: Engine
  /** Ids of the detectors of their findings. */
  readonly detectors: readonly string[]
  /** How far back `restore` wants events at a start, in milliseconds. */
  readonly reachMs: number
  /** Rebuild: folds row `i` into the rules alone and tells nobody. */
  restore(batch: EventBatch, i: number, scope: Exclude<RuleScope, 'all'>): void
  usage(): WatchedRule[]
}

const DAY_MS = 86_400_000

/**
 * Sets rules beside an engine that does not know of them. A late event, or one of somebody whose past is being folded
 * again, goes at once to the rules whose groups people share, and to the others with the past.
 */
export function createRuleWatch(engine: Engine, rules: CustomRules, limit: DailyLimit): RuleWatch {
  const rowActor = createRowActor(engine)
  let findings: ActorFinding[] = []

  const tell = (matches: readonly RuleMatch[], from: number) => {
    if (matches.length === 0) return
    // Findings stay in the order in which they were made: the first one of an episode names its alert.
    findings.push(...engine.takeFindings())
    for (const match of matches) {
      const knownAt = match.finding.time
      if (knownAt >= from && limit.allows(match)) findings.push({ ...match, knownAt })
    }
  }

  return {
    engine: {
      ...engine,
      fold(batch, i) {
        const outcome = engine.fold(batch, i)
        const scope = outcome === 'folded' ? 'all' : 'shared'
        tell(rules.fold(batch, i, rowActor.of(batch, i), scope), Number.NEGATIVE_INFINITY)
        return outcome
      },
      beginRefold(code, plan) {
        const refold = engine.beginRefold(code, plan)
        rules.clear(code)
        return {
          ...refold,
          fold(batch, i) {
            refold.fold(batch, i)
            tell(rules.fold(batch, i, rowActor.of(batch, i), 'actor'), plan.reportFrom)
          },
          foldNew(batch, i) {
            const outcome = refold.foldNew(batch, i)
            if (outcome === 'folded')
              tell(rules.fold(batch, i, rowActor.of(batch, i), 'actor'), Number.NEGATIVE_INFINITY)
            return outcome
          },
        }
      },
      takeFindings() {
        const taken = [...findings, ...engine.takeFindings()]
        findings = []
        return taken
      },
    },
    detectors: rules.detectors,
    // Of the open day it has to be known whom the rules told of.
    reachMs: Math.max(rules.rebuildMs, DAY_MS),
    restore(batch, i, scope) {
      for (const match of rules.fold(batch, i, rowActor.of(batch, i), scope)) limit.allows(match)
    },
    usage: () => rules.usage().map((one) => ({ ...one, withheld: limit.withheld.get(`custom:${one.rule}`) ?? 0 })),
  }
}

/** What HR says of a row's actor, looked up only when a rule asks. Valid until the next row's. */
function createRowActor(engine: Engine) {
  let code = 0
  let time = 0
  let known: ReturnType<Engine['staffOf']> | null = null
  const staff = () => {
    known ??= engine.staffOf(code, time)
    return known
  }
  const actor: RuleActor = {
    get role() {
      return staff().record?.role ?? null
    },
    get team() {
      return staff().record?.team ?? null
    },
    get leaver() {
      return staff().leaver
    },
  }
  return {
    of(batch: EventBatch, i: number): RuleActor {
      code = batch.actor[i]
      time = batch.time[i]
      known = null
      return actor
    },
  }
}
