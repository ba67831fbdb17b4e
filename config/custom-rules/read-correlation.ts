import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import {
  COMPARISONS,
  CORRELATION_TYPES,
  type Comparison,
  type CorrelationType,
  CUSTOM_RULE_LIMITS,
} from '../../model/custom-rule.ts'
import { UNITS_MS } from '../../model/duration.ts'
import { describeNode, entriesOf, entryOf, itemsOf, type RuleText, suggest, textOf } from './rule-text.ts'

/** A text of the rule with its place, for faults that only show when all rules are known. */
export interface Named {
  readonly name: string
  readonly node: unknown
  readonly path: string
}

/** A correlation as written, its references not yet followed. */
export interface CorrelationDraft {
  readonly type: CorrelationType
  readonly rules: readonly Named[]
  readonly aliases: ReadonlyMap<string, readonly { readonly rule: Named; readonly field: Named }[]>
  readonly groupBy: readonly Named[]
  readonly fields: readonly Named[]
  readonly timespanMs: number
  /** Null: not given. */
  readonly condition: readonly Comparison[] | null
  readonly conditionNode: unknown
  readonly generate: boolean
}

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate']
const COUNTS_FIELDS: readonly CorrelationType[] = ['value_count', 'value_sum']
const NEEDS_CONDITION: readonly CorrelationType[] = ['event_count', 'value_count', 'value_sum']

/** Reads a `correlation` section. Null when it is at fault. */
export function readCorrelation(text: RuleText, map: YAMLMap, path: string): CorrelationDraft | null {
  const before = text.faults.length
  for (const { key, keyNode } of entriesOf(map)) {
    if (!KEYS.includes(key)) text.fault(keyNode, `${path}.${key}`, 'an unknown key', suggest(key, KEYS))
  }
  const type = readType(text, map, path)
  const rules = readNames(text, map, path, 'rules')
  if (rules.length === 0) text.fault(map, `${path}.rules`, 'no rule', 'names or ids of rules')
  if (rules.length > CUSTOM_RULE_LIMITS.inputs) {
    text.fault(rules[0].node, `${path}.rules`, `${rules.length} rules`, `at most ${CUSTOM_RULE_LIMITS.inputs}`)
  }
  const groupBy = readNames(text, map, path, 'group-by')
  if (groupBy.length > CUSTOM_RULE_LIMITS.groupByFields) {
    const most = `at most ${CUSTOM_RULE_LIMITS.groupByFields}`
    text.fault(groupBy[0].node, `${path}.group-by`, `${groupBy.length} fields`, most)
  }
  const timespanMs = readTimespan(text, map, path)
  const aliases = readAliases(text, map, path)
  const generate = readGenerate(text, map, path)
  if (type === null) return null
  const { condition, fields, node } = readComparisons(text, map, path, type)
  if (text.faults.length > before || timespanMs === null) return null
  return { type, rules, aliases, groupBy, fields, timespanMs, condition, conditionNode: node, generate }
}

function readType(text: RuleText, map: YAMLMap, path: string): CorrelationType | null {
  const entry = entryOf(map, 'type')
  const name = textOf(entry?.node)
  const type = CORRELATION_TYPES.find((one) => one === name)
  if (type !== undefined) return type
  text.fault(entry?.node ?? map, `${path}.type`, describeNode(entry?.node), suggest(name ?? '', CORRELATION_TYPES))
  return null
}

function readNames(text: RuleText, map: YAMLMap, path: string, key: string): Named[] {
  const entry = entryOf(map, key)
  if (entry === null) return []
  const names: Named[] = []
  for (const [i, item] of itemsOf(entry.node).entries()) {
    const here = isSeq(entry.node) ? `${path}.${key}[${i}]` : `${path}.${key}`
    const name = textOf(item)
    if (name === null || name === '') text.fault(item ?? entry.keyNode, here, describeNode(item), 'a name')
    else if (names.some((known) => known.name === name)) text.fault(item, here, 'a name given twice', 'each name once')
    else names.push({ name, node: item, path: here })
  }
  return names
}

function readTimespan(text: RuleText, map: YAMLMap, path: string): number | null {
  const entry = entryOf(map, 'timespan')
  const match = /^(\d{1,9})([smhd])$/.exec(textOf(entry?.node) ?? '')
  const timespanMs = match === null ? 0 : Number(match[1]) * UNITS_MS[match[2]]
  const most = CUSTOM_RULE_LIMITS.timespanMs
  if (timespanMs > 0 && timespanMs <= most) return timespanMs
  const allowed = `a whole number with s, m, h or d, such as 90m, up to ${most / UNITS_MS.d}d`
  text.fault(entry?.node ?? map, `${path}.timespan`, describeNode(entry?.node), allowed)
  return null
}

function readGenerate(text: RuleText, map: YAMLMap, path: string): boolean {
  const entry = entryOf(map, 'generate')
  if (entry === null) return false
  if (isScalar(entry.node) && typeof entry.node.value === 'boolean') return entry.node.value
  text.fault(entry.node ?? entry.keyNode, `${path}.generate`, describeNode(entry.node), 'true or false')
  return false
}

function readAliases(text: RuleText, map: YAMLMap, path: string): CorrelationDraft['aliases'] {
  const aliases = new Map<string, { rule: Named; field: Named }[]>()
  const entry = entryOf(map, 'aliases')
  if (entry === null) return aliases
  if (!isMap(entry.node)) {
    text.fault(
      entry.node ?? entry.keyNode,
      `${path}.aliases`,
      describeNode(entry.node),
      'a section with one section per alias',
    )
    return aliases
  }
  for (const alias of entriesOf(entry.node)) {
    const here = `${path}.aliases.${alias.key}`
    if (!isMap(alias.node)) {
      text.fault(alias.node ?? alias.keyNode, here, describeNode(alias.node), 'a field for each rule')
      continue
    }
    const fields = entriesOf(alias.node).flatMap(({ key, keyNode, node }) => {
      const name = textOf(node)
      const at = `${here}.${key}`
      if (name !== null) return [{ rule: { name: key, node: keyNode, path: at }, field: { name, node, path: at } }]
      text.fault(node ?? keyNode, at, describeNode(node), 'the name of a field')
      return []
    })
    aliases.set(alias.key, fields)
  }
  return aliases
}

interface Comparisons {
  readonly condition: readonly Comparison[] | null
  readonly fields: readonly Named[]
  readonly node: unknown
}

function readComparisons(text: RuleText, map: YAMLMap, path: string, type: CorrelationType): Comparisons {
  const entry = entryOf(map, 'condition')
  const here = `${path}.condition`
  const example = COUNTS_FIELDS.includes(type) ? 'a section with field and gte: 10' : 'a section such as gte: 10'
  if (entry === null) {
    if (NEEDS_CONDITION.includes(type)) text.fault(map, here, 'nothing', example)
    return { condition: null, fields: [], node: map }
  }
  if (!isMap(entry.node)) {
    text.fault(entry.node ?? entry.keyNode, here, describeNode(entry.node), example)
    return { condition: null, fields: [], node: entry.keyNode }
  }
  const condition: Comparison[] = []
  const allowed = COUNTS_FIELDS.includes(type) ? [...COMPARISONS, 'field'] : [...COMPARISONS]
  for (const { key, keyNode, node } of entriesOf(entry.node)) {
    const op = COMPARISONS.find((one) => one === key)
    if (op !== undefined) {
      const value = isScalar(node) && typeof node.value === 'number' ? node.value : Number.NaN
      const at = node ?? keyNode
      if (!Number.isInteger(value) || value < 0)
        text.fault(at, `${here}.${key}`, describeNode(node), 'a whole number of 0 or more, as counts and sums are')
      else if (op === 'gte' && value === 0)
        text.fault(at, `${here}.${key}`, '0, which every count reaches', 'a whole number of 1 or more')
      else condition.push({ op, value })
    } else if (!allowed.includes(key)) text.fault(keyNode, `${here}.${key}`, 'an unknown key', suggest(key, allowed))
  }
  const isCompared = entriesOf(entry.node).some(({ key }) => COMPARISONS.some((op) => op === key))
  if (!isCompared) text.fault(entry.node, here, 'no comparison', `one of ${COMPARISONS.join(', ')}`)
  const fields = allowed.includes('field') ? readNames(text, entry.node, here, 'field') : []
  if (allowed.includes('field') && fields.length === 0)
    text.fault(entry.node, `${here}.field`, 'nothing', 'the field to count')
  if (type === 'value_sum' && fields.length > 1)
    text.fault(fields[1].node, fields[1].path, 'a second field', 'one field')
  return { condition, fields, node: entry.node }
}
