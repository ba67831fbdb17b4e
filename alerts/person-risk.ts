/**
 * A person's risk, 0 to 100: what the last days' scores come to, each halved every two weeks. The fourth power lets the
 * worst day lead while days that repeat it add to it, and keeps the sum of many ordinary days small:
 *
 *   risk = min(100, (sum over days of (score x 2^(-age / 14 days))^4)^(1/4))
 *
 * One day of 60 is a risk of 60, two in a row are 70, and ordinary days of 10, one after the other, come to 15.
 */
export const RISK_HALF_LIFE_DAYS = 14
/** Days that count, today's among them; the oldest is worth a sixty-fourth. */
export const RISK_DAYS = 84
const POWER = 4

/** How much a score of `age` days ago still counts, to the power. */
const DECAY = Float64Array.from({ length: RISK_DAYS }, (_, age) => 2 ** ((-age / RISK_HALF_LIFE_DAYS) * POWER))

/** What a day's score adds to the sum; 0 for days that no longer count or are yet to come. */
export const shareOfDay = (score: number, age: number): number =>
  age >= 0 && age < RISK_DAYS ? toThePower(score) * DECAY[age] : 0

/** By multiplication: for everybody's last days, at each scrape, a general power takes three times as long. */
const toThePower = (score: number): number => {
  const square = score * score
  return square * square
}

/** The risk of a sum, to a hundredth. */
export const riskOfSum = (sum: number): number => Math.min(100, Math.round(sum ** (1 / POWER) * 100) / 100)

export interface DayScore {
  readonly day: number
  /** 0 to 100. */
  readonly score: number
}

/** The risk on `today` of scores of which no two are of one day. */
export const personRisk = (days: Iterable<DayScore>, today: number): number => {
  let sum = 0
  for (const { day, score } of days) sum += shareOfDay(score, today - day)
  return riskOfSum(sum)
}
