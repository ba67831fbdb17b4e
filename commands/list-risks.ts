import { RISK_HALF_LIFE_DAYS } from '../alerts/person-risk.ts'
import type { RiskBand, RiskFilter, RiskRow } from '../api/risk-service.ts'
import type { Core } from '../ingest/core.ts'
import { openAlertCounts } from '../store/alerts.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from '../store/cursor.ts'

const LIST = 'risks'

interface Ranked {
  readonly code: number
  readonly risk: number
  /** Tenant and person, by which equal risks are ordered. */
  readonly id: string
}

/**
 * People by their risk, highest first; equal ones by tenant and id. All in memory: a person costs the sum of their last
 * days, so that five thousand take a few milliseconds. Throws InvalidCursor for a cursor that this list did not give out.
 */
export async function listRisks(
  core: Core,
  filter: RiskFilter,
  cursor: string | null,
  limit: number,
  now: number,
): Promise<Page<RiskRow>> {
  const after = cursor === null ? null : decodeCursor(LIST, cursor)
  const ranked = rank(core, filter, now).filter(
    ({ risk, id }) =>
      after === null || inHundredths(risk) < after.time || (inHundredths(risk) === after.time && id > after.id),
  )
  ranked.sort((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : 1))
  const page = pageOf(
    ranked.slice(0, limit + 1),
    limit,
    (one) => one,
    ({ risk, id }) => encodeCursor(LIST, { time: inHundredths(risk), id }),
  )
  const open = await openAlertCounts(
    core.db,
    page.items.map(({ id }) => id),
  )
  const items = page.items.map(({ code, risk, id }) => rowOf(core, code, risk, open.get(id) ?? 0, now))
  return { items, next_cursor: page.next_cursor }
}

/** Everybody that the filter lets pass, in no order. */
function rank({ codes, engine, risks, calendar }: Core, filter: RiskFilter, now: number): Ranked[] {
  const ranked: Ranked[] = []
  for (let code = 0; code < codes.actorCount; code++) {
    const newest = engine.newestEvent(code)
    // People are also known as owners of customers and by what HR says; without a single event there is no risk.
    if (newest === null) continue
    const org = codes.orgOfActor(code)
    if (filter.org !== undefined && org !== filter.org) continue
    const at = Math.max(now, newest)
    const risk = risks.riskOf(code, calendar.dayOf(at), engine.openDay(code))
    if (filter.min !== undefined && risk < filter.min) continue
    if (!isAsked(engine, code, at, filter)) continue
    ranked.push({ code, risk, id: `${org}\u0000${codes.uidOfActor(code)}` })
  }
  return ranked
}

/** HR is asked only when the filter does. */
function isAsked(engine: Core['engine'], code: number, at: number, { role, team, leaver }: RiskFilter): boolean {
  if (role === undefined && team === undefined && leaver === undefined) return true
  const { record, leaver: state } = engine.staffOf(code, at)
  if (role !== undefined && record?.role !== role) return false
  if (team !== undefined && record?.team !== team) return false
  return leaver === undefined || (state !== 'none') === leaver
}

function rowOf({ codes, engine }: Core, code: number, risk: number, openAlerts: number, now: number): RiskRow {
  const newest = engine.newestEvent(code)
  const { record, leaver } = engine.staffOf(code, Math.max(now, newest ?? now))
  return {
    actor_uid: codes.uidOfActor(code),
    org_uid: codes.orgOfActor(code),
    name: record?.name ?? null,
    role: record?.role ?? null,
    team: record?.team ?? null,
    leaver,
    risk,
    open_alerts: openAlerts,
    last_seen: newest,
  }
}

const inHundredths = (risk: number): number => Math.round(risk * 100)

const BANDS: readonly { readonly band: RiskBand; readonly below: number }[] = [
  { band: 'under_20', below: 20 },
  { band: '20_to_39', below: 40 },
  { band: '40_to_59', below: 60 },
  { band: '60_to_79', below: 80 },
  { band: '80_or_more', below: Number.POSITIVE_INFINITY },
]

/** How many people are at which risk, of those who did something within so many days that a risk is left of it. */
export function countRisks(core: Core, now: number): Record<RiskBand, number> {
  const counts = { under_20: 0, '20_to_39': 0, '40_to_59': 0, '60_to_79': 0, '80_or_more': 0 }
  const since = now - 2 * RISK_HALF_LIFE_DAYS * 86_400_000
  for (const { code, risk } of rank(core, {}, now)) {
    if ((core.engine.newestEvent(code) ?? 0) < since) continue
    const found = BANDS.find(({ below }) => risk < below)
    if (found !== undefined) counts[found.band]++
  }
  return counts
}
