import { describe, expect, test } from 'vitest'
import type { EpisodeActor } from '../../alerts/episode.ts'
import { covers, coversEvent, createSuppressionBook, effectOn } from '../../alerts/suppression.ts'
import type { Suppression, SuppressionScope } from '../../model/suppression.ts'
import { sampleAlert, sampleFinding, T0 } from '../store/sample-alert.ts'

const staff = {
  actor_uid: 'mia',
  org_uid: 'default',
  name: null,
  email: null,
  role: 'nail master',
  team: 'salon',
  manager_uid: null,
  actor_type: 'user' as const,
  status: 'active' as const,
  hired_on: null,
  notice_on: null,
  last_working_day: null,
  recorded_at: T0,
}
const mia: EpisodeActor = { org_uid: 'default', actor_uid: 'mia', staff, leaver: 'none' }
const HOUR = 3_600_000

const suppression = (over: Partial<Suppression> = {}): Suppression => ({
  suppression_uid: 's1',
  org_uid: 'default',
  effect: 'findings',
  scope: { actor_uid: 'mia' },
  reason: 'data migration',
  created_by: 'analyst',
  created_at: T0,
  starts_at: T0,
  ends_at: T0 + 24 * HOUR,
  revoked_by: null,
  revoked_at: null,
  suppressed: 0,
  last_suppressed_at: null,
  ...over,
})

describe('a scope', () => {
  test.each<[SuppressionScope, boolean]>([
    [{ actor_uid: 'mia' }, true],
    [{ actor_uid: 'olga' }, false],
    [{ detector: 'mass-copy' }, true],
    [{ detector: 'mass-view' }, false],
    [{ role: 'nail master', detector: 'mass-copy' }, true],
    [{ role: 'nail master', detector: 'mass-view' }, false],
    [{ team: 'salon' }, true],
    [{ team: 'branch' }, false],
  ])('%j covers the finding: %s', (scope, expected) => {
    expect(covers(scope, mia, sampleFinding())).toBe(expected)
  })

  test('of a role covers nobody whose role is not known', () => {
    expect(covers({ role: 'nail master' }, { ...mia, staff: null }, sampleFinding())).toBe(false)
  })

  test('tells what it would have made of an alert', () => {
    const alert = sampleAlert({ findings: [sampleFinding(), sampleFinding({ detector: 'mass-view' })] })
    expect(effectOn(alert, { actor_uid: 'u-17' })).toBe('not_opened')
    expect(effectOn(alert, { detector: 'mass-view' })).toBe('fewer_findings')
    expect(effectOn(alert, { detector: 'mass-export' })).toBe('none')
  })
})

describe('a scope of events', () => {
  const event = {
    org_uid: 'default',
    time: T0,
    actor_uid: 'mia',
    object_type: 'report' as const,
    object_uids: ['r-1'],
    query_text: 'all customers',
  }
  test.each<[SuppressionScope, boolean]>([
    [{ actor_uid: 'mia' }, true],
    [{ actor_uid: 'olga' }, false],
    [{ object_uid: 'r-1' }, true],
    [{ object_uid: 'r-2' }, false],
    [{ object_type: 'report' }, true],
    [{ object_type: 'contact' }, false],
    [{ query_text: 'all customers' }, true],
    [{ query_text: 'all' }, false],
    [{ actor_uid: 'mia', object_uid: 'r-1', query_text: 'all customers' }, true],
    [{ actor_uid: 'olga', object_uid: 'r-1' }, false],
  ])('%j covers the event: %s', (scope, expected) => {
    expect(coversEvent(scope, event)).toBe(expected)
  })

  test('of one object leaves out nothing that touches others too', () => {
    expect(coversEvent({ object_uid: 'r-1' }, { ...event, object_uids: ['r-1', 'c-1'] })).toBe(false)
    expect(coversEvent({ object_uid: 'r-1' }, { ...event, object_uids: [] })).toBe(false)
  })

  test('holds events back and no findings, and the other way round', () => {
    const events = createSuppressionBook([suppression({ effect: 'events' })])
    expect(events.mayLeaveOut(T0)).toBe(true)
    expect(events.leavingOut(event)).not.toBeNull()
    expect(events.hold(mia, sampleFinding(), T0)).toBeNull()
    expect(events.leavingOut({ ...event, org_uid: 'other' })).toBeNull()
    expect(events.leavingOut({ ...event, time: T0 + 24 * HOUR })).toBeNull()
    const findings = createSuppressionBook([suppression()])
    expect([findings.mayLeaveOut(T0), findings.leavingOut(event)]).toEqual([false, null])
    events.put(suppression({ effect: 'events', revoked_at: T0, revoked_by: 'analyst' }))
    expect(events.mayLeaveOut(T0)).toBe(false)
  })

  test('that has ended makes nobody look at later events', () => {
    const later = suppression({ suppression_uid: 's2', effect: 'events', ends_at: T0 + 30 * HOUR })
    const book = createSuppressionBook([later, suppression({ effect: 'events' })])
    expect([book.mayLeaveOut(T0 + 29 * HOUR), book.mayLeaveOut(T0 + 30 * HOUR)]).toEqual([true, false])
    book.put({ ...later, revoked_at: T0, revoked_by: 'analyst' })
    expect([book.mayLeaveOut(T0 + 23 * HOUR), book.mayLeaveOut(T0 + 24 * HOUR)]).toEqual([true, false])
  })
})

describe('suppressions', () => {
  test.each([
    ['before it starts', T0 - 1, false],
    ['from its start', T0, true],
    ['until it ends', T0 + 24 * HOUR - 1, true],
    ['from its end on', T0 + 24 * HOUR, false],
  ])('hold back %s', (_, at, held) => {
    expect(createSuppressionBook([suppression()]).hold(mia, sampleFinding(), at) !== null).toBe(held)
  })

  test('hold back nothing of another tenant, and nothing once revoked', () => {
    const book = createSuppressionBook([suppression({ org_uid: 'other' })])
    expect(book.hold(mia, sampleFinding(), T0)).toBeNull()
    book.put(suppression())
    expect(book.hold(mia, sampleFinding(), T0)).not.toBeNull()
    book.put(suppression({ revoked_at: T0, revoked_by: 'analyst' }))
    expect(book.hold(mia, sampleFinding(), T0)).toBeNull()
  })

  test('count what they hold back', () => {
    const book = createSuppressionBook([suppression()])
    book.hold(mia, sampleFinding(), T0 + 2)
    book.hold(mia, sampleFinding(), T0 + 1)
    expect(book.takeHeld()).toEqual([{ suppression_uid: 's1', items: 2, lastAt: T0 + 2 }])
    expect(book.takeHeld()).toEqual([])
  })
})
