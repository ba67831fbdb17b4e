import { addCalibrations, type Calibration } from '../../fixtures/evaluation/calibration.ts'
import { type Budget, chooseCuts } from '../../fixtures/evaluation/choose-cuts.ts'
import { listOutcomes, type Outcomes } from '../../fixtures/evaluation/list-outcomes.ts'
import { type Cuts, type Mark, openingsAt } from '../../fixtures/evaluation/mark.ts'
import { judgeRun, type OpenedRun, type Score, scoreJudged, scoreRuns } from '../../fixtures/evaluation/score-runs.ts'
import type { Truth } from '../../fixtures/evaluation/truth.ts'
import type { ProductRun } from './run-product.ts'

/** One data set as every way of detecting saw it. `withoutStaff` is left out of quick runs. */
export interface EvaluatedRun {
  readonly name: string
  readonly events: number
  readonly truth: Truth
  readonly configured: ProductRun
  readonly loose: ProductRun
  readonly withoutStaff: ProductRun | null
  readonly fixedLimit: readonly Mark[]
  readonly ownScore: readonly Mark[]
}

export interface Column {
  readonly name: string
  readonly scores: readonly { readonly budget: Budget; readonly score: Score }[]
}

export interface Evaluation {
  readonly datasets: readonly string[]
  readonly events: number
  /** How the cuts of the columns were fixed. */
  readonly cutsFixedOn: 'calibration' | 'other_half' | 'same'
  /** Alerts as the configuration opens them. */
  readonly configured: Score
  /** The thefts and false alerts of that one by one. */
  readonly outcomes: Outcomes
  readonly columns: readonly Column[]
  readonly calibration: Calibration
}

type MarksOf = (run: EvaluatedRun) => readonly Mark[]

const COLUMNS: readonly { readonly name: string; readonly marksOf: (run: EvaluatedRun) => readonly Mark[] | null }[] = [
  { name: 'product', marksOf: (run) => run.loose.marks },
  { name: 'product without staff feed', marksOf: (run) => run.withoutStaff?.marks ?? null },
  { name: 'own z-score, 40 days', marksOf: (run) => run.ownScore },
  { name: 'fixed daily limit', marksOf: (run) => run.fixedLimit },
]

/** Scores the product as configured, and every column with cuts fixed elsewhere than where they are scored. */
export function evaluateRuns(
  scored: readonly EvaluatedRun[],
  calibrating: readonly EvaluatedRun[],
  budgets: readonly Budget[],
): Evaluation {
  const columns = COLUMNS.flatMap(({ name, marksOf }): Column[] => {
    if (scored.some((run) => marksOf(run) === null)) return []
    const marks: MarksOf = (run) => marksOf(run) ?? []
    const scores = budgets.map((budget) => ({ budget, score: scoreElsewhere(scored, calibrating, marks, budget) }))
    return [{ name, scores }]
  })
  const asConfigured = scored.map(({ name, configured: { openings }, truth }) => ({
    name,
    ...judgeRun({ openings, truth }),
  }))
  return {
    datasets: scored.map(({ name }) => name),
    events: scored.reduce((sum, { events }) => sum + events, 0),
    cutsFixedOn: calibrating.length > 0 ? 'calibration' : scored.length > 1 ? 'other_half' : 'same',
    configured: scoreJudged(asConfigured),
    outcomes: listOutcomes(asConfigured),
    columns,
    calibration: addCalibrations(scored.map(({ configured }) => configured.calibration)),
  }
}

function scoreElsewhere(
  scored: readonly EvaluatedRun[],
  calibrating: readonly EvaluatedRun[],
  marksOf: MarksOf,
  budget: Budget,
): Score {
  const cutsOf = (runs: readonly EvaluatedRun[]): Cuts =>
    chooseCuts(
      runs.map((run) => ({ marks: marksOf(run), truth: run.truth })),
      budget,
    )
  const openAt = (runs: readonly EvaluatedRun[], cuts: Cuts): OpenedRun[] =>
    runs.map((run) => ({ openings: openingsAt(marksOf(run), cuts), truth: run.truth }))
  if (calibrating.length > 0) return scoreRuns(openAt(scored, cutsOf(calibrating)))
  if (scored.length < 2) return scoreRuns(openAt(scored, cutsOf(scored)))
  const halves = [0, 1].map((half) => scored.filter((_, place) => place % 2 === half))
  return scoreRuns([...openAt(halves[0], cutsOf(halves[1])), ...openAt(halves[1], cutsOf(halves[0]))])
}
