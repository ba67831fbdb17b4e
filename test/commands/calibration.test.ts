import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCalibration } from '../../commands/read-calibration.ts'
import { createHarness, type Harness } from '../api/harness.ts'
import { createSimulatedFeed } from '../support/simulated-feed.ts'
import { openTestCore, type TestCore } from '../support/test-core.ts'

const { events, feed } = createSimulatedFeed({ seed: 5, staff: 16, weeks: 8, campaigns: { share: 0.25, fromWeek: 5 } })
const FIRST = Date.parse(events[0].time)
const NOW = Date.parse(events[events.length - 1].time)
const BUDGET = { ordinary: 5, leaver: 3 }

let core: TestCore
let harness: Harness
beforeAll(async () => {
  core = await openTestCore(':memory:')
  harness = await createHarness()
  harness.calibration = { list: (org) => readCalibration(core, org, BUDGET, NOW) }
})
afterAll(async () => {
  await harness[Symbol.asyncDispose]()
  await core[Symbol.asyncDispose]()
})

describe('the state of calibration', () => {
  it('is empty while no role was judged, rests on what is assumed at first, and on the tenant’s history then', async () => {
    expect(await readCalibration(core, null, BUDGET, NOW)).toEqual([])
    const days = (n: number) => events.findIndex(({ time }) => Date.parse(time) >= FIRST + n * 86_400_000)
    await feed(core, 0, days(6), 1_000)
    const early = await readCalibration(core, null, BUDGET, Date.parse(events[days(6)].time))
    expect(early.length).toBeGreaterThan(3)
    expect(new Set(early.map(({ basis }) => basis))).toEqual(new Set(['prior']))
    await feed(core, days(6), events.length, 1_000)
    const late = await readCalibration(core, null, BUDGET, NOW)
    expect(late.filter(({ basis }) => basis === 'tenant').length).toBeGreaterThan(2)
    for (const { person_days, cut, leaver_cut, alert_budget, leaver_alert_budget } of late) {
      expect(person_days).toBeGreaterThan(0)
      expect(cut).toBeGreaterThan(0)
      expect(leaver_cut).toBeGreaterThan(0)
      expect([alert_budget, leaver_alert_budget]).toEqual([5, 3])
    }
  })

  it('counts what opened in four weeks, per 1,000 people and week', async () => {
    const roles = await readCalibration(core, null, BUDGET, NOW)
    const [{ alerts }] = await core.db.query<{ alerts: number }>(
      'SELECT count(*) AS alerts FROM alerts WHERE opened_at >= ?',
      [NOW - 28 * 86_400_000],
    )
    expect(alerts).toBeGreaterThan(0)
    expect(roles.reduce((sum, role) => sum + role.alerts + role.leaver_alerts, 0)).toBe(alerts)
    for (const { alerts: own, people, alerts_per_1000_per_week } of roles) {
      if (people === 0) expect(alerts_per_1000_per_week).toBeNull()
      else expect(alerts_per_1000_per_week).toBeCloseTo((own / 4 / people) * 1_000, 1)
    }
  })

  it('is counted in the metrics by the same words', async () => {
    const roles = await readCalibration(core, null, BUDGET, NOW)
    const counts = { prior: 0, tenant: 0, own: 0 }
    for (const { basis } of roles) counts[basis]++
    expect(counts.tenant).toBeGreaterThan(2)
    expect(core.engine.population(NOW).roles).toEqual(counts)
  })

  it('keeps people and integrations of whom HR gives no role apart', async () => {
    await using apart = await openTestCore(':memory:')
    const accounts = [
      { actor_uid: 'anna', actor_type: 'user' },
      { actor_uid: 'ben', actor_type: 'user' },
      { actor_uid: 'sync', actor_type: 'integration' },
    ]
    const day = (n: number) =>
      accounts.flatMap((account) =>
        Array.from({ length: 60 }, (_, i) =>
          Buffer.from(
            JSON.stringify({
              ...account,
              time: NOW - n * 86_400_000 + i * 1_000,
              action: 'view',
              object_type: 'contact',
              object_uids: [`c-${n}-${i}`],
            }),
          ),
        ),
      )
    for (const n of [4, 3, 2, 1]) await apart.pipeline.submitEvents(day(n), 'test', null)
    const roles = await readCalibration(apart, null, BUDGET, NOW)
    expect(roles.map(({ role, actor_type, people }) => ({ role, actor_type, people }))).toEqual([
      { role: null, actor_type: 'integration', people: 1 },
      { role: null, actor_type: 'user', people: 2 },
    ])
    const [{ alerts }] = await apart.db.query<{ alerts: number }>('SELECT count(*) AS alerts FROM alerts')
    expect(roles.reduce((sum, role) => sum + role.alerts + role.leaver_alerts, 0)).toBe(alerts)
  })

  it('is shown of the token’s tenant alone', async () => {
    const get = async (url: string, role: string) => harness.app.inject({ url, headers: harness.auth(role) })
    const all = (await get('/v1/calibration', 'viewer')).json()
    expect(all.items.length).toBeGreaterThan(3)
    expect((await get('/v1/calibration', 'viewer@acme')).json()).toEqual({ items: [], next_cursor: null })
    expect((await get('/v1/calibration?org=default', 'viewer@acme')).statusCode).toBe(403)
    expect((await get('/v1/calibration', 'ingest')).statusCode).toBe(403)
  })
})
