import type { DetectedFinding } from '../../model/alert.ts'
import { type CorrelationRule, type CustomRuleSet, compares } from '../../model/custom-rule.ts'
import type { EventBatch } from '../../model/event-batch.ts'
import { type CompiledDetection, compileDetection } from './compile-detection.ts'
import {
  type CompiledInputs,
  compileInputs,
  type GroupHit,
  type Row,
  type SourceHit,
  textOfIdentity,
} from './correlation-inputs.ts'
import { amountCounter } from './counters/amount-counter.ts'
import type { Identity } from './counters/counter.ts'
import { ruleCounter } from './counters/rule-counter.ts'
import { sequenceCounter } from './counters/sequence-counter.ts'
import { valueCounter } from './counters/value-counter.ts'
import { createGroups, type Group, type GroupLimits, type Groups, type GroupUsage, NO_ACTOR } from './groups.ts'
import { type LevelScores, levelScores } from './level-scores.ts'
import { createRowFields, type RuleActor, type RuleLookups } from './row-fields.ts'
import { factsOfRule } from './rule-facts.ts'
import { type StateScope, scopesOf } from './rule-scopes.ts'

/**
 * Which rules an event is folded into. `actor`: those that keep actors apart, whose state can be forgotten per actor and
 * folded again. `shared`: those whose groups several actors fill, with the rules that they refer to; they see every event
 * once, when it comes.
 */
export type RuleScope = 'all' | StateScope

/** One rule's statement about the actor of the event that completed it. */
export interface RuleMatch {
  readonly actor: number
  readonly finding: DetectedFinding
}

export interface RuleUsage extends GroupUsage {
  readonly rule: string
}

/** The operator's rules as a fold over events. Pure but for its own memory. */
export interface CustomRules {
  /** Folds row `i` and gives what is to be told. Rows of one actor come in event-time order, up to a tolerance. */
  fold(batch: EventBatch, i: number, actor: RuleActor, scope?: RuleScope): readonly RuleMatch[]
  /** Forgets what rules that keep actors apart know of the actor, to fold the past again with scope `actor`. */
  clear(actor: number): void
  /** How far back events have to be folded again at a start: findings of the last window are then not told twice. */
  readonly rebuildMs: number
  /** Ids of the findings' detectors, for metrics and settings. */
  readonly detectors: readonly string[]
  usage(): RuleUsage[]
}

export const GROUP_LIMITS: GroupLimits = { groups: 50_000, entries: 500_000 }

/** Those of the severities' default scores. */
const LEVEL_SCORES = levelScores({ medium: 40, high: 60, critical: 80 })
const NO_MATCHES: readonly RuleMatch[] = []
const NO_HITS: readonly SourceHit[] = []
/** A detection that matched: one hit, grouped by nothing. */
const EVENT_HIT: readonly SourceHit[] = [{ parts: [] }]

interface Correlation {
  readonly at: number
  readonly rule: CorrelationRule
  readonly inputs: CompiledInputs
  readonly scope: StateScope
  readonly groups: Groups
  readonly isTold: boolean
}

/** What has to be looked at for events of one kind. */
interface Plan {
  readonly detections: readonly { readonly at: number; readonly matches: CompiledDetection['matches'] | null }[]
  readonly correlations: readonly Correlation[]
}

export function createCustomRules(
  rules: CustomRuleSet,
  lookups: RuleLookups,
  limits: GroupLimits = GROUP_LIMITS,
  scores: LevelScores = LEVEL_SCORES,
): CustomRules {
  const fields = createRowFields(lookups)
  const detections = rules.flatMap((rule, at) =>
    rule.kind === 'detection' ? [{ at, ...compileDetection(rule.where, fields) }] : [],
  )
  const compiled: (CompiledInputs | null)[] = []
  for (const rule of rules) {
    compiled.push(rule.kind === 'correlation' ? compileInputs(rule, rules, compiled, fields, lookups) : null)
  }
  const ownScopes = compiled.map((inputs) => inputs && (inputs.actorPart === -1 ? 'shared' : 'actor'))
  const scopes = scopesOf(rules, ownScopes)
  const correlations = rules.flatMap((rule, at): Correlation[] => {
    const inputs = compiled[at]
    if (rule.kind === 'detection' || inputs === null) return []
    return [...scopes[at]].map((scope) => ({
      ...{ at, rule, inputs, scope, groups: groupsOf(rule, limits) },
      isTold: rule.reported && scope === ownScopes[at],
    }))
  })
  const plans: (Plan | undefined)[] = []
  const noHits = () => new Array<readonly SourceHit[]>(rules.length).fill(NO_HITS)
  const hits = { actor: noHits(), shared: noHits() }
  const groupHits = new Map<Identity, GroupHit>()

  const planOf = (kindCode: number): Plan => {
    const known = plans[kindCode]
    if (known !== undefined) return known
    const kind = lookups.kindOf(kindCode)
    const possible = detections.flatMap(({ at, ofKind, matches }) => {
      const answer = kind.excluded ? false : ofKind(kind)
      return answer === false ? [] : [{ at, matches: answer === true ? null : matches }]
    })
    const reached = new Set(possible.map(({ at }) => at))
    const concerned = correlations.filter(({ at, rule }) => {
      const isReached = rule.inputs.some((input) => reached.has(input.rule))
      if (isReached) reached.add(at)
      return isReached
    })
    while (plans.length < kindCode) plans.push(undefined)
    plans[kindCode] = { detections: possible, correlations: concerned }
    return plans[kindCode]
  }

  const setHits = (at: number, of: readonly SourceHit[]) => {
    hits.actor[at] = of
    hits.shared[at] = of
  }

  /** Adds the event to the correlation's groups; those whose condition holds then are its hits. */
  const count = ({ at, rule, inputs, scope, groups }: Correlation, row: Row): readonly Group[] => {
    groupHits.clear()
    for (const [k, input] of rule.inputs.entries()) {
      for (const source of hits[scope][input.rule]) inputs.collect(k, source, row, groupHits)
    }
    if (groupHits.size === 0) return []
    const actor = scope === 'shared' ? NO_ACTOR : row.batch.actor[row.i]
    const met: Group[] = []
    for (const groupHit of groupHits.values()) {
      const group = groups.add(actor, groupHit.key, groupHit.parts, row.batch.time[row.i], groupHit)
      if (group !== null && rule.condition.every((one) => compares(one, group.observed))) met.push(group)
    }
    hits[scope][at] = met
    return met
  }

  const findingOf = ({ rule, inputs }: Correlation, group: Group): DetectedFinding => ({
    detector: detectorId(rule),
    time: group.newest,
    score: scores[rule.level],
    measure: null,
    window: null,
    window_from: Math.max(group.since, group.newest - rule.timespanMs),
    window_to: group.newest,
    observed: group.observed,
    expected: null,
    expected_peers: null,
    baseline_days: 0,
    tail_log10: null,
    look_back: false,
    facts: factsOfRule(
      rule,
      inputs.domains.map((domain, n) => ({ domain, text: textOfIdentity(domain, group.parts[n], lookups) })),
    ),
    contributions: [
      {
        test: detectorId(rule),
        kind: 'rule',
        measure: null,
        window: null,
        observed: group.observed,
        expected: null,
        expected_peers: null,
        weight: null,
        part: 1,
      },
    ],
  })

  return {
    fold(batch, i, actor, scope = 'all') {
      const plan = planOf(batch.kind[i])
      if (plan.detections.length === 0) return NO_MATCHES
      let matched = false
      for (const { at, matches } of plan.detections) {
        const isHit = matches === null || matches(batch, i, actor)
        setHits(at, isHit ? EVENT_HIT : NO_HITS)
        matched ||= isHit
      }
      if (!matched) return NO_MATCHES
      const found: RuleMatch[] = []
      const row = { batch, i, actor }
      for (const correlation of plan.correlations) {
        if (scope !== 'all' && scope !== correlation.scope) continue
        for (const group of count(correlation, row)) {
          if (!correlation.isTold || !correlation.groups.say(group)) continue
          found.push({ actor: batch.actor[i], finding: findingOf(correlation, group) })
        }
      }
      // The next event may be of another kind, whose plan passes over these.
      for (const { at } of plan.detections) setHits(at, NO_HITS)
      for (const { at } of plan.correlations) setHits(at, NO_HITS)
      return found.length === 0 ? NO_MATCHES : found
    },
    clear(actor) {
      for (const { scope, groups } of correlations) if (scope === 'actor') groups.clear(actor)
    },
    rebuildMs: 2 * spanOf(rules),
    detectors: correlations.filter(({ isTold }) => isTold).map(({ rule }) => detectorId(rule)),
    usage: () => usageOf(correlations),
  }
}

const detectorId = (rule: CorrelationRule): string => `custom:${rule.name}`

/** Of a rule that keeps state in both scopes, what it holds in them together. */
function usageOf(correlations: readonly Correlation[]): RuleUsage[] {
  const byRule = new Map<string, RuleUsage>()
  for (const { rule, groups } of correlations) {
    const known = byRule.get(rule.name)
    const usage = groups.usage()
    byRule.set(rule.name, {
      rule: rule.name,
      groups: usage.groups + (known?.groups ?? 0),
      entries: usage.entries + (known?.entries ?? 0),
      forgottenGroups: usage.forgottenGroups + (known?.forgottenGroups ?? 0),
      forgottenEntries: usage.forgottenEntries + (known?.forgottenEntries ?? 0),
    })
  }
  return [...byRule.values()]
}

function groupsOf(rule: CorrelationRule, limits: GroupLimits): Groups {
  const { timespanMs, inputs } = rule
  switch (rule.type) {
    case 'event_count':
    case 'value_sum':
      return createGroups(amountCounter, timespanMs, limits)
    case 'value_count':
      return createGroups(valueCounter, timespanMs, limits)
    case 'temporal':
      return createGroups(ruleCounter(inputs.length), timespanMs, limits)
    case 'temporal_ordered':
      return createGroups(sequenceCounter(inputs.length), timespanMs, limits)
  }
}

/** The longest way back that a finding can hang on: the timespans along a chain of rules add up. */
function spanOf(rules: CustomRuleSet): number {
  const spans: number[] = []
  for (const rule of rules) {
    spans.push(
      rule.kind === 'detection' ? 0 : rule.timespanMs + Math.max(0, ...rule.inputs.map((input) => spans[input.rule])),
    )
  }
  return Math.max(0, ...spans)
}
