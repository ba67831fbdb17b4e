import type { RoleCalibrationView } from '../api/calibration-service.ts'
import { partsOfRoleKey } from '../detectors/actor-table.ts'
import { round } from '../detectors/contributions.ts'
import { dateOf } from '../detectors/days/calendar.ts'
import type { AlertBudget } from '../detectors/risk/calibration.ts'
import { basisOf } from '../detectors/risk/calibration-basis.ts'
import type { Core } from '../ingest/core.ts'
import { WINDOW_MS } from '../model/measure.ts'
import { openingsByActor } from '../store/alerts.ts'

const WEEKS = 4

/** How each role that was judged so far is judged now, and what that has come to in the last four weeks. */
export async function readCalibration(
  { db, codes, engine }: Core,
  org: string | null,
  budget: AlertBudget,
  now: number,
): Promise<RoleCalibrationView[]> {
  const since = now - WINDOW_MS['28d']
  const people = new Map<string, number>()
  for (let code = 0; code < codes.actorCount; code++) {
    const newest = engine.newestEvent(code)
    const key = engine.roleKeyOf(code)
    if (key !== null && newest !== null && newest >= since) people.set(key, (people.get(key) ?? 0) + 1)
  }
  const opened = new Map<string, { atWork: number; leaver: number }>()
  for (const { org_uid, actor_uid, leaver, alerts } of await openingsByActor(db, since)) {
    const key = engine.roleKeyOf(codes.findActor(org_uid, actor_uid))
    if (key === null) continue
    const ofRole = opened.get(key) ?? { atWork: 0, leaver: 0 }
    opened.set(key, ofRole)
    ofRole[leaver ? 'leaver' : 'atWork'] += alerts
  }
  return [...engine.calibrationByRole()]
    .map(([key, made]) => ({ key, ...partsOfRoleKey(key), ...made }))
    .filter((one) => org === null || one.org === org)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, org: org_uid, role, actor_type, day, calibration }) => {
      const count = people.get(key) ?? 0
      const { atWork, leaver } = opened.get(key) ?? { atWork: 0, leaver: 0 }
      const rate = (alerts: number) => (count === 0 ? null : round((alerts / WEEKS / count) * 1_000))
      return {
        org_uid,
        role,
        actor_type,
        day: dateOf(day),
        person_days: round(calibration.days),
        basis: basisOf(calibration),
        cut: round(calibration.cuts.ordinary),
        leaver_cut: round(calibration.cuts.leaver),
        people: count,
        alerts: atWork,
        leaver_alerts: leaver,
        alerts_per_1000_per_week: rate(atWork),
        leaver_alerts_per_1000_per_week: rate(leaver),
        alert_budget: budget.ordinary,
        leaver_alert_budget: budget.leaver,
      }
    })
}
