import { expect, test } from 'vitest'
import { evaluateRuns } from '../../../commands/evaluation/evaluate-runs.ts'
import { formatEvaluation } from '../../../commands/evaluation/format-evaluation.ts'
import { day, mark, opening, truthOf } from '../../fixtures/evaluation/truth-of.ts'

const formatted = (truth: ReturnType<typeof truthOf>): string => {
  const openings = [opening('thief', day(21)), opening('anna', day(50)), opening('anna', day(60), { leaver: true })]
  const marks = [mark('thief', day(21), 9), mark('anna', day(50), 8)]
  const product = { openings, marks, calibration: { tests: [] } }
  const run = { name: 'march', events: 3, truth, configured: product, loose: product, withoutStaff: product }
  const budget = { ordinary: 5, leaver: 5 }
  return formatEvaluation(evaluateRuns([{ ...run, fixedLimit: marks, ownScore: [] }], [], [budget]), budget)
}

test('gives rates per employees', () => {
  expect(formatted(truthOf())).toMatch(/false alerts +2, per 1,000 employees a week 100\.0 \(95 % 11\.\d-361\.\d\)/)
  expect(formatted(truthOf())).toMatch(/ordinary staff +50\.0, asked for 5 \(\+900 %\)/)
  expect(formatted(truthOf())).toMatch(/on people who steal nothing: 2, per 1,000 employees a week 100\.0\n/)
})

test('gives no rates where nobody was employed in the judged time', () => {
  const text = formatted(truthOf({ employees: new Map() }))
  expect(text).toContain('0 employee-weeks judged')
  expect(text).not.toMatch(/NaN|Infinity/)
  expect(text).toMatch(/false alerts +2, no rates without employees in the judged time\n/)
  expect(text).toMatch(/ordinary staff +-, asked for 5\n/)
  expect(text).toMatch(/leavers +-, asked for 5\n/)
  expect(text).toMatch(/none +2 +-\n/)
  expect(text).toMatch(/mass-view +2 +-\n/)
  expect(text).toMatch(/fixed daily limit +5 \+ 5 .* - \+ -\n/)
})

test('has nothing that is no number where nothing was alerted or stolen', () => {
  expect(formatted(truthOf({ employees: new Map(), campaigns: [] }))).not.toMatch(/NaN|Infinity/)
})
