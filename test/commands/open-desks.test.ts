import { describe, expect, it } from 'vitest'
import { createLocalClock } from '../../alerts/delivery/local-clock.ts'
import { planTriage } from '../../alerts/delivery/plan-deliveries.ts'
import { openDesks } from '../../commands/open-desks.ts'
import type { RiskCuts } from '../../detectors/risk/calibration.ts'
import type { Alert } from '../../model/alert.ts'
import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { getAlert, matchingAlerts, upsertAlerts } from '../../store/alerts.ts'
import { listDeliveries } from '../../store/delivery-list.ts'
import { listSuppressions } from '../../store/suppressions.ts'
import { sampleAlert } from '../store/sample-alert.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  NOW,
  openTestCore,
  staffRecord,
  submitAll,
  type TestCore,
  views,
} from '../support/test-core.ts'

/** So that a burst is found after few ordinary days. */
const SHARP: RiskCuts = { ordinary: 3, leaver: 3 }
const FIRST_DAY = NOW - 20 * DAY_MS
const ordinary = Array.from({ length: 18 }, (_, n) =>
  ['anna', 'bert'].flatMap((actor) => views(`${actor}${n}`, FIRST_DAY + n * DAY_MS, 9, 30 * MINUTE_MS, actor)),
).flat()
const burst = (name: string, day: number, contacts: number, actor = 'anna') =>
  views(name, FIRST_DAY + day * DAY_MS + 6 * HOUR_MS, contacts, 20_000, actor)

const mia = { token_uid: 't1', name: 'mia' }
const all = () => true
const desksOf = (core: TestCore, changed: Alert[] = []) =>
  openDesks({ ...core, now: () => NOW, planTriage: () => [], changed: (alert) => changed.push(alert) })
const alertsOf = async (core: TestCore, actor = 'anna') =>
  (await matchingAlerts(core.db, { actor }, 50)).map(({ status, follows, version, alert_uid }) => ({
    status,
    follows,
    version,
    alert_uid,
  }))

describe('an alert that an analyst has closed', () => {
  it('stays closed over a restart, and a worse episode opens one that follows it', async () => {
    await inFolder(async (dir) => {
      let uid = ''
      {
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, [...ordinary, ...burst('x', 17, 120)])
        const [alert] = await alertsOf(core)
        uid = alert.alert_uid
        const { triage } = desksOf(core)
        const change = { status: 'closed', verdict: 'authorised', note: 'a mailing' } as const
        const outcome = await triage.change({ alert_uid: uid, version: alert.version }, change, mia, all)
        expect(outcome.kind).toBe('changed')
      }
      await using core = await openTestCore(dir, { cuts: SHARP })
      const closed = await getAlert(core.db, uid)
      expect(closed).toMatchObject({ status: 'closed', verdict: 'authorised' })
      await submitAll(core, burst('y', 18, 15))
      expect(await alertsOf(core)).toEqual([
        { status: 'closed', follows: null, version: closed?.version, alert_uid: uid },
      ])
      await submitAll(core, burst('z', 19, 900))
      const [next, first] = await alertsOf(core)
      expect([next.status, next.follows, first.status]).toEqual(['new', uid, 'closed'])
      const { items } = await desksOf(core).triage.history(uid, null, 50)
      expect(items.map(({ token_name, detail }) => [token_name, detail])).toEqual([
        ['mia', { action: 'status', from: 'new', to: 'closed' }],
        ['mia', { action: 'verdict', from: null, to: 'authorised' }],
        ['mia', { action: 'note', text: 'a mailing' }],
      ])
    })
  })
})

describe('what an analyst does', () => {
  it('is told where routes want it, out of the same transaction', async () => {
    await using core = await openTestCore(':memory:')
    await upsertAlerts(core.db.writer, [sampleAlert()])
    const route = { match: {}, updates: 'none' as const, repeatAfterMs: null, escalateAfterMs: null, escalateTo: [] }
    const options = {
      routes: [
        { ...route, channels: ['bus'], triage: true },
        { ...route, channels: ['soc'], triage: false },
      ],
      channels: new Map(),
      minuteOfWeek: createLocalClock('UTC'),
    }
    const { triage } = openDesks({
      ...core,
      now: () => NOW,
      planTriage: (alert, done, at) => planTriage(alert, done, options, at),
      changed: () => undefined,
    })
    const told = async () => (await listDeliveries(core.db, {}, null, 50)).items
    await triage.change({ alert_uid: 'alert-1', version: 9 }, { status: 'closed' }, mia, all)
    await triage.change({ alert_uid: 'alert-1', version: 1 }, { status: 'new' }, mia, all)
    expect(await told()).toEqual([])
    await triage.change({ alert_uid: 'alert-1', version: 1 }, { status: 'in_progress' }, mia, all)
    expect(await told()).toMatchObject([{ channel: 'bus', reason: 'triaged', alert_uid: 'alert-1', status: 'waiting' }])
  })
})

describe('an episode of long ago', () => {
  it('stays as analysts left it when a notice has the past examined again after a restart', async () => {
    const long = (name: string, day: number, contacts: number) =>
      views(name, NOW - (80 - day) * DAY_MS + 6 * HOUR_MS, contacts, 20_000)
    const days = Array.from({ length: 78 }, (_, n) => views(`d${n}`, NOW - (80 - n) * DAY_MS, 9, 30 * MINUTE_MS)).flat()
    await inFolder(async (dir) => {
      let uid = ''
      {
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, [...days.slice(0, 20 * 9), ...long('x', 19, 200)])
        await submitAll(core, [...days.slice(20 * 9), ...long('y', 78, 600)])
        const alerts = await matchingAlerts(core.db, {}, 50)
        expect(alerts).toHaveLength(2)
        uid = alerts[1].alert_uid
        const change = { status: 'closed', verdict: 'authorised', note: 'a mailing' } as const
        await desksOf(core).triage.change({ alert_uid: uid, version: null }, change, mia, all)
      }
      await using core = await openTestCore(dir, { cuts: SHARP })
      const closed = await getAlert(core.db, uid)
      await core.pipeline.submitStaff([
        staffRecord('anna', { status: 'notice', notice_on: '2026-03-01', recorded_at: NOW - HOUR_MS }),
      ])
      await core.pipeline.drain()
      expect(core.commits.some(({ changes }) => changes.some(({ type }) => type === 'alert.updated'))).toBe(true)
      expect(await getAlert(core.db, uid)).toEqual(closed)
      // What the notice finds beyond the episode is told; of the episode, nothing again.
      const ofEpisode = (time: number) => closed !== null && time <= closed.updated_at + EPISODE_GAP_MS
      const others = (await matchingAlerts(core.db, {}, 50)).filter(({ alert_uid }) => alert_uid !== uid)
      expect(others.flatMap(({ findings }) => findings).filter(({ time }) => ofEpisode(time))).toEqual([])
      expect(others.map(({ follows }) => follows)).not.toContain(uid)
    })
  })
})

describe('a suppression', () => {
  it('holds findings back and counts them, over a restart, until it is revoked', async () => {
    await inFolder(async (dir) => {
      let uid = ''
      {
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, ordinary)
        const outcome = await desksOf(core).suppressions.create(
          {
            org_uid: 'default',
            effect: 'findings',
            scope: { actor_uid: 'anna' },
            reason: 'migration',
            starts_at: FIRST_DAY,
            ends_at: NOW + DAY_MS,
          },
          mia,
        )
        if (outcome.kind !== 'done') throw new Error(outcome.message)
        uid = outcome.suppression.suppression_uid
      }
      await using core = await openTestCore(dir, { cuts: SHARP })
      await submitAll(core, [...burst('x', 18, 200), ...burst('b', 18, 200, 'bert')])
      expect(await alertsOf(core)).toEqual([])
      expect(await alertsOf(core, 'bert')).toHaveLength(1)
      const { items } = await listSuppressions(core.db, {}, null, 10)
      expect(items[0].suppressed).toBeGreaterThan(0)
      expect(core.commits.flatMap(({ held }) => held)).not.toEqual([])
      await desksOf(core).suppressions.revoke(uid, mia, all)
      await submitAll(core, burst('y', 19, 600))
      expect(await alertsOf(core)).toHaveLength(1)
    })
  })
})

describe('analysts and the stream of events', () => {
  it('do not wait for each other for ever', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP, batchMaxEvents: 200 })
    await submitAll(core, [...ordinary, ...burst('x', 17, 120)])
    const [{ alert_uid }] = await alertsOf(core)
    const { triage } = desksOf(core)
    const many = views('more', FIRST_DAY + 19 * DAY_MS, 6_000, 100, 'bert')
    const pushed = core.pipeline.push(
      'access',
      0,
      many.map((event, offset) => ({
        offset: String(offset),
        value: Buffer.from(JSON.stringify(event)),
        timestamp: '',
      })),
    )
    let stored = 0
    for (let n = 0; n < 20; n++) {
      const outcome = await triage.change({ alert_uid, version: null }, { note: `note ${n}` }, mia, all)
      expect(outcome.kind).toBe('changed')
      stored = core.commits.reduce((sum, { events }) => sum + events, 0)
    }
    // All notes were taken while events were still being written.
    expect(stored).toBeLessThan(ordinary.length + 120 + many.length)
    await pushed
    await core.pipeline.drain()
    expect((await getAlert(core.db, alert_uid))?.version).toBeGreaterThan(20)
    expect((await triage.history(alert_uid, null, 50)).items).toHaveLength(20)
  })
})
