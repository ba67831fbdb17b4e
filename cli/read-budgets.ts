import { type Given, UsageMistake } from './given.ts'

/** What a budget of false alerts may be, as in the configuration. */
const LEAST = 0.1
const MOST = 100
const MOST_BUDGETS = 20

export const readBudget = (given: Given, name: string): number | null => given.number(name, LEAST, MOST)

/** Budgets given as several values or with commas; empty when there are none. */
export function readBudgets(given: Given, name: string): number[] {
  const words = given.texts(name).flatMap((text) => text.split(','))
  if (words.length > MOST_BUDGETS) throw new UsageMistake(`--${name} takes ${MOST_BUDGETS} at most`)
  return words.map((word) => {
    const budget = Number(word)
    if (!/^\d+(\.\d+)?$/.test(word) || budget < LEAST || budget > MOST)
      throw new UsageMistake(`--${name} takes numbers from ${LEAST} to ${MOST}, not '${word}'`)
    return budget
  })
}
