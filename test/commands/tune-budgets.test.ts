import { expect, it } from 'vitest'
import { budgetsOf } from '../../commands/tune/budgets.ts'

const configured = (alert_budget: number, leaver_alert_budget: number) => ({ alert_budget, leaver_alert_budget })
const asked = (budgets: number[], leaverBudget: number | null = null) => ({ budgets, leaverBudget })

it.each([
  ['the configured one when none is asked for', asked([]), configured(5, 10), [[5, 10]]],
  [
    'leavers’ in the ratio configured',
    asked([1, 20]),
    configured(5, 10),
    [
      [1, 2],
      [20, 40],
    ],
  ],
  ['leavers’ no higher than may be configured', asked([20]), configured(0.1, 100), [[20, 100]]],
  [
    'leavers’ no lower than may be configured',
    asked([0.1, 50]),
    configured(100, 0.1),
    [
      [0.1, 0.1],
      [50, 0.1],
    ],
  ],
  [
    'leavers’ as given',
    asked([1, 20], 7),
    configured(5, 10),
    [
      [1, 7],
      [20, 7],
    ],
  ],
])('takes %s', (_, command, config, expected) => {
  expect(budgetsOf(command, config).map(({ ordinary, leaver }) => [ordinary, leaver])).toEqual(expected)
})
