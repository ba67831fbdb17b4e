import type { Alert, Finding } from '../model/alert.ts'
import { type DayScore, RISK_DAYS, riskOfSum, shareOfDay } from './person-risk.ts'

/**
 * Everybody's last days, from which their risk follows at any time: the score of each closed day, and of each day with a
 * finding the finding's, whichever is higher. It is folded from what the store holds, so that a restart, or a past
 * folded again, leads to the same. Scores are kept in hundredths, two bytes a day and person.
 */
export interface RiskBook {
  /** A day that is closed; `score` in hundredths. */
  putDay(actor: number, day: number, score: number): void
  /** The person's closed days are about to be replaced. */
  forgetDays(actor: number): void
  /** An alert as it stands now; what was known of it before is replaced. */
  putAlert(actor: number, alert: Pick<Alert, 'alert_uid'> & { readonly findings: readonly Scored[] }): void
  /** 0 to 100. `open`: the day that is not closed yet. */
  riskOf(actor: number, today: number, open: DayScore | null): number
}

type Scored = Pick<Finding, 'time' | 'score'>

export function createRiskBook(dayOf: (timeMs: number) => number): RiskBook {
  let rows = 0
  let scores = new Uint16Array(0)
  let newest = new Int32Array(0)
  const found: (Map<string, readonly DayScore[]> | undefined)[] = []

  const grow = (wanted: number) => {
    const from = rows
    rows = Math.max(wanted, Math.ceil(rows * 1.5), 64)
    const more = new Uint16Array(rows * RISK_DAYS)
    more.set(scores)
    scores = more
    const days = new Int32Array(rows).fill(NO_DAY, from)
    days.set(newest.subarray(0, from))
    newest = days
  }
  const at = (actor: number, day: number) => actor * RISK_DAYS + (((day % RISK_DAYS) + RISK_DAYS) % RISK_DAYS)
  const scoreOf = (actor: number, day: number): number =>
    actor < rows && day <= newest[actor] && day > newest[actor] - RISK_DAYS ? scores[at(actor, day)] / 100 : 0

  return {
    putDay(actor, day, score) {
      if (actor >= rows) grow(actor + 1)
      const last = newest[actor]
      if (last !== NO_DAY && day <= last - RISK_DAYS) return
      if (day > last) {
        for (let empty = Math.max(last + 1, day - RISK_DAYS + 1); empty < day; empty++) scores[at(actor, empty)] = 0
        newest[actor] = day
        scores[at(actor, day)] = 0
      }
      scores[at(actor, day)] = Math.max(scores[at(actor, day)], score)
    },
    forgetDays(actor) {
      if (actor < rows) newest[actor] = NO_DAY
    },
    putAlert(actor, { alert_uid, findings }) {
      while (found.length <= actor) found.push(undefined)
      const alerts = found[actor] ?? new Map<string, readonly DayScore[]>()
      found[actor] = alerts
      alerts.set(alert_uid, highestPerDay(findings, dayOf))
      const last = Math.max(...[...alerts.values()].flat().map(({ day }) => day))
      for (const [uid, days] of alerts) if (days.every(({ day }) => day <= last - RISK_DAYS)) alerts.delete(uid)
    },
    riskOf(actor, today, open) {
      const special = found[actor] === undefined ? [] : [...found[actor].values()].flat()
      if (open !== null) special.push(open)
      const from = actor < rows ? Math.max(today - RISK_DAYS + 1, newest[actor] - RISK_DAYS + 1) : today
      const to = actor < rows ? Math.min(today, newest[actor]) : NO_DAY
      let sum = 0
      for (let day = from; day <= to; day++) {
        const score = scores[at(actor, day)]
        if (score !== 0) sum += shareOfDay(score / 100, today - day)
      }
      if (special.length === 0) return riskOfSum(sum)
      // What a finding or the open day adds beyond what the closed day of the same date says already.
      for (const [day, score] of highest(special)) {
        const known = scoreOf(actor, day)
        if (score > known) sum += shareOfDay(score, today - day) - shareOfDay(known, today - day)
      }
      return riskOfSum(Math.max(0, sum))
    },
  }
}

const NO_DAY = -(2 ** 31)

function highest(days: readonly DayScore[]): Map<number, number> {
  const byDay = new Map<number, number>()
  for (const { day, score } of days) byDay.set(day, Math.max(score, byDay.get(day) ?? 0))
  return byDay
}

const highestPerDay = (findings: readonly Scored[], dayOf: (timeMs: number) => number): DayScore[] =>
  [...highest(findings.map(({ time, score }) => ({ day: dayOf(time), score })))].map(([day, score]) => ({ day, score }))
