import { isMap, isSeq, type YAMLMap } from 'yaml'
import type { Expression } from '../../model/custom-rule.ts'
import { readCondition } from './read-condition.ts'
import { readFieldTest } from './read-field-test.ts'
import { describeNode, entriesOf, itemsOf, type RuleText, textOf } from './rule-text.ts'

const OLD_TIMEFRAME = 'timeframe'

/** Reads a `detection` section: its selections and the condition over them. Null when it is at fault. */
export function readDetection(text: RuleText, map: YAMLMap, path: string): Expression | null {
  const before = text.faults.length
  const selections = new Map<string, Expression>()
  let condition: { node: unknown } | null = null
  for (const { key, keyNode, node } of entriesOf(map)) {
    const here = `${path}.${key}`
    if (key === 'condition') condition = { node }
    else if (key === OLD_TIMEFRAME) {
      text.fault(keyNode, here, 'a timeframe', 'a correlation rule of its own with a timespan')
    } else {
      const selection = readSelection(text, node, here, keyNode)
      if (selection !== null) selections.set(key, selection)
    }
  }
  if (condition === null) text.fault(map, `${path}.condition`, 'nothing', 'a condition over the selections')
  // A selection at fault is not known to the condition, which would only be blamed for it.
  if (condition === null || text.faults.length > before) return null

  const of: Expression[] = []
  const items = itemsOf(condition.node)
  for (const [i, item] of items.entries()) {
    const here = isSeq(condition.node) ? `${path}.condition[${i}]` : `${path}.condition`
    const words = textOf(item)
    if (words === null || words.trim() === '') {
      text.fault(item ?? condition.node, here, describeNode(item), 'a condition such as `selection and not filter`')
      continue
    }
    const one = readCondition(text, item, here, words, selections)
    if (one !== null) of.push(one)
  }
  if (items.length === 0) text.fault(condition.node, `${path}.condition`, 'an empty list', 'a condition')
  if (text.faults.length > before) return null
  return of.length === 1 ? of[0] : { op: 'or', of }
}

/** A map: all of its lines. A list of maps: one of them. */
function readSelection(text: RuleText, node: unknown, path: string, keyNode: unknown): Expression | null {
  if (isMap(node)) return readMap(text, node, path)
  if (!isSeq(node) || node.items.length === 0) {
    text.fault(node ?? keyNode, path, describeNode(node), 'fields with values, or a list of such sections')
    return null
  }
  const of: Expression[] = []
  let failed = false
  for (const [i, item] of node.items.entries()) {
    const here = `${path}[${i}]`
    if (!isMap(item)) {
      text.fault(item, here, 'a keyword without a field', 'a section with fields: events have no full text')
      failed = true
      continue
    }
    const one = readMap(text, item, here)
    if (one === null) failed = true
    else of.push(one)
  }
  if (failed) return null
  return of.length === 1 ? of[0] : { op: 'or', of }
}

function readMap(text: RuleText, map: YAMLMap, path: string): Expression | null {
  const entries = entriesOf(map)
  if (entries.length === 0) text.fault(map, path, 'an empty section', 'fields with values')
  const of = entries.map((entry) => readFieldTest(text, entry, `${path}.${entry.key}`))
  const read = of.filter((one) => one !== null)
  if (read.length === 0 || read.length < of.length) return null
  return read.length === 1 ? read[0] : { op: 'and', of: read }
}
