import type { DetectedFinding, Finding } from '../model/alert.ts'
import type { FindingFacts, Standing } from '../model/finding-facts.ts'
import type { Window } from '../model/measure.ts'
import type { Catalogue, Usual } from './catalogue.ts'
import { sayRule } from './say-rule.ts'

/**
 * A finding as a sentence: "opened 143 different contacts in 20 minutes; usual for this person is 6, for reception 9; in
 * notice since 3 March". One that was stored without its facts keeps the words it has.
 */
export function sayFinding(finding: DetectedFinding | Finding, words: Catalogue): string {
  const { facts } = finding
  if (facts === undefined) return 'sentence' in finding ? finding.sentence : ''
  if (facts.kind === 'rule') return sayRule(facts, finding, words)
  return [...sayWhat(finding, facts, words), ...sayStanding(facts, finding.look_back, words)].join('; ')
}

/** What was done, and what is usual. */
function sayWhat(finding: DetectedFinding, facts: Exclude<FindingFacts, { kind: 'rule' }>, words: Catalogue): string[] {
  const { sentences, measures, numbers, spans } = words
  const observed = finding.observed ?? 0
  if (facts.kind === 'after-leaving') return [sentences.afterLeaving(observed)]
  const { measure, window } = finding
  if (measure === null || window === null) return []
  const of = measures[measure]
  switch (facts.kind) {
    case 'cusum':
      return [
        sentences.risen(
          of.risen,
          numbers.whole(facts.last_day),
          expected(facts.expected_last_day, words),
          window === '28d' ? numbers.whole(observed) : null,
        ),
      ]
    case 'share': {
      const usual = {
        own: finding.baseline_days > 0 ? numbers.percent(facts.expected_share) : null,
        peers: numbers.percent(facts.expected_share_peers),
        role: facts.role,
      }
      const did = sentences.did(numbers.counted(observed, of.done), spans.windows[window])
      return [sentences.ofAll(did, numbers.percent(facts.share)), sentences.usual(usual)]
    }
    case 'peers':
    case 'team':
    case 'count': {
      const span = spanOf(finding.window_to - finding.window_from, window, words)
      const did = sentences.did(numbers.counted(observed, of.done), span)
      const usual = usualOf(finding, facts.role, words)
      const compared = facts.kind === 'peers' ? sentences.usualOfPeers(usual) : sentences.usual(usual)
      return facts.kind === 'team' ? [did, compared, sentences.teamToo] : [did, compared]
    }
  }
}

const usualOf = (finding: DetectedFinding, role: string | null, words: Catalogue): Usual => ({
  own: finding.baseline_days > 0 ? expected(finding.expected ?? 0, words) : null,
  peers: expected(finding.expected_peers ?? 0, words),
  role,
})

/** What is expected, which is rarely whole, as people say it. */
export const expected = (value: number, { numbers, sentences }: Catalogue): string =>
  value > 0 && value < 0.95 ? sentences.lessThanOne : numbers.whole(value)

/** How the person stands: "in notice since 3 March", "last working day was 3 March", or nothing. */
function sayStanding(standing: Standing, lookBack: boolean, { sentences, numbers }: Catalogue): string[] {
  const day = (date: string | null) => (date === null ? null : numbers.day(date))
  const lastDay = day(standing.last_working_day)
  if (standing.leaver === 'left') return [sentences.hasLeft(lastDay)]
  const found = lookBack ? [sentences.lookBack] : []
  return standing.leaver === 'none' ? found : [sentences.inNotice(day(standing.notice_on), lastDay), ...found]
}

const MINUTE_MS = 60_000

/** The time the count really took, when that is shorter than the window. */
function spanOf(spanMs: number, window: Window, { spans, numbers }: Catalogue): string {
  const minutes = Math.max(1, Math.round(spanMs / MINUTE_MS))
  if (window === '10m' || window === '1h')
    return minutes >= 60 ? spans.windows['1h'] : numbers.counted(minutes, spans.minutes)
  if (minutes < 120) return numbers.counted(minutes, spans.minutes)
  if (minutes < 1_380) return numbers.counted(Math.round(minutes / 60), spans.hours)
  return spans.windows[window]
}
