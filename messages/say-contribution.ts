import type { Contribution } from '../model/alert.ts'
import type { Catalogue } from './catalogue.ts'
import { expected } from './say-finding.ts'

/** One reason on one line: `62% · contacts copied in an hour: 143 (usual for this person 6, for the role 9)`. */
export function sayContribution(contribution: Contribution, words: Catalogue): string {
  const { reasons, numbers, measures, spans } = words
  const { kind, measure, window, test, observed } = contribution
  const name = measure === null ? test.replace(/^custom:/, '') : measures[measure].name
  const what = reasons.what[kind](name, window === null ? '' : spans.windows[window])
  const usual = (value: number | null) => (value === null ? null : expected(value, words))
  const counts = reasons.numbers(
    numbers.exact(observed),
    usual(contribution.expected),
    usual(contribution.expected_peers),
  )
  return `${numbers.percent(contribution.part)} · ${what}: ${counts}`
}
