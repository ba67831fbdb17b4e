import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personRisk } from '../../../alerts/person-risk.ts'
import { CUSUM_SLOTS } from '../../../detectors/baseline/cusum-measures.ts'
import type { RiskCuts } from '../../../detectors/risk/calibration.ts'
import { TEST_COUNT } from '../../../detectors/risk/tests.ts'
import { createRandom } from '../../../fixtures/simulator/random.ts'
import type { ClosedDay } from '../../../model/closed-day.ts'
import { SLOT_COUNT, slotOf } from '../../../model/measure.ts'
import { appendDayPeaks } from '../../../store/day-peaks.ts'
import { createSimulatedFeed } from '../../support/simulated-feed.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  memoryOf,
  NOW,
  openTestCore,
  risksOf,
  staffRecord,
  storedOutcome,
  submitAll,
  type TestCore,
  view,
  views,
} from '../../support/test-core.ts'

const { events, feed } = createSimulatedFeed({ seed: 11, staff: 24, weeks: 7, campaigns: { share: 0.25, fromWeek: 3 } })

describe('a core that is closed and opened again', () => {
  let whole: TestCore

  beforeAll(async () => {
    whole = await openTestCore(':memory:')
    await feed(whole, 0, events.length, 1_000)
  })
  afterAll(() => whole[Symbol.asyncDispose]())

  it('has something to compare', async () => {
    const { alerts, dayPeaks } = await storedOutcome(whole)
    expect(alerts.length).toBeGreaterThan(3)
    expect(dayPeaks.length).toBeGreaterThan(500)
    expect(whole.engine.liveEntries()).toBeGreaterThan(1_000)
  })

  for (const seed of [1, 2]) {
    it(`goes on as if it had never stopped, stopped at random points (${seed})`, async () => {
      await inFolder(async (dir) => {
        const random = createRandom(seed)
        const cuts = Array.from({ length: 6 }, () => random.int(events.length)).sort((a, b) => a - b)
        const stops = [0, ...cuts, events.length]
        for (let n = 1; n < stops.length; n++) {
          await using core = await openTestCore(dir)
          await feed(core, stops[n - 1], stops[n], random.between(1, 1_500))
        }
        await using core = await openTestCore(dir)
        const [got, wanted] = [await storedOutcome(core), await storedOutcome(whole)]
        expect(got.dayPeaks).toEqual(wanted.dayPeaks)
        expect(got.alerts).toEqual(wanted.alerts)
        expect(memoryOf(core)).toEqual(memoryOf(whole))
        expect(risksOf(core)).toEqual(risksOf(whole))
      })
    })
  }

  it('says nothing twice and keeps no count back when it is stopped again and again during a theft', async () => {
    const day = NOW - 20 * DAY_MS
    const ordinary = Array.from({ length: 20 }, (_, n) => views(`d${n}`, day + n * DAY_MS, 9, 30 * MINUTE_MS))
    const theft = [
      ...views('x', day + 19 * DAY_MS + 6 * HOUR_MS, 140, 20_000),
      ...exports('y', day + 19 * DAY_MS + 7 * HOUR_MS, 40),
    ]
    const stream = [...ordinary.flat(), ...theft]
    await using unbroken = await openTestCore(':memory:', { cuts: SHARP })
    await submitAll(unbroken, stream)
    const wanted = await storedOutcome(unbroken)
    expect(wanted.alerts[0].detectors).toEqual(expect.arrayContaining(['mass-view', 'mass-export']))
    await inFolder(async (dir) => {
      for (let from = 0; from < stream.length; from += from < ordinary.flat().length ? 90 : 13) {
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, stream.slice(from, from + (from < ordinary.flat().length ? 90 : 13)))
      }
      await using core = await openTestCore(dir, { cuts: SHARP })
      expect(await storedOutcome(core)).toEqual(wanted)
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('does not say again on another day what it said of another count', async () => {
    const day = NOW - 30 * DAY_MS
    const ordinary = (n: number) => views(`d${n}`, day + n * DAY_MS, 9, 30 * MINUTE_MS)
    const stream = Array.from({ length: 29 }, (_, n) => [
      ...ordinary(n),
      ...(n === 12
        ? [
            ...exports('y', day + n * DAY_MS + 7 * HOUR_MS, 40),
            ...views('x', day + n * DAY_MS + 9 * HOUR_MS, 300, 9_000),
          ]
        : []),
      ...exports(`z${n}`, day + n * DAY_MS + 20 * HOUR_MS, 1),
    ])
    await using unbroken = await openTestCore(':memory:', { cuts: SHARP })
    await submitAll(unbroken, stream.flat())
    const wanted = await storedOutcome(unbroken)
    expect(wanted.alerts.length).toBeGreaterThan(0)
    await inFolder(async (dir) => {
      for (const part of stream) {
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, part)
      }
      await using core = await openTestCore(dir, { cuts: SHARP })
      expect(await storedOutcome(core)).toEqual(wanted)
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('knows who came back to which contacts, and when', async () => {
    const random = createRandom(5)
    const from = NOW - 100 * DAY_MS
    // Some are opened again within the minute, some many times in a row, some after hours or weeks, some only after four
    // weeks, some are changed.
    const stream = Array.from({ length: 70 }, (_, n) => n)
      .flatMap((n) =>
        Array.from({ length: 12 }, (_, i) => {
          const time = from + n * DAY_MS + 9 * HOUR_MS + i * 40 * MINUTE_MS + random.int(MINUTE_MS)
          const contact = `c${random.int(random.int(5) === 0 ? 200 : 12)}`
          const opened = view(`v${n}-${i}`, time, contact)
          if (random.int(5) === 0)
            return Array.from({ length: 5 }, (_, k) =>
              view(`x${n}-${i}-${k}`, time + k * random.int(80) * 1000, contact),
            )
          if (random.int(4) > 0) return [opened]
          const again = { ...view(`w${n}-${i}`, time + random.int(2 * MINUTE_MS), contact) }
          return [opened, random.int(3) === 0 ? { ...again, action: 'update' } : again]
        }),
      )
      .flat()
      .sort((a, b) => a.time - b.time)
    await using unbroken = await openTestCore(':memory:')
    await submitAll(unbroken, stream)
    await inFolder(async (dir) => {
      for (let start = 0; start < stream.length; start += 61) {
        await using core = await openTestCore(dir)
        await submitAll(core, stream.slice(start, start + 61))
      }
      await using core = await openTestCore(dir)
      expect((await storedOutcome(core)).dayPeaks).toEqual((await storedOutcome(unbroken)).dayPeaks)
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('judges the hours of a day that is closed already by what was known before it', async () => {
    const from = NOW - 40 * DAY_MS - 3 * HOUR_MS
    const work = ['anna', 'bert', 'cleo', 'dora'].flatMap((actor, p) =>
      Array.from({ length: 38 }, (_, d) =>
        views(`${actor}${d}`, from + d * DAY_MS + p * MINUTE_MS, 10, 20 * MINUTE_MS, actor),
      ).flat(),
    )
    const night = views('night', from + 37 * DAY_MS + 13 * HOUR_MS, 40, MINUTE_MS)
    // Two days later, so that the night's day is over for everybody.
    const after = views('after', from + 39 * DAY_MS, 5, MINUTE_MS, 'bert')
    const stream = [...work, ...night, ...after].sort((a, b) => a.time - b.time)
    await using unbroken = await openTestCore(':memory:')
    await submitAll(unbroken, stream)
    const slots = unbroken.engine.slots(unbroken.codes.actor('default', 'anna'))
    expect(slots.find(({ slot }) => slot === slotOf('contacts_off_hours', '1d'))).toMatchObject({ count: 40 })
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir)
        await submitAll(core, stream)
      }
      await using core = await openTestCore(dir)
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('flags each day with an access after leaving, whether or not there was more to say of it', async () => {
    const from = NOW - 20 * DAY_MS - 3 * HOUR_MS
    const left = { status: 'left', last_working_day: '2026-05-11', recorded_at: from - DAY_MS } as const
    const stream = [
      ...views('a', from, 16, MINUTE_MS),
      ...views('b', from + 2 * DAY_MS + 10 * HOUR_MS, 16, MINUTE_MS),
      // Within a day of the sixteen, and too few to be told of again.
      ...views('c', from + 3 * DAY_MS + HOUR_MS, 6, MINUTE_MS),
      ...views('d', from + 6 * DAY_MS, 1, MINUTE_MS),
    ]
    const flags = async (core: TestCore) => (await storedOutcome(core)).dayPeaks.map(({ flags }) => flags !== 0)
    await using unbroken = await openTestCore(':memory:')
    await unbroken.pipeline.submitStaff([staffRecord('anna', left)])
    await submitAll(unbroken, stream)
    expect(await flags(unbroken)).toEqual([true, true, true])
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir)
        await core.pipeline.submitStaff([staffRecord('anna', left)])
        await submitAll(core, stream.slice(0, 35))
      }
      await using core = await openTestCore(dir)
      await submitAll(core, stream.slice(35))
      expect(await storedOutcome(core)).toEqual(await storedOutcome(unbroken))
    })
  })

  it('keeps the open day of somebody whose events come days after the others’', async () => {
    const from = NOW - 20 * DAY_MS
    const days = (actor: string, count: number) =>
      Array.from({ length: count }, (_, n) => views(`${actor}${n}`, from + n * DAY_MS, 6, 30 * MINUTE_MS, actor)).flat()
    const [ahead, behind] = [days('anna', 12), days('bert', 9)]
    // Of two roles: peers are taught by the days that were over when theirs began.
    const staff = [staffRecord('anna', { role: 'sales' }), staffRecord('bert', { role: 'reception' })]
    await using unbroken = await openTestCore(':memory:')
    await unbroken.pipeline.submitStaff(staff)
    await submitAll(unbroken, [...ahead, ...behind])
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir)
        await core.pipeline.submitStaff(staff)
      }
      for (const part of [[...ahead, ...behind.slice(0, 21)], behind.slice(21, 40), behind.slice(40)]) {
        await using core = await openTestCore(dir)
        await submitAll(core, part)
      }
      await using core = await openTestCore(dir)
      expect(await storedOutcome(core)).toEqual(await storedOutcome(unbroken))
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('knows the size of an export from the list behind it, also weeks later', async () => {
    const then = NOW - 20 * DAY_MS
    const row = (action: string, time: number, op: string, more: object) => ({
      ...{ event_uid: `${action}-${op}`, time, actor_uid: 'anna', action, object_type: 'contact', logical_op_uid: op },
      ...more,
    })
    const whole = { object_uids: Array.from({ length: 60 }, (_, n) => `c${n}`) }
    const stream = [
      row('export', then, 'a', {}),
      row('list', then + MINUTE_MS, 'a', whole),
      row('list', then + HOUR_MS, 'b', whole),
      row('export', then + HOUR_MS + MINUTE_MS, 'b', {}),
      row('list', then + 2 * HOUR_MS, 'c', whole),
      view('today', NOW, 'c1'),
    ]
    await using unbroken = await openTestCore(':memory:')
    await submitAll(unbroken, stream)
    const taken = (core: TestCore) =>
      core.engine.slots(core.codes.actor('default', 'anna')).find(({ slot }) => slot === slotOf('records_taken', '28d'))
    expect(taken(unbroken)).toMatchObject({ count: 120 })
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir)
        await submitAll(core, stream)
      }
      await using core = await openTestCore(dir)
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })

  it('reads all that is stored, though memory is given back all the while', async () => {
    await inFolder(async (dir) => {
      // More rows than are put in order at a time.
      const names = Array.from({ length: 150 }, (_, n) => `p${n}`)
      {
        await using core = await openTestCore(dir)
        const today = core.calendar.dayOf(NOW)
        const actors = names.map((name) => core.codes.actor('default', name))
        await core.codes.flush(core.db.writer)
        const days = Array.from({ length: 80 }, (_, n) => actors.map((actor) => quietDay(actor, today - 80 + n)))
        await appendDayPeaks(core.db.writer, days.flat())
      }
      const after = (_ms: number, callback: () => void) => {
        const timer = setImmediate(callback)
        return () => clearImmediate(timer)
      }
      await using core = await openTestCore(dir, { after })
      const today = core.calendar.dayOf(NOW)
      const risks = names.map((name) => core.risks.riskOf(core.codes.actor('default', name), today, null))
      const days = Array.from({ length: 80 }, (_, n) => ({ day: today - 80 + n, score: 20 }))
      expect(new Set(risks)).toEqual(new Set([personRisk(days, today)]))
    })
  })
})

/** A closed day of somebody who did nothing, with a score of 20. */
const quietDay = (actor: number, day: number): ClosedDay => ({
  ...{ actor, day, role: 'default\u0000~user', flags: 0, risk: 0, score: 2_000, leaver: false, peers: true },
  peaks: new Int32Array(SLOT_COUNT),
  cusum: new Int32Array(CUSUM_SLOTS.length),
  surprise: new Int32Array(TEST_COUNT),
  hours: new Int32Array(24),
})

/** Operations that take some thirty records out each, one a minute. */
const exports = (prefix: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    event_uid: `${prefix}-${i}`,
    time: from + i * MINUTE_MS,
    actor_uid: 'anna',
    action: 'export',
    record_count: 30 + (i % 5),
    ...(i % 4 === 0 ? { logical_op_uid: `op-${i}` } : {}),
  }))

/** So that this file does not depend on how the limits are tuned: nearly all that is above a floor is reported. */
const SHARP: RiskCuts = { ordinary: 3, leaver: 2.5 }
