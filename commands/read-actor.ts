import type { ActorView } from '../api/services.ts'
import { round } from '../detectors/contributions.ts'
import type { Core } from '../ingest/core.ts'
import { measureOfSlot, windowOfSlot } from '../model/measure.ts'
import { matchingAlerts } from '../store/alerts.ts'
import { firstSeen } from '../store/first-seen.ts'
import { riskNow } from './risk-now.ts'

const ALERTS_SHOWN = 20

/**
 * One person's windows against baselines, alerts, and how HR says that person stands now (epoch ms), which may be news
 * since the last event; null for somebody never heard of.
 */
export async function readActor(core: Core, org: string, actor: string, now: number): Promise<ActorView | null> {
  const { db, codes, engine } = core
  const code = codes.findActor(org, actor)
  if (code === -1) return null
  const newest = engine.newestEvent(code)
  const [first, alerts] = await Promise.all([firstSeen(db, code), matchingAlerts(db, { org, actor }, ALERTS_SHOWN)])
  const at = Math.max(now, newest ?? now)
  const { record, leaver } = engine.staffOf(code, at)
  return {
    actor_uid: actor,
    org_uid: org,
    leaver,
    staff: record,
    first_seen: first,
    last_seen: first === null ? null : newest,
    risk: riskNow(core, code, at),
    windows: engine.slots(code).map((slot) => ({
      measure: measureOfSlot(slot.slot),
      window: windowOfSlot(slot.slot),
      count: slot.count,
      expected: round(slot.expected),
      expected_peers: round(slot.expectedPeers),
      limit: slot.limit,
      baseline_days: slot.days,
    })),
    alerts,
  }
}
