import { type DayScore, personRisk, RISK_DAYS } from '../alerts/person-risk.ts'
import type { RiskDay, RiskHistory } from '../api/risk-service.ts'
import { round } from '../detectors/contributions.ts'
import { dateOf } from '../detectors/days/calendar.ts'
import type { Core } from '../ingest/core.ts'
import { scoredAlertsOf } from '../store/alerts.ts'
import { dayScores } from '../store/day-scores.ts'

/** One person's risk on each of the last days, oldest first, as the store has it; null for somebody never heard of. */
export async function readRisk(
  { db, codes, engine, calendar }: Core,
  org: string,
  actor: string,
  days: number,
  now: number,
): Promise<RiskHistory | null> {
  const code = codes.findActor(org, actor)
  if (code === -1) return null
  const today = calendar.dayOf(Math.max(now, engine.newestEvent(code) ?? now))
  const since = today - days - RISK_DAYS
  const [closed, alerts] = await Promise.all([dayScores(db, code, since), scoredAlertsOf(db, org, actor)])
  const scores = new Map<number, number>()
  const detectors = new Map<number, Set<string>>()
  const add = ({ day, score }: DayScore) => scores.set(day, Math.max(score, scores.get(day) ?? 0))
  for (const one of closed) add(one)
  const open = engine.openDay(code)
  if (open !== null) add(open)
  for (const { findings } of alerts) {
    for (const { time, score, detector } of findings) {
      const day = calendar.dayOf(time)
      add({ day, score })
      detectors.set(day, (detectors.get(day) ?? new Set()).add(detector))
    }
  }
  const known: DayScore[] = [...scores].map(([day, score]) => ({ day, score }))
  const items: RiskDay[] = []
  for (let day = today - days + 1; day <= today; day++) {
    items.push({
      day: dateOf(day),
      score: round(scores.get(day) ?? 0),
      risk: personRisk(known, day),
      detectors: [...(detectors.get(day) ?? [])].sort(),
    })
  }
  return { actor_uid: actor, org_uid: org, risk: items[items.length - 1].risk, days: items }
}
