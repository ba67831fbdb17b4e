import type { DetectedFinding } from '../model/alert.ts'
import { clipText } from '../model/clip-text.ts'
import type { FindingFacts } from '../model/finding-facts.ts'
import type { Catalogue } from './catalogue.ts'

type RuleFacts = Extract<FindingFacts, { kind: 'rule' }>

const SHOWN_CHARACTERS = 80

/** `rule "Many exports from one address": 12 events in 34 minutes (at least 10 in 1 hour), src_ip 192.0.2.7` */
export function sayRule(facts: RuleFacts, finding: DetectedFinding, words: Catalogue): string {
  const { rules, numbers, spans } = words
  const condition = facts.condition
    .map(({ op, value }) => `${rules.comparisons[op]} ${numbers.exact(value)}`)
    .join(` ${rules.and} `)
  const within = (ms: number) => spans.within(lengthOf(ms, words))
  const observed = rules.counted(facts.type, finding.observed ?? 0, facts)
  const groups = facts.group.map(({ name, text }) => `${name} ${text === null ? rules.unknown : cut(text)}`)
  return [
    rules.matched(
      cut(facts.title),
      `${observed} ${within(finding.window_to - finding.window_from)}`,
      `${condition} ${within(facts.timespan_ms)}`,
    ),
    ...groups,
  ].join(', ')
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** The largest unit that leaves a whole number, or for what was observed, two of it at least. */
function lengthOf(ms: number, { spans, numbers }: Catalogue): string {
  const [unit, unitMs] = UNITS.find(([, length]) => ms >= length && (ms % length === 0 || ms >= 2 * length)) ?? UNITS[3]
  return numbers.counted(Math.max(1, Math.round(ms / unitMs)), spans.units[unit])
}

const cut = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > SHOWN_CHARACTERS ? `${clipText(line, SHOWN_CHARACTERS)}...` : line
}
