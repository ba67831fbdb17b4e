import { describe, expect, it } from 'vitest'
import type { AlertChange } from '../../../alerts/alert-book.ts'
import { createLocalClock } from '../../../alerts/delivery/local-clock.ts'
import { type ChannelPolicy, planDeliveries, planTriage } from '../../../alerts/delivery/plan-deliveries.ts'
import type { Route } from '../../../alerts/delivery/route.ts'
import type { Alert } from '../../../model/alert.ts'
import { parseTimeSpan } from '../../../model/time-span.ts'
import { sampleAlert, T0 } from '../../store/sample-alert.ts'

/** A Monday, 9:02 UTC. */
const NOW = T0 + 120_000
const HOUR_MS = 3_600_000

const route = (over: Partial<Route>): Route => ({
  match: {},
  channels: ['soc'],
  updates: 'worse',
  triage: false,
  repeatAfterMs: null,
  escalateAfterMs: null,
  escalateTo: [],
  ...over,
})
const policy = (over: Partial<ChannelPolicy>): ChannelPolicy => ({
  quietHours: [],
  quietExcept: [],
  groupWaitMs: 0,
  ...over,
})
const opened = (over: Partial<Alert> = {}): AlertChange => ({
  type: 'alert.opened',
  alert: sampleAlert(over),
  before: null,
})
const updated = (before: Partial<Alert>, after: Partial<Alert>): AlertChange => ({
  type: 'alert.updated',
  alert: sampleAlert(after),
  before: sampleAlert(before),
})

function plan(changes: AlertChange[], routes: Route[], channels: Record<string, ChannelPolicy> = {}, now = NOW) {
  const options = { routes, channels: new Map(Object.entries(channels)), minuteOfWeek: createLocalClock('UTC') }
  return planDeliveries(changes, options, now, [])
}
const brief = (rows: ReturnType<typeof plan>) =>
  rows.map(({ channel, reason, due_at }) => [channel, reason, due_at - NOW])

describe('routes', () => {
  const matching: [string, Route['match'], boolean][] = [
    ['everything', {}, true],
    ['its severity', { severity: ['high', 'critical'] }, true],
    ['another severity', { severity: ['critical'] }, false],
    ['a detector in it', { detector: ['mass-view', 'mass-copy'] }, true],
    ['other detectors', { detector: ['mass-view'] }, false],
    ['a leaver', { leaver: true }, true],
    ['those who stay', { leaver: false }, false],
    ['a team, of somebody without one', { team: ['Centre'] }, false],
    ['its tenant', { org: ['default'] }, true],
    ['another tenant', { org: ['acme'] }, false],
    ['this time', { time: [parseTimeSpan('Mon 09:00-10:00')!] }, true],
    ['another time', { time: [parseTimeSpan('Mon 10:00-11:00')!] }, false],
    ['one thing that holds and one that does not', { leaver: true, severity: ['low'] }, false],
  ]
  it.each(matching)('for %s', (_what, match, wanted) => {
    expect(plan([opened()], [route({ match })]).length).toBe(wanted ? 1 : 0)
  })

  it('that name a channel together tell it once', () => {
    const routes = [route({ channels: ['soc', 'owner'] }), route({ channels: ['soc', 'siem'] })]
    expect(brief(plan([opened()], routes))).toEqual([
      ['soc', 'opened', 0],
      ['owner', 'opened', 0],
      ['siem', 'opened', 0],
    ])
  })

  it('without any, nothing is planned', () => {
    expect(plan([opened()], [])).toEqual([])
  })
})

describe('updates', () => {
  it.each([
    ['a higher severity', { severity: 'high' }, { severity: 'critical' }, 1],
    ['a person who is leaving now', { leaver: false }, { leaver: true }, 1],
    ['a lower severity', { severity: 'critical' }, { severity: 'high' }, 0],
    ['only more findings', {}, { score: 81 }, 0],
  ] as [string, Partial<Alert>, Partial<Alert>, number][])('%s', (_what, before, after, told) => {
    expect(plan([updated(before, after)], [route({})]).map(({ reason }) => reason)).toEqual(Array(told).fill('updated'))
    expect(plan([updated(before, after)], [route({ updates: 'all' })])).toHaveLength(1)
    expect(plan([updated(before, after)], [route({ updates: 'none' })])).toEqual([])
  })

  it('are news to a channel that had not been told', () => {
    const routes = [route({ match: { severity: ['critical'] }, updates: 'none' }), route({ channels: ['bus'] })]
    const rows = plan([updated({ severity: 'high' }, { severity: 'critical' })], routes)
    expect(brief(rows)).toEqual([
      ['soc', 'opened', 0],
      ['bus', 'updated', 0],
    ])
    expect(rows.map(({ body }) => JSON.parse(body ?? '').before)).toEqual([null, { severity: 'high', leaver: true }])
  })

  it('of one batch are told as one, from before the first to after the last', () => {
    const changes = [
      opened({ severity: 'medium' }),
      updated({ severity: 'medium' }, { severity: 'high' }),
      updated({ severity: 'high' }, { severity: 'critical' }),
    ]
    const rows = plan(changes, [route({})])
    expect(brief(rows)).toEqual([['soc', 'opened', 0]])
    expect(JSON.parse(rows[0].body ?? '').alert.severity).toBe('critical')
  })
})

describe('the past', () => {
  const DAYS_8 = 8 * 24 * HOUR_MS
  it('that a log is read from calls nobody', () => {
    expect(plan([opened()], [route({})], {}, NOW + DAYS_8)).toEqual([])
  })

  it('does not keep what follows from being told', () => {
    const change = updated({ updated_at: T0 }, { updated_at: T0 + DAYS_8 - HOUR_MS })
    expect(plan([change], [route({})], {}, NOW + DAYS_8).map(({ reason }) => reason)).toEqual(['opened'])
  })
})

describe('later', () => {
  it('it is repeated and escalated as the routes say, the soonest first', () => {
    const routes = [
      route({ repeatAfterMs: 4 * HOUR_MS, escalateAfterMs: 2 * HOUR_MS, escalateTo: ['owner'] }),
      route({ repeatAfterMs: HOUR_MS, escalateAfterMs: HOUR_MS, escalateTo: ['owner', 'mail'] }),
    ]
    expect(brief(plan([opened()], routes))).toEqual([
      ['soc', 'opened', 0],
      ['soc', 'repeated', HOUR_MS],
      ['owner', 'escalated', HOUR_MS],
      ['mail', 'escalated', HOUR_MS],
    ])
  })

  it('it is escalated once, however often it gets worse', () => {
    const routes = [route({ repeatAfterMs: HOUR_MS, escalateAfterMs: HOUR_MS, escalateTo: ['owner'] })]
    expect(brief(plan([updated({ severity: 'high' }, { severity: 'critical' })], routes))).toEqual([
      ['soc', 'updated', 0],
    ])
  })
})

describe('channels', () => {
  const quietHours = [parseTimeSpan('Mon 08:00-12:00')!]
  it('in their quiet hours are told afterwards, but for what they except', () => {
    const soc = policy({ quietHours, quietExcept: ['critical'] })
    const noon = Date.UTC(2026, 2, 2, 12) - NOW
    const routes = [route({ repeatAfterMs: HOUR_MS })]
    expect(brief(plan([opened()], routes, { soc }))).toEqual([
      ['soc', 'opened', noon],
      ['soc', 'repeated', noon],
    ])
    expect(brief(plan([opened({ severity: 'critical' })], routes, { soc }))).toEqual([
      ['soc', 'opened', 0],
      ['soc', 'repeated', HOUR_MS],
    ])
  })

  it('that gather wait, but not with what is critical, and keep tenants apart', () => {
    const soc = policy({ groupWaitMs: 300_000 })
    const changes = [
      opened(),
      opened({ alert_uid: 'alert-2', severity: 'critical' }),
      opened({ alert_uid: 'alert-3', org_uid: 'acme' }),
    ]
    const rows = plan(changes, [route({})], { soc })
    expect(brief(rows).map(([, , wait]) => wait)).toEqual([300_000, 0, 300_000])
    expect(rows.map(({ lane }) => lane)).toEqual(['group:default', 'group:default', 'group:acme'])
    expect(rows.map(({ message_uid }) => message_uid)).toEqual([null, null, null])
  })

  it('know each row by an id of its own', () => {
    const routes = [route({ channels: ['soc', 'bus'], repeatAfterMs: 1, escalateAfterMs: 1, escalateTo: ['soc'] })]
    const uids = plan([opened(), opened({ alert_uid: 'alert-2' })], routes).map(({ delivery_uid }) => delivery_uid)
    expect(uids).toHaveLength(10)
    expect(new Set(uids).size).toBe(10)
    expect(uids.filter((uid) => !/^d_[\w-]{22}$/.test(uid))).toEqual([])
  })
})

describe('what an analyst did', () => {
  const done = { by: 'mia', actions: [{ action: 'note' as const, text: 'asked the manager' }] }
  const planned = (routes: Route[], channels: Record<string, ChannelPolicy> = {}, over: Partial<Alert> = {}) =>
    planTriage(
      sampleAlert(over),
      done,
      { routes, channels: new Map(Object.entries(channels)), minuteOfWeek: createLocalClock('UTC') },
      NOW,
    )

  it('is told where a route asks for it, once, and of alerts that it matches', () => {
    expect(brief(planned([route({ updates: 'all' })]))).toEqual([])
    expect(brief(planned([route({ triage: true }), route({ triage: true, channels: ['soc', 'siem'] })]))).toEqual([
      ['soc', 'triaged', 0],
      ['siem', 'triaged', 0],
    ])
    expect(brief(planned([route({ triage: true, match: { severity: ['low'] } })]))).toEqual([])
  })

  it('keeps the order of what is told of the alert, waits with it, and is repeated to nobody', () => {
    const routes = [route({ triage: true, repeatAfterMs: HOUR_MS, escalateAfterMs: HOUR_MS, escalateTo: ['owner'] })]
    const [first] = plan([opened()], routes)
    const rows = planned(routes, { soc: policy({ quietHours: [parseTimeSpan('08:00-10:00')!] }) }, { version: 2 })
    expect(brief(rows)).toEqual([['soc', 'triaged', 58 * 60_000]])
    expect(rows[0].lane).toBe(first.lane)
    expect(rows[0].delivery_uid).not.toBe(first.delivery_uid)
  })

  it('does not say what a note says', () => {
    const [{ body }] = planned([route({ triage: true })])
    expect(JSON.parse(body ?? '')).toMatchObject({ triage: [{ by: 'mia', actions: [{ action: 'note' }] }] })
    expect(body).not.toContain('asked the manager')
  })
})
