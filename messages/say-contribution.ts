import type { Contribution } from '../model/alert.ts'
import type { Catalogue } from './catalogue.ts'
import { expected } from './say-finding.ts'

/**
 * One reason on one line: `62% · contacts copied in an hour: 143 (usual for this person 6, for the role 9)`, or of a share
 * `18% · contacts copied as a share of all opened in a day: 80% (usual for this person 21%, for the role 25%)`.
 */
export function sayContribution(contribution: Contribution, words: Catalogue): string {
  const { reasons, numbers, measures, spans } = words
  const { kind, measure, window, test, share } = contribution
  const name = measure === null ? test.replace(/^custom:/, '') : measures[measure].name
  // Alerts of older versions have of a share only the counts behind it, and say those.
  const said = kind === 'share' && share === undefined ? 'count' : kind
  const what = reasons.what[said](name, window === null ? '' : spans.windows[window])
  const compared =
    share === undefined
      ? countsOf(contribution, words)
      : reasons.numbers(
          numbers.percent(share.seen),
          share.expected === null ? null : numbers.percent(share.expected),
          numbers.percent(share.expected_peers),
        )
  return `${numbers.percent(contribution.part)} · ${what}: ${compared}`
}

function countsOf(contribution: Contribution, words: Catalogue): string {
  const usual = (value: number | null) => (value === null ? null : expected(value, words))
  return words.reasons.numbers(
    words.numbers.exact(contribution.observed),
    usual(contribution.expected),
    usual(contribution.expected_peers),
  )
}
