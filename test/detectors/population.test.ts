import { describe, expect, it } from 'vitest'
import { countPopulation } from '../../detectors/population.ts'
import { DAY, ordinaryWork, spree, staffRecord, uneven, weekday } from '../../fixtures/cases/case.ts'
import { cases } from '../../fixtures/cases/mass-copy.ts'
import { createBench, inOrder } from './fold-case.ts'

const last = weekday(30)

describe('the population', () => {
  it('is nobody before anybody did anything', () => {
    const { engine } = createBench()
    expect(engine.population(last)).toEqual({
      people: { none: 0, notice: 0, left: 0 },
      baselines: { under_5_days: 0, '5_to_19_days': 0, '20_days_or_more': 0 },
      newestClosedDaysAgo: null,
      roles: { prior: 0, tenant: 0, own: 0 },
      cuts: null,
    })
  })

  it('counts people by what HR says and by how much of their past is known, for four weeks', () => {
    const { engine, fold } = createBench()
    fold(
      inOrder([
        ...ordinaryWork('anna', 30, uneven(20)),
        ...ordinaryWork('bert', 30, uneven(20)),
        ...spree('cora', last, 3, 60_000, 'view'),
      ]),
      [
        staffRecord('anna'),
        staffRecord('bert', { status: 'notice', notice_on: '2026-01-10', recorded_at: last - 9 * DAY }),
        staffRecord('cora', { status: 'left', recorded_at: last - DAY }),
        staffRecord('dora'),
      ],
    )
    const { people, baselines, newestClosedDaysAgo, roles, cuts } = engine.population(last + 1)
    expect(people).toEqual({ none: 1, notice: 1, left: 1 })
    expect(baselines).toEqual({ under_5_days: 1, '5_to_19_days': 0, '20_days_or_more': 2 })
    expect(newestClosedDaysAgo).toBeGreaterThan(0)
    expect(roles).toEqual({ prior: 0, tenant: expect.any(Number), own: 0 })
    expect(roles.tenant).toBeGreaterThan(0)
    expect(cuts?.least.ordinary).toBeLessThanOrEqual(cuts?.greatest.ordinary ?? 0)
    expect(engine.population(last + 29 * DAY).people).toEqual({ none: 0, notice: 0, left: 0 })
  })

  it('leaves integrations out', () => {
    const empty = countPopulation(
      {
        table: {
          newest: Float64Array.of(last),
          actors: [{ ...ACTOR, type: 'integration' }],
        },
        history: { learnedDays: () => 9, lastClosed: () => 1 },
        calibrations: { byRole: () => new Map() },
        calendar: { dayOf: () => 5, startOf: () => 0, parse: () => 0 },
      },
      last,
    )
    expect(empty.people).toEqual({ none: 0, notice: 0, left: 0 })
    expect(empty.newestClosedDaysAgo).toBeNull()
  })

  it('can be looked at after every event without changing what is found', () => {
    const { staff = [], events } = cases.find(({ fires }) => fires) ?? cases[0]
    const ordered = inOrder(events)
    const undisturbed = createBench().fold(ordered, staff)
    const watched = createBench()
    for (const record of staff) watched.engine.putStaff(watched.actor(record.actor_uid), record)
    const batch = watched.encode(ordered)
    for (let i = 0; i < batch.length; i++) {
      watched.engine.fold(batch, i)
      watched.engine.population(batch.time[i] + 3 * DAY)
    }
    expect(undisturbed.length).toBeGreaterThan(0)
    expect(watched.engine.takeFindings()).toEqual(undisturbed)
  })
})

const ACTOR = {
  code: 0,
  org: 'default',
  uid: 'importer',
  staff: {
    add: () => false,
    at: () => null,
    after: () => [],
    latest: () => null,
    describing: () => null,
    nextAfter: () => null,
  },
  roleKey: '',
  record: null,
  leaver: 'none',
  leaverBy: null,
  noticedAt: null,
  suspended: false,
  nextAfterLeaving: 1,
  afterLeavingAt: 0,
} as const
