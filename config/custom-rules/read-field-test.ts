import { isIP } from 'node:net'
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import {
  COMPARISONS,
  type Expression,
  type FieldTest,
  isRuleField,
  RULE_FIELDS,
  type RuleField,
  type RuleFieldSpec,
  specOf,
} from '../../model/custom-rule.ts'
import { readPattern } from './read-pattern.ts'
import { readWildcards } from './read-wildcards.ts'
import { describeNode, type Entry, itemsOf, type RuleText, showName, suggest, textOf } from './rule-text.ts'

const TEXT_KINDS = ['contains', 'startswith', 'endswith', 're', 'cidr'] as const
const NUMBER_KINDS = ['lt', 'lte', 'gt', 'gte'] as const
const KINDS = [...TEXT_KINDS, 'exists', ...NUMBER_KINDS] as const
const PATTERN_FLAGS = ['i', 'm', 's']
const MODIFIERS = [...KINDS, 'all', 'cased']
type Kind = (typeof KINDS)[number] | 'equals'

interface Asked {
  readonly field: RuleField
  readonly spec: RuleFieldSpec
  readonly kind: Kind
  readonly all: boolean
  readonly cased: boolean
  readonly flags: readonly string[]
}

/** Reads `field|modifier: value or values`. Null when it is at fault. */
export function readFieldTest(text: RuleText, entry: Entry, path: string): Expression | null {
  const asked = readKey(text, entry, path)
  if (asked === null) return null
  const items = itemsOf(entry.node)
  if (items.length === 0) return refuse(text, entry.node, path, 'an empty list', 'a value or a list of values')
  if (asked.all && items.length < 2) {
    return refuse(text, entry.keyNode, path, '|all with one value', 'a list of two values or more, or no |all')
  }
  const tests: FieldTest[] = []
  for (const [i, item] of items.entries()) {
    const here = isSeq(entry.node) ? `${path}[${i}]` : path
    if (isMap(item) || isSeq(item))
      return refuse(text, item, here, describeNode(item), 'a text, a number, true, false or null')
    const test = readValue(text, item as Node | null, here, asked, items.length > 1)
    if (test === null) return null
    tests.push(test)
  }
  const { field } = asked
  const of = (asked.all ? tests : mergeAmong(tests)).map((test): Expression => ({ op: 'test', field, test }))
  return of.length === 1 ? of[0] : { op: asked.all ? 'and' : 'or', of }
}

function refuse(text: RuleText, node: unknown, path: string, found: string, allowed: string, offset = 0): null {
  text.fault(node, path, found, allowed, offset)
  return null
}

function readKey(text: RuleText, entry: Entry, path: string): Asked | null {
  const [name, ...modifiers] = entry.key.split('|')
  if (name === '') {
    return refuse(
      text,
      entry.keyNode,
      path,
      'a keyword without a field',
      'a field of the event: events have no full text',
    )
  }
  if (!isRuleField(name)) {
    return refuse(
      text,
      entry.keyNode,
      path,
      `an unknown field ${showName(name)}`,
      suggest(name, Object.keys(RULE_FIELDS)),
    )
  }
  const spec = specOf(name)
  let kind: Kind = 'equals'
  let all = false
  let cased = false
  const flags: string[] = []
  let offset = name.length + 1
  for (const modifier of modifiers) {
    const known = KINDS.find((one) => one === modifier)
    const fail = (found: string, allowed: string) => refuse(text, entry.keyNode, path, found, allowed, offset)
    if (known !== undefined) {
      if (kind !== 'equals') return fail(`|${modifier} after |${kind}`, 'one of them')
      kind = known
    } else if (modifier === 'all') all = true
    else if (modifier === 'cased') cased = true
    else if (PATTERN_FLAGS.includes(modifier) && kind === 're') flags.push(modifier)
    else return fail(`the modifier |${modifier}`, suggest(modifier, MODIFIERS))
    offset += modifier.length + 1
  }
  const wrong = mismatch(spec, kind, cased)
  if (wrong !== null) return refuse(text, entry.keyNode, path, ...wrong, name.length + 1)
  return { field: name, spec, kind, all, cased, flags }
}

/** What is wrong with asking `kind` of such a field, and what is allowed. */
function mismatch(spec: RuleFieldSpec, kind: Kind, cased: boolean): [string, string] | null {
  const isText = spec.type === 'text' || spec.type === 'list'
  if ((TEXT_KINDS as readonly string[]).includes(kind) && !isText) {
    return [
      `|${kind} on a field that is no text`,
      spec.type === 'number' ? '|lt, |lte, |gt, |gte or a number' : 'true or false',
    ]
  }
  if ((NUMBER_KINDS as readonly string[]).includes(kind) && spec.type !== 'number') {
    return [`|${kind} on a field that is no number`, 'a field that holds a number']
  }
  if (cased && (!isText || ['re', 'cidr', 'exists'].includes(kind))) {
    return ['|cased where case does not count', '|cased with texts; |re heeds case unless |re|i']
  }
  return null
}

function readValue(text: RuleText, node: Node | null, path: string, asked: Asked, listed: boolean): FieldTest | null {
  const value = textOf(node)
  const fail = (found: string, allowed: string, offset = 0) => refuse(text, node, path, found, allowed, offset)
  if (asked.kind === 'exists') {
    if (!isScalar(node) || typeof node.value !== 'boolean') return fail(describeNode(node), 'true or false')
    return node.value ? { is: 'present' } : { is: 'missing' }
  }
  if (value === null) {
    if (asked.kind !== 'equals') return fail('null', `a value for |${asked.kind}`)
    if (listed) return fail('null in a list', 'null alone, in a selection of its own')
    return { is: 'missing' }
  }
  if (asked.spec.type === 'number') return readNumber(value, asked.kind, fail)
  if (asked.spec.type === 'boolean') {
    if (!/^(true|false)$/i.test(value)) return fail(describeNode(node), 'true or false')
    return { is: 'boolean', value: value.toLowerCase() === 'true' }
  }
  if (asked.kind === 're') {
    const { flags } = asked
    const result = readPattern(value, {
      ignoreCase: flags.includes('i'),
      multiline: flags.includes('m'),
      dotAll: flags.includes('s'),
    })
    return result.ok ? { is: 'pattern', pattern: result.pattern } : fail(result.found, result.allowed, result.at)
  }
  if (asked.kind === 'cidr')
    return readNetwork(value) ?? fail(showName(value), 'a network such as 10.0.0.0/8 or 2001:db8::/32')
  const open = {
    before: asked.kind === 'contains' || asked.kind === 'endswith',
    after: asked.kind === 'contains' || asked.kind === 'startswith',
  }
  const test = readWildcards(value, open, asked.cased)
  const { values } = asked.spec
  if (values !== null && test.is === 'among' && !values.includes(test.texts[0].toLowerCase())) {
    return fail(showName(value), suggest(value, values))
  }
  return test
}

type Fail = (found: string, allowed: string) => null

function readNumber(value: string, kind: Kind, fail: Fail): FieldTest | null {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) return fail(showName(value), 'a number')
  return { is: 'number', compare: { op: COMPARISONS.find((one) => one === kind) ?? 'eq', value: number } }
}

function readNetwork(value: string): FieldTest | null {
  const [address, bits, ...more] = value.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return null
  const widest = version === 4 ? 32 : 128
  const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix <= widest)) return null
  return { is: 'network', address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** Values that are compared whole become one test, so that a long list costs one look-up. */
function mergeAmong(tests: readonly FieldTest[]): FieldTest[] {
  const whole = tests.flatMap((test) => (test.is === 'among' ? [test] : []))
  if (whole.length < 2) return [...tests]
  const { cased } = whole[0]
  const texts = [...new Set(whole.flatMap((test) => test.texts))]
  return [{ is: 'among', texts, cased }, ...tests.filter((test) => test.is !== 'among')]
}
