import { RISK_BANDS, type RiskBand, type RiskFilter, type RiskRow } from '../api/risk-service.ts'
import type { Core } from '../ingest/core.ts'
import { WINDOW_MS } from '../model/measure.ts'
import { openAlertCounts } from '../store/alerts.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from '../store/cursor.ts'
import { riskNow } from './risk-now.ts'

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
function rank(core: Core, filter: RiskFilter, now: number): Ranked[] {
  const { codes, engine } = core
  const ranked: Ranked[] = []
  for (let code = 0; code < codes.actorCount; code++) {
    const newest = engine.newestEvent(code)
    // People are also known as owners of customers and by what HR says; without a single event there is no risk.
    if (newest === null) continue
    const org = codes.orgOfActor(code)
    if (filter.org !== undefined && org !== filter.org) continue
    const at = Math.max(now, newest)
    const risk = riskNow(core, code, at)
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

/** How much risk each of RISK_BANDS spans. */
const BAND_WIDTH = 20

/** How many people are at which risk, of those who did something within 28 days. */
export function countRisks(core: Core, now: number): ReadonlyMap<RiskBand, number> {
  const counts = new Map<RiskBand, number>(RISK_BANDS.map((band) => [band, 0]))
  const since = now - WINDOW_MS['28d']
  for (let code = 0; code < core.codes.actorCount; code++) {
    const newest = core.engine.newestEvent(code)
    if (newest === null || newest < since) continue
    const band = bandOf(riskNow(core, code, Math.max(now, newest)))
    counts.set(band, (counts.get(band) ?? 0) + 1)
  }
  return counts
}

const bandOf = (risk: number): RiskBand => RISK_BANDS[Math.min(Math.floor(risk / BAND_WIDTH), RISK_BANDS.length - 1)]
