import { NOMINAL, SOUND, soundness } from '../../fixtures/evaluation/calibration.ts'
import { countInterval, shareInterval } from '../../fixtures/evaluation/interval.ts'
import type { Rate, Recall, Score } from '../../fixtures/evaluation/score-runs.ts'
import type { Evaluation } from './evaluate-runs.ts'

const HOUR_MS = 3_600_000

/** The whole evaluation as text. */
export function formatEvaluation(evaluation: Evaluation, asked: { ordinary: number; leaver: number }): string {
  const { configured, columns, calibration } = evaluation
  return [
    `${evaluation.datasets.join(', ')}: ${evaluation.events} events, ${configured.campaigns} campaigns, ${configured.employeeWeeks.toFixed(0)} employee-weeks judged`,
    '',
    'PRODUCT AS CONFIGURED',
    `  recall                ${recall(configured)}`,
    `  share gone before     ${two(configured.goneBefore)} (${two(configured.goneWith)} with the event that opened the alert)`,
    `  median time to detect ${duration(configured.medianMs)}`,
    `  false alerts          ${configured.falseAlerts}, ${rateWithInterval(configured)}`,
    `    ordinary staff      ${realised(configured, configured.ordinaryRate, asked.ordinary)}`,
    `    leavers             ${realised(configured, configured.leaverRate, asked.leaver)}`,
    `    on thieves, outside their campaigns: ${configured.onThieves}, of which ${configured.afterThefts} after one`,
    `    on people who steal nothing: ${configured.falseAlerts - configured.onThieves}, per 1,000 employees a week ${rateOf(configured, configured.honestRate)}`,
    `  in notice             ${recall(configured.inNotice)}`,
    `  not in notice         ${recall(configured.notInNotice)}`,
    `  newcomers             ${recall(configured.newcomers)}`,
    `  first 10 days         ${configured.firstDays.alerts} false alerts, ${configured.firstDays.rate === null ? '-' : one(configured.firstDays.rate)} per 1,000 newcomers a week`,
    '',
    ...kindTable(configured),
    '',
    '  false alerts by role (per 1,000 of the role a week)',
    ...rates(configured.byRole),
    `    ${roleSpread(configured.byRole)}`,
    '  by benign cause (per 1,000 employees a week)',
    ...rates(configured.byCause),
    '  by detector',
    ...rates(configured.byDetector),
    '',
    `AT EQUAL BUDGETS, cuts ${FIXED_ON[evaluation.cutsFixedOn]} (false alerts per 1,000 employees a week, ordinary + leavers)`,
    ...columnTable(evaluation),
    '',
    ...(columns.length === 0 ? [] : kindsByColumn(evaluation)),
    '',
    `CALIBRATION: clean days beyond a nominal ${NOMINAL}, as a multiple of it`,
    ...calibrationTable(calibration.tests),
    '',
  ].join('\n')
}

const FIXED_ON = {
  calibration: 'fixed on calibration data',
  other_half: 'fixed on the other half of the data sets',
  same: 'fixed AFTER THE FACT on the same data (give more seeds)',
} as const

const two = (value: number): string => value.toFixed(2)
const one = (value: number): string => value.toFixed(1)

function recall({ hits, campaigns }: Recall): string {
  if (campaigns === 0) return '-'
  const [low, high] = shareInterval(hits, campaigns)
  return `${two(hits / campaigns)} (${hits} of ${campaigns}; 95 % ${two(low)}-${two(high)})`
}

function rateWithInterval(score: Score): string {
  if (score.employeeWeeks === 0) return 'no rates without employees in the judged time'
  const [low, high] = countInterval(score.falseAlerts).map((count) => (1000 * count) / score.employeeWeeks)
  return `per 1,000 employees a week ${one(score.rate)} (95 % ${one(low)}-${one(high)})`
}

/** A rate of a score; none where nobody was employed. */
const rateOf = ({ employeeWeeks }: Score, rate: number): string => (employeeWeeks === 0 ? '-' : one(rate))

function realised(score: Score, rate: number, asked: number): string {
  const share = score.employeeWeeks === 0 ? '' : ` (${percentOf(rate, asked)})`
  return `${rateOf(score, rate)}, asked for ${asked}${share}`
}

const percentOf = (rate: number, budget: number): string =>
  `${rate >= budget ? '+' : ''}${((rate / budget - 1) * 100).toFixed(0)} %`

function duration(ms: number | null): string {
  if (ms === null) return '-'
  if (ms < HOUR_MS) return `${(ms / 60_000).toFixed(0)} min`
  return ms < 48 * HOUR_MS ? `${(ms / HOUR_MS).toFixed(1)} h` : `${(ms / (24 * HOUR_MS)).toFixed(1)} d`
}

function kindTable(score: Score): string[] {
  const rows = score.kinds.map((kind) => {
    const misses = [
      ...(kind.openBefore > 0 ? [`${kind.openBefore} missed with an alert open before`] : []),
      ...(kind.afterGrace > 0 ? [`${kind.afterGrace} found too late`] : []),
    ]
    return [
      `  ${kind.kind}`,
      `${kind.hits}/${kind.campaigns}`,
      two(kind.hits / kind.campaigns),
      two(kind.goneBefore),
      duration(kind.medianMs),
      [kind.detectors.join(' '), ...misses].filter((text) => text !== '').join('; '),
    ]
  })
  return table([['  campaign', 'found', 'recall', 'gone', 'median', 'by'], ...rows])
}

function rates(list: readonly Rate[]): string[] {
  return table(list.map(({ name, alerts, rate }) => [`    ${name}`, String(alerts), rate === null ? '-' : one(rate)]))
}

/** Largest over smallest rate among roles; one alert more or less is allowed for, since small roles have few. */
function roleSpread(list: readonly Rate[]): string {
  const known = list.filter(({ rate }) => rate !== null)
  if (known.length < 2) return ''
  const rated = known.map(({ rate }) => rate ?? 0)
  return `largest ${one(Math.max(...rated))}, smallest ${one(Math.min(...rated))}`
}

function columnTable({ columns }: Evaluation): string[] {
  const rows = columns.flatMap(({ name, scores }) =>
    scores.map(({ budget, score }) => [
      `  ${name}`,
      `${budget.ordinary} + ${budget.leaver}`,
      score.campaigns === 0 ? '-' : two(score.hits / score.campaigns),
      two(score.goneBefore),
      duration(score.medianMs),
      `${rateOf(score, score.ordinaryRate)} + ${rateOf(score, score.leaverRate)}`,
    ]),
  )
  return table([['  ', 'budget', 'recall', 'gone', 'median', 'realised'], ...rows])
}

/** Recall per campaign type at the middle budget, a column per way of detecting. */
function kindsByColumn({ columns }: Evaluation): string[] {
  const middle = columns.map(({ name, scores }) => ({ name, at: scores[Math.floor(scores.length / 2)] }))
  const kinds = [...new Set(middle.flatMap(({ at }) => at.score.kinds.map(({ kind }) => kind)))].sort()
  const { budget } = middle[0].at
  return table([
    [`  recall at ${budget.ordinary} + ${budget.leaver}`, ...middle.map(({ name }) => name)],
    ...kinds.map((kind) => [
      `  ${kind}`,
      ...middle.map(({ at }) => {
        const own = at.score.kinds.find((one) => one.kind === kind)
        return own === undefined ? '-' : two(own.hits / own.campaigns)
      }),
    ]),
  ])
}

function calibrationTable(tests: Evaluation['calibration']['tests']): string[] {
  return table(
    tests.map((one) => {
      const { test, days, spoke, exceeded } = one
      const remark = {
        sound: '',
        rare: `speaks on ${spoke} days alone`,
        low: `below ${SOUND.least}`,
        high: `above ${SOUND.most}`,
      }
      return [`  ${test}`, two(exceeded / days / NOMINAL), `${exceeded} of ${days} days`, remark[soundness(one)]]
    }),
  )
}

/** Columns padded to the widest cell; the first to the left, the others too, so that it stays readable as text. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, place) => {
      widths[place] = Math.max(widths[place] ?? 0, cell.length)
    })
  }
  return rows.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place]))
      .join('  ')
      .trimEnd(),
  )
}
