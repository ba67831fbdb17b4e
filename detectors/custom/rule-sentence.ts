import type { Comparison, CorrelationRule } from '../../model/custom-rule.ts'
import type { Domain } from './correlation-inputs.ts'

export interface SentenceParts {
  readonly observed: number
  readonly spanMs: number
  /** Per name in the rule's group-by; null when the text is not known. */
  readonly group: readonly { readonly domain: Domain; readonly text: string | null }[]
}

const SHOWN_CHARACTERS = 80
const WORDS: Readonly<Record<Comparison['op'], string>> = {
  gt: 'more than',
  gte: 'at least',
  lt: 'fewer than',
  lte: 'at most',
  eq: 'exactly',
  neq: 'other than',
}

/** `rule "Many exports from one address": 12 events in 34 minutes (at least 10 in 1 hour), src_ip 192.0.2.7` */
export function ruleSentence(rule: CorrelationRule, { observed, spanMs, group }: SentenceParts): string {
  const condition = rule.condition.map(({ op, value }) => `${WORDS[op]} ${number(value)}`).join(' and ')
  const groups = group.flatMap(({ domain, text }, n) =>
    // Whose alert it is stands above it already.
    domain === 'actor' ? [] : [`${rule.groupBy[n]} ${text === null ? '(not known)' : cut(text)}`],
  )
  const seen = `${counted(rule, observed)} in ${span(spanMs)} (${condition} in ${span(rule.timespanMs)})`
  return [`rule "${cut(rule.title)}": ${seen}`, ...groups].join(', ')
}

function counted(rule: CorrelationRule, observed: number): string {
  const rules = rule.inputs.length
  switch (rule.type) {
    case 'event_count':
      return `${number(observed)} ${observed === 1 ? 'event' : 'events'}`
    case 'value_count':
      return `${number(observed)} different ${observed === 1 ? 'value' : 'values'} of ${rule.fields.join(' and ')}`
    case 'value_sum':
      return `${rule.fields[0]} adds up to ${number(observed)}`
    case 'temporal':
      return `${number(observed)} of ${rules} rules matched`
    case 'temporal_ordered':
      return `${number(observed)} of ${rules} rules matched in order`
  }
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** The largest unit that leaves a whole number, or for what was observed, two of it at least. */
function span(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= unit && (ms % unit === 0 || ms >= 2 * unit)) ?? UNITS[3]
  const count = Math.max(1, Math.round(ms / unitMs))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

const number = (value: number): string => value.toLocaleString('en-US')

const cut = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line
}
