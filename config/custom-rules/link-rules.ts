import {
  type Comparison,
  type CorrelationInput,
  type CorrelationRule,
  type CustomRuleSet,
  compares,
  type DetectionRule,
  isRuleField,
  RULE_FIELDS,
  type RuleFieldType,
  specOf,
  type ValueRef,
} from '../../model/custom-rule.ts'
import type { CorrelationDraft, Named } from './read-correlation.ts'
import { type RuleDraft, shortNameOf, showRule } from './read-rule.ts'
import { showName, suggest } from './rule-text.ts'

const ALONE_TIMESPAN_MS = 86_400_000

/**
 * Follows the references between rules of all files and puts every rule behind those it refers to. What is at fault is
 * told to the file it stands in; the result is only whole when no file has a fault.
 */
export function linkRules(drafts: readonly RuleDraft[]): CustomRuleSet {
  const byReference = indexReferences(drafts)
  const order = inOrder(drafts, byReference)
  const heard = new Set<RuleDraft>()
  const used = new Set<RuleDraft>()
  for (const draft of drafts) {
    if (draft.body.kind !== 'correlation') continue
    const { rules, generate } = draft.body.correlation
    for (const { name } of rules) {
      const target = byReference.get(name)
      if (target === undefined) continue
      used.add(target)
      if (generate) heard.add(target)
    }
  }
  const set: (DetectionRule | CorrelationRule)[] = []
  const positions = new Map<RuleDraft, number>()
  for (const draft of order) {
    const reported = !used.has(draft) || heard.has(draft)
    const head = { name: shortNameOf(draft), title: draft.title.name, level: draft.level }
    const { body } = draft
    positions.set(draft, set.length)
    if (body.kind === 'detection') {
      set.push({ kind: 'detection', ...head, where: body.where })
      if (reported) set.push(standingAlone(head, set.length - 1))
      continue
    }
    const { correlation } = body
    const inputs = correlation.rules.flatMap((reference): CorrelationInput[] => {
      const target = byReference.get(reference.name)
      const rule = target === undefined ? undefined : positions.get(target)
      if (target === undefined || rule === undefined) return []
      return [readInput(draft, correlation, { reference, target, rule })]
    })
    checkAliases(draft, correlation, byReference)
    const condition = correlation.condition ?? [{ op: 'gte', value: correlation.rules.length } as const]
    checkCondition(draft, correlation, condition)
    const { type, timespanMs } = correlation
    const groupBy = correlation.groupBy.map(({ name }) => name)
    const fields = correlation.fields.map(({ name }) => name)
    set.push({ kind: 'correlation', ...head, type, inputs, groupBy, fields, timespanMs, condition, reported })
  }
  checkShortNames(drafts.filter((draft) => !used.has(draft) || heard.has(draft)))
  return set
}

/** A detection that no correlation takes is reported by itself: per person, anew after a day or when it grew. */
const standingAlone = (head: Pick<DetectionRule, 'name' | 'title' | 'level'>, rule: number): CorrelationRule => ({
  kind: 'correlation',
  ...head,
  type: 'event_count',
  inputs: [{ rule, groupBy: [{ from: 'event', field: 'actor_uid' }], values: [] }],
  groupBy: ['actor_uid'],
  fields: [],
  timespanMs: ALONE_TIMESPAN_MS,
  condition: [{ op: 'gte', value: 1 }],
  reported: true,
})

function indexReferences(drafts: readonly RuleDraft[]): Map<string, RuleDraft> {
  const byReference = new Map<string, RuleDraft>()
  for (const draft of drafts) {
    for (const reference of [draft.name, draft.id]) {
      if (reference === null) continue
      const known = byReference.get(reference.name)
      if (known === undefined) byReference.set(reference.name, draft)
      else if (known !== draft) {
        draft.text.fault(
          reference.node,
          reference.path,
          `${showName(reference.name)}, which another rule has`,
          'a name and an id of its own',
        )
      }
    }
  }
  return byReference
}

function checkShortNames(reported: readonly RuleDraft[]): void {
  const seen = new Set<string>()
  for (const draft of reported) {
    const short = shortNameOf(draft)
    const { node, path } = draft.name ?? draft.title
    if (short === '') draft.text.fault(node, path, 'no letter or digit', 'a name with some, by which findings go')
    else if (seen.has(short))
      draft.text.fault(node, path, `the short name ${short}, which another rule has`, 'another name')
    seen.add(short)
  }
}

/** Every draft behind those it refers to; references that lead nowhere or back are told. */
function inOrder(drafts: readonly RuleDraft[], byReference: ReadonlyMap<string, RuleDraft>): RuleDraft[] {
  const order: RuleDraft[] = []
  const state = new Map<RuleDraft, 'open' | 'done'>()
  const visit = (draft: RuleDraft): void => {
    state.set(draft, 'open')
    if (draft.body.kind === 'correlation') {
      for (const reference of draft.body.correlation.rules) {
        const target = byReference.get(reference.name)
        if (target === undefined) {
          const allowed = suggest(reference.name, [...byReference.keys()])
          draft.text.fault(reference.node, reference.path, `an unknown rule ${showName(reference.name)}`, allowed)
        } else if (state.get(target) === 'open') {
          draft.text.fault(
            reference.node,
            reference.path,
            `${showName(reference.name)}, which leads back to this rule`,
            'rules without a circle',
          )
        } else if (state.get(target) === undefined) visit(target)
      }
    }
    state.set(draft, 'done')
    order.push(draft)
  }
  for (const draft of drafts) if (state.get(draft) === undefined) visit(draft)
  return order
}

interface Reference {
  readonly reference: Named
  readonly target: RuleDraft
  readonly rule: number
}

function readInput(draft: RuleDraft, correlation: CorrelationDraft, to: Reference): CorrelationInput {
  const groupBy = correlation.groupBy.map((name) => resolve(draft, correlation, name, to))
  const values = correlation.fields.map((name) => resolve(draft, correlation, name, to))
  const lists = groupBy.filter((value) => typeOf(value) === 'list')
  if (lists.length > 1) {
    const { node, path } = correlation.groupBy[0]
    draft.text.fault(node, path, 'two fields that are lists', 'one such field in group-by')
  }
  for (const [i, value] of values.entries()) {
    const { node, path, name } = correlation.fields[i]
    if (correlation.type === 'value_sum' && typeOf(value) !== 'number') {
      const numbers = Object.keys(RULE_FIELDS).filter((field) => isRuleField(field) && specOf(field).type === 'number')
      draft.text.fault(node, path, `${showName(name)}, which is no number`, `one of ${numbers.join(', ')}`)
    }
    if (values.length > 1 && typeOf(value) === 'list') {
      draft.text.fault(node, path, `${showName(name)}, which is a list, beside another field`, 'a list by itself')
    }
  }
  return { rule: to.rule, groupBy, values }
}

const typeOf = (value: ValueRef): RuleFieldType => (value.from === 'event' ? specOf(value.field).type : 'text')

/** What `name` means of an event that comes by way of the rule referred to. */
function resolve(draft: RuleDraft, correlation: CorrelationDraft, written: Named, to: Reference): ValueRef {
  const { target, reference } = to
  const alias = correlation.aliases.get(written.name)
  const isTarget = (name: string) => [reference.name, target.name?.name, target.id?.name].includes(name)
  const meant = alias?.find(({ rule }) => isTarget(rule.name))?.field ?? written
  const groups = target.body.kind === 'correlation' ? target.body.correlation.groupBy : []
  const part = groups.findIndex(({ name }) => name === meant.name)
  if (part !== -1) return { from: 'group', part }
  if (isRuleField(meant.name)) return { from: 'event', field: meant.name }
  if (alias !== undefined && meant === written) {
    const found = `the alias ${showName(written.name)}, which has no field for the rule ${showRule(target)}`
    draft.text.fault(written.node, written.path, found, 'a field for every rule referred to')
  } else {
    const names = [...correlation.aliases.keys(), ...groups.map(({ name }) => name), ...Object.keys(RULE_FIELDS)]
    const found = `an unknown field ${showName(meant.name)}`
    if (!draft.text.faults.some((fault) => fault.path === meant.path && fault.found === found)) {
      draft.text.fault(meant.node, meant.path, found, suggest(meant.name, [...new Set(names)]))
    }
  }
  return { from: 'event', field: 'actor_uid' }
}

function checkAliases(
  draft: RuleDraft,
  correlation: CorrelationDraft,
  byReference: ReadonlyMap<string, RuleDraft>,
): void {
  const targets = new Set(correlation.rules.map(({ name }) => byReference.get(name)))
  for (const fields of correlation.aliases.values()) {
    for (const { rule } of fields) {
      const target = byReference.get(rule.name)
      if (target !== undefined && targets.has(target)) continue
      const names = correlation.rules.map(({ name }) => name)
      draft.text.fault(
        rule.node,
        rule.path,
        `${showName(rule.name)}, which is not among the rules`,
        suggest(rule.name, names),
      )
    }
  }
}

/** Refuses conditions that can never hold, and of `temporal_ordered` those that fewer than all rules would meet. */
function checkCondition(draft: RuleDraft, correlation: CorrelationDraft, condition: readonly Comparison[]): void {
  const { type, rules, conditionNode } = correlation
  const path = 'correlation.condition'
  const holds = (observed: number) => condition.every((one) => compares(one, observed))
  const counts = rules.map((_, i) => i + 1)
  if (type === 'temporal_ordered') {
    if (counts.every((count) => holds(count) === (count === rules.length))) return
    draft.text.fault(
      conditionNode,
      path,
      'a condition that is not about all rules',
      `gte: ${rules.length}, or no condition`,
    )
    return
  }
  const near = condition.flatMap(({ value }) => [
    Math.floor(value) - 1,
    value,
    Math.floor(value) + 1,
    Math.floor(value) + 2,
  ])
  const possible =
    type === 'temporal' ? counts : [1, 2, 3, ...near].filter((count) => count >= (type === 'value_sum' ? 0 : 1))
  const whole = possible.filter((count) => Number.isInteger(count))
  if (!whole.some(holds)) {
    const allowed =
      type === 'temporal'
        ? `a count from 1 to ${rules.length}`
        : 'a count of 1 or more: rules are looked at when an event comes'
    draft.text.fault(conditionNode, path, 'a condition that never holds', allowed)
  }
}
