import { BUDGET_BOUNDS } from '../config/schema.ts'
import { type Given, UsageMistake } from './given.ts'
import { anyNumber } from './option-spec.ts'

/** What a budget of false alerts may be, as in the configuration. */
export const BUDGET = anyNumber(BUDGET_BOUNDS.minimum, BUDGET_BOUNDS.maximum)
const MOST_BUDGETS = 20

/** Budgets given as several values or with commas; empty when there are none. */
export function readBudgets(given: Given, name: string): readonly number[] {
  const budgets = given.numbers(name)
  if (budgets.length > MOST_BUDGETS) throw new UsageMistake(`--${name} takes ${MOST_BUDGETS} numbers at most`)
  return budgets
}
