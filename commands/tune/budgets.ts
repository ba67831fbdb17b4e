import type { TuneCommand } from '../../cli/command.ts'
import { BUDGET_BOUNDS } from '../../config/schema.ts'
import type { Config } from '../../config.ts'
import type { AlertBudget } from '../../detectors/risk/calibration.ts'

/**
 * The budgets to fold, the configured one when none is given. Unless a leavers' budget is given, it goes with the other in
 * the ratio of the configuration, as far as a configuration may have it.
 */
export function budgetsOf(
  { budgets, leaverBudget }: Pick<TuneCommand, 'budgets' | 'leaverBudget'>,
  { alert_budget, leaver_alert_budget }: Pick<Config, 'alert_budget' | 'leaver_alert_budget'>,
): AlertBudget[] {
  const { minimum, maximum } = BUDGET_BOUNDS
  return (budgets.length > 0 ? budgets : [alert_budget]).map((ordinary) => {
    const inRatio = (ordinary * leaver_alert_budget) / alert_budget
    return { ordinary, leaver: leaverBudget ?? Math.min(maximum, Math.max(minimum, inRatio)) }
  })
}
