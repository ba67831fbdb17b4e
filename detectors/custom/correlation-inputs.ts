import { createHash } from 'node:crypto'
import type { CorrelationRule, CustomRuleSet, ValueRef } from '../../model/custom-rule.ts'
import { type EventBatch, objectsOf } from '../../model/event-batch.ts'
import type { Identity } from './counters/counter.ts'
import type { FieldReader, RowFields, RuleActor, RuleLookups } from './row-fields.ts'

/** What identities of a group or a count stand for: an actor's code, a record's code, or the text itself. */
export type Domain = 'actor' | 'object' | 'text'

/** A match of a rule referred to, seen at one event: the values it is grouped by. A detection has none. */
export interface SourceHit {
  readonly parts: readonly Identity[]
}

/** What one event adds to one group of a correlation. */
export interface GroupHit {
  readonly key: Identity
  readonly parts: readonly Identity[]
  values: Identity[]
  readonly amount: number
  rules: number
}

export interface CompiledInputs {
  /** Of each part of the group. */
  readonly domains: readonly Domain[]
  /** Which part of the group is the actor; -1 when the groups do not part actors. */
  readonly actorPart: number
  /** What the event adds by way of the rule at position `input`, into `into` by group. */
  collect(input: number, source: SourceHit, row: Row, into: Map<Identity, GroupHit>): void
}

export interface Row {
  readonly batch: EventBatch
  readonly i: number
  readonly actor: RuleActor
}

const LONG_TEXT_CHARACTERS = 256
const NOTHING: readonly Identity[] = []

type Reader = (row: Row, source: SourceHit) => readonly Identity[]

export function compileInputs(
  rule: CorrelationRule,
  rules: CustomRuleSet,
  compiled: readonly (CompiledInputs | null)[],
  fields: RowFields,
  lookups: RuleLookups,
): CompiledInputs {
  const domainOf = (ref: ValueRef, source: number): Domain =>
    ref.from === 'group' ? (compiled[source]?.domains[ref.part] ?? 'text') : domainOfField(ref.field)

  /** One domain for what is compared with each other: codes where all of it has the same kind of code. */
  const sharedDomain = (refs: readonly { readonly ref: ValueRef; readonly source: number }[]): Domain => {
    const [first, ...others] = refs.map(({ ref, source }) => domainOf(ref, source))
    return others.every((one) => one === first) ? first : 'text'
  }

  const readerOf = (ref: ValueRef, source: number, domain: Domain): Reader => {
    if (ref.from === 'group') {
      const own = domainOf(ref, source)
      return own === domain
        ? (_row, hit) => [hit.parts[ref.part]]
        : (_row, hit) => [textOfIdentity(own, hit.parts[ref.part], lookups) ?? '']
    }
    if (domain === 'actor') return ({ batch, i }) => [batch.actor[i]]
    if (domain === 'object') return ({ batch, i }) => [...new Set(objectsOf(batch, i))]
    return textReader(fields.reader(ref.field))
  }
  const textReader = (reader: FieldReader): Reader =>
    reader.isList
      ? ({ batch, i }) => [...new Set(reader.list(batch, i) ?? NOTHING)].map((text) => short(String(text)))
      : ({ batch, i, actor }) => {
          const value = reader.value(batch, i, actor)
          return value === null ? NOTHING : [short(String(value))]
        }

  const { inputs } = rule
  const column = (pick: (input: CorrelationRule['inputs'][number]) => readonly ValueRef[], n: number) =>
    inputs.map((input) => ({ ref: pick(input)[n], source: input.rule }))
  const domains = rule.groupBy.map((_, n) => sharedDomain(column((input) => input.groupBy, n)))
  const valueDomains = rule.fields.map((_, n) => sharedDomain(column((input) => input.values, n)))
  const keepsActorsApart = (source: number) => rules[source].kind === 'detection' || compiled[source]?.actorPart !== -1
  const actorPart = inputs.every((input) => keepsActorsApart(input.rule)) ? domains.indexOf('actor') : -1
  const readers = inputs.map(({ groupBy, values, rule: source }) => ({
    parts: groupBy.map((ref, n) => readerOf(ref, source, domains[n])),
    values: rule.type === 'value_count' ? values.map((ref, n) => readerOf(ref, source, valueDomains[n])) : [],
    amount: rule.type === 'value_sum' ? amountReader(values[0], fields) : () => 1,
  }))
  const isActorAlone = domains.length === 1 && domains[0] === 'actor'

  return {
    domains,
    actorPart,
    collect(input, source, row, into) {
      const { parts, values, amount } = readers[input]
      const counted = valuesOf(values, row, source)
      const added = amount(row)
      if (counted === null || added === null) return
      for (const group of combinations(parts, row, source)) {
        const key = isActorAlone ? group[0] : keyOf(lookups.directory.org(row.batch.actor[row.i]), group)
        const known = into.get(key)
        if (known === undefined)
          into.set(key, { key, parts: group, values: [...counted], amount: added, rules: 1 << input })
        else {
          known.rules |= 1 << input
          if (counted.length > 0) known.values = [...known.values, ...counted]
        }
      }
    },
  }
}

const domainOfField = (field: string): Domain =>
  field === 'actor_uid' ? 'actor' : field === 'object_uids' ? 'object' : 'text'

function amountReader(ref: ValueRef, fields: RowFields): (row: Row) => number | null {
  if (ref.from === 'group') return () => null
  const reader = fields.reader(ref.field)
  return ({ batch, i, actor }) => {
    const value = reader.value(batch, i, actor)
    return typeof value === 'number' ? value : null
  }
}

/** The values to count; several fields make one value together. Null when the event has none. */
function valuesOf(readers: readonly Reader[], row: Row, source: SourceHit): readonly Identity[] | null {
  if (readers.length === 0) return NOTHING
  const columns = readers.map((reader) => reader(row, source))
  if (columns.some((column) => column.length === 0)) return null
  return columns.length === 1 ? columns[0] : [join(columns.map(([value]) => value))]
}

/** The groups the event belongs to: one, or one per item of a list. None when it lacks one of the fields. */
function combinations(readers: readonly Reader[], row: Row, source: SourceHit): (readonly Identity[])[] {
  let groups: (readonly Identity[])[] = [[]]
  for (const reader of readers) {
    const values = reader(row, source)
    if (values.length === 1) groups = groups.map((group) => [...group, values[0]])
    else groups = groups.flatMap((group) => values.map((value) => [...group, value]))
  }
  return groups
}

/** Tenants never share a group. */
const keyOf = (org: string, parts: readonly Identity[]): string => join([org, ...parts])

/** Lengths in front, so that no two lists of texts give the same. */
const join = (parts: readonly Identity[]): string =>
  parts.map((part) => (typeof part === 'number' ? `#${part}` : `${part.length}:${part}`)).join('')

/** A long text is kept as its hash, so that a group or a value takes a bounded amount of memory. */
const short = (text: string): string =>
  text.length <= LONG_TEXT_CHARACTERS ? text : `sha256:${createHash('sha256').update(text).digest('base64url')}`

/** An identity as a text to show; null when the text is not known. */
export function textOfIdentity(domain: Domain, identity: Identity, lookups: RuleLookups): string | null {
  if (typeof identity === 'string') return identity
  return domain === 'actor' ? lookups.directory.uid(identity) : lookups.objectUid(identity)
}
