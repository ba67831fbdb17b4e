import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countRisks, listRisks } from '../../commands/list-risks.ts'
import { readRisk } from '../../commands/read-risk.ts'
import { WINDOW_MS } from '../../model/measure.ts'
import { InvalidCursor } from '../../store/cursor.ts'
import { createHarness, type Harness } from '../api/harness.ts'
import { createSimulatedFeed } from '../support/simulated-feed.ts'
import { openTestCore, type TestCore } from '../support/test-core.ts'

const { events, feed } = createSimulatedFeed({ seed: 5, staff: 16, weeks: 6, campaigns: { share: 0.25, fromWeek: 4 } })
const NOW = Date.parse(events[events.length - 1].time)

let core: TestCore
let harness: Harness
beforeAll(async () => {
  core = await openTestCore(':memory:')
  await feed(core, 0, events.length, 1_000)
  await core.pipeline.submitEvents(
    [
      Buffer.from(
        JSON.stringify({
          time: NOW,
          org_uid: 'acme',
          actor_uid: 'zoe',
          action: 'view',
          object_type: 'contact',
          object_uids: ['c'],
        }),
      ),
    ],
    'http',
    null,
  )
  harness = await createHarness()
  harness.risks = {
    list: (filter, cursor, limit) => listRisks(core, filter, cursor, limit, NOW),
    history: (org, actor, days) => readRisk(core, org, actor, days, NOW),
  }
})
afterAll(async () => {
  await harness[Symbol.asyncDispose]()
  await core[Symbol.asyncDispose]()
})

const get = async (url: string, role = 'viewer') => {
  const answer = await harness.app.inject({ url, headers: harness.auth(role) })
  return { status: answer.statusCode, body: answer.json() }
}

describe('people by risk', () => {
  it('come page by page, each once, the highest first', async () => {
    const whole = await listRisks(core, {}, null, 200, NOW)
    expect(whole.next_cursor).toBeNull()
    expect(whole.items.length).toBeGreaterThan(15)
    const risks = whole.items.map(({ risk }) => risk)
    expect(risks).toEqual([...risks].sort((a, b) => b - a))
    expect(risks[0]).toBeGreaterThan(50)
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listRisks>> = await listRisks(core, {}, cursor, 3, NOW)
      paged.push(...page.items.map(({ actor_uid }) => actor_uid))
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(paged).toEqual(whole.items.map(({ actor_uid }) => actor_uid))
    await expect(listRisks(core, {}, 'bm8', 3, NOW)).rejects.toThrow(InvalidCursor)
  })

  it('are those of an alert first, with how many of theirs are open', async () => {
    const [first] = (await listRisks(core, { min: 40 }, null, 200, NOW)).items
    expect(first.open_alerts).toBeGreaterThan(0)
  })

  it('can be asked for by role, team, leaving and risk', async () => {
    const all = (await listRisks(core, { org: 'default' }, null, 200, NOW)).items
    for (const [filter, holds] of [
      [{ role: 'reception' }, ({ role }) => role === 'reception'],
      [{ team: all[0].team ?? '' }, ({ team }) => team === all[0].team],
      [{ leaver: true }, ({ leaver }) => leaver !== 'none'],
      [{ leaver: false }, ({ leaver }) => leaver === 'none'],
      [{ min: 30 }, ({ risk }) => risk >= 30],
    ] as [Parameters<typeof listRisks>[1], (row: (typeof all)[number]) => boolean][]) {
      const items = (await listRisks(core, { org: 'default', ...filter }, null, 200, NOW)).items
      expect(items).toEqual(all.filter(holds))
    }
  })

  it('are counted for the metric without naming anybody', async () => {
    const counts = countRisks(core, NOW)
    const all = (await listRisks(core, {}, null, 200, NOW)).items
    const within = (from: number, to: number) => all.filter(({ risk }) => risk >= from && risk < to).length
    expect([...counts]).toEqual([
      ['under_20', within(0, 20)],
      ['20_to_39', within(20, 40)],
      ['40_to_59', within(40, 60)],
      ['60_to_79', within(60, 80)],
      ['80_or_more', within(80, 101)],
    ])
  })

  it('count for the metric while they did something within 28 days', () => {
    const counted = (now: number) => [...countRisks(core, now).values()].reduce((sum, people) => sum + people, 0)
    expect(counted(NOW)).toBeGreaterThan(10)
    expect(counted(NOW + WINDOW_MS['28d'])).toBeGreaterThan(0)
    expect(counted(NOW + WINDOW_MS['28d'] + 1)).toBe(0)
  })
})

describe('one person’s risk', () => {
  it('is there for each day, and today the same as in the list', async () => {
    const { actor_uid, risk } = (await listRisks(core, {}, null, 1, NOW)).items[0]
    const history = await readRisk(core, 'default', actor_uid, 30, NOW)
    expect(history?.days).toHaveLength(30)
    expect(history?.days.at(-1)).toMatchObject({ day: new Date(NOW).toISOString().slice(0, 10), risk })
    const worst = Math.max(...(history?.days ?? []).map(({ score }) => score))
    expect(worst).toBeGreaterThan(40)
    for (const { score, risk: then } of history?.days ?? []) expect(then).toBeGreaterThanOrEqual(score - 0.01)
    expect(history?.days.some(({ detectors }) => detectors.length > 0)).toBe(true)
  })

  it('of somebody never heard of is nothing', async () => {
    expect(await readRisk(core, 'default', 'nobody', 30, NOW)).toBeNull()
  })
})

describe('GET /v1/actors', () => {
  it('shows people of the token’s tenant alone', async () => {
    const { body } = await get('/v1/actors?sort=risk', 'viewer@acme')
    expect(body.items.map(({ actor_uid }: { actor_uid: string }) => actor_uid)).toEqual(['zoe'])
    expect((await get('/v1/actors?org=default', 'viewer@acme')).status).toBe(403)
    expect((await get('/v1/actors/zoe/risk?org=default', 'viewer@acme')).status).toBe(403)
    expect((await get('/v1/actors/zoe/risk', 'viewer@acme')).body.days).toHaveLength(84)
  })

  it('answers what it is asked, and says what it cannot be asked', async () => {
    const { status, body } = await get('/v1/actors?sort=risk&leaver=false&min_risk=10&limit=2&role=sales')
    expect(status).toBe(200)
    expect(body.items.length).toBeLessThanOrEqual(2)
    for (const url of ['?sort=name', '?min_risk=101', '?limit=0', '?cursor=x', '?who=me'])
      expect((await get(`/v1/actors${url}`)).status).toBe(400)
    expect((await get('/v1/actors/nobody/risk')).status).toBe(404)
    expect((await get('/v1/actors/zoe/risk?days=401')).status).toBe(400)
    expect((await get('/v1/actors', 'ingest')).status).toBe(403)
  })
})
