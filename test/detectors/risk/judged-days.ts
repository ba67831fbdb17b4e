import type { AlertBudget, Calibration } from '../../../detectors/risk/calibration.ts'
import type { JudgedDay } from '../../../detectors/risk/judged-counts.ts'
import { createRoleCalibrations } from '../../../detectors/risk/role-calibration.ts'
import { TEST_COUNT } from '../../../detectors/risk/tests.ts'

export const BUDGET: AlertBudget = { ordinary: 5, leaver: 5 }
export const ROLE = 'default\u0000reception'

/** A person-day with one test's surprise and a risk. */
export const judged = (
  actor: number,
  day: number,
  surprise: number,
  risk: number,
  change: Partial<JudgedDay> = {},
): JudgedDay => {
  const surprises = new Int32Array(TEST_COUNT)
  surprises[0] = Math.round(surprise * 100)
  return {
    actor,
    day,
    role: ROLE,
    org: 'default',
    surprise: surprises,
    risk: Math.round(risk * 1000),
    leaver: false,
    ...change,
  }
}
/** Deterministic values between 0 and 1, evenly spread. */
export const spread = (n: number): number => (n * 0.618_033_988_75) % 1

/** `people` at work every day; each day's surprise is exponential in tenths of a share, times `scale`. */
export function calibrated(scale: number, people = 20, days = 200, budget = BUDGET): Calibration {
  const calibrations = createRoleCalibrations(budget)
  for (let day = 0; day < days; day++) {
    for (let actor = 0; actor < people; actor++) {
      const part = spread(day * people + actor + 1)
      calibrations.add(judged(actor, day, -scale * Math.log10(1 - part), -scale * Math.log10(1 - part)))
    }
  }
  return calibrations.get('default', ROLE, days + 2)
}
