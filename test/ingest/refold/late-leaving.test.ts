import { describe, expect, it } from 'vitest'
import type { StaffRecord } from '../../../model/staff.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  memoryOf,
  openTestCore,
  staffRecord,
  storedOutcome,
  submitAll,
  type TestCore,
  type TestEvent,
  view,
} from '../../support/test-core.ts'

/** The last working day, and the morning of a day so many days later. */
const LAST_DAY = '2026-05-20'
const on = (days: number, hour = 9): number => Date.parse(`${LAST_DAY}T00:00:00Z`) + days * DAY_MS + hour * HOUR_MS

const access = (days: number): TestEvent => view(`e${days}`, on(days), `c${days}`)
const record = (days: number, fields: Partial<StaffRecord>): StaffRecord =>
  staffRecord('anna', { recorded_at: on(days, 12), ...fields })
const hired = record(-40, {})
const left = (days: number, last_working_day: string | null = LAST_DAY) =>
  record(days, { status: 'left', last_working_day })
const notice = (days: number, last_working_day: string | null) => record(days, { status: 'notice', last_working_day })

type Input = TestEvent | StaffRecord
const isEvent = (input: Input): input is TestEvent => 'event_uid' in input

async function take(core: TestCore, inputs: readonly Input[]): Promise<void> {
  for (const input of inputs) {
    if (isEvent(input)) await submitAll(core, [input])
    else await core.pipeline.submitStaff([input])
    await core.pipeline.drain()
  }
}

/** The days after the last working day of which alerts say that there was an access, and how the alerts stand. */
async function told(core: TestCore) {
  const { alerts } = await storedOutcome(core)
  const days = alerts.flatMap(({ findings }) =>
    findings
      .filter(({ detector }: { detector: string }) => detector === 'after-leaving')
      .map(({ time }: { time: number }) => Math.floor((time - on(0, 0)) / DAY_MS)),
  )
  return { alerts, days: [...new Set(days)].sort((a, b) => a - b) }
}

async function daysTold(inputs: readonly Input[]): Promise<number[]> {
  await using core = await openTestCore(':memory:')
  await take(core, [hired, ...inputs])
  return (await told(core)).days
}

describe('an access between the last working day and HR’s record of it', () => {
  it.each<[string, Input[], number[]]>([
    ['comes after the record', [left(9), access(8)], [8]],
    ['comes after the record of somebody who was active before', [access(-3), left(9), access(8)], [8]],
    ['comes after a record that speaks of a notice still', [notice(9, LAST_DAY), access(8)], [8]],
    ['comes before the record', [access(8), left(9)], [8]],
    ['comes before a record that speaks of a notice still', [access(8), notice(9, LAST_DAY)], [8]],
    ['of somebody in notice without a day', [notice(-20, null), access(8), left(9)], [8]],
    ['of somebody who had left by another record, nobody said when', [access(2), left(5, null), left(9)], [2]],
    [
      'of somebody whose last working day turns out to be earlier',
      [notice(-20, '2026-05-25'), access(2), left(9)],
      [2],
    ],
    ['further back than the look-back reaches', [access(1), left(92)], []],
    ['is on the last working day itself', [access(0), left(9)], []],
    ['is on the last working day itself and comes later', [left(9), access(0)], []],
    ['comes late among others that were seen', [left(9), access(8), access(3)], [3, 8]],
  ])('%s', async (_, inputs, days) => {
    expect(await daysTold(inputs)).toEqual(days)
  })

  it('is told as one of a leaver, whose last working day it names', async () => {
    for (const inputs of [
      [left(9), access(8)],
      [access(8), left(9)],
    ]) {
      await using core = await openTestCore(':memory:')
      await take(core, [hired, ...inputs])
      const [alert] = (await told(core)).alerts
      expect(alert).toMatchObject({ leaver: true, staff: { status: 'left', last_working_day: LAST_DAY } })
      expect(alert.summary).toContain('last working day was 20 May')
    }
  })

  it('is marked as found by looking back, under the time of the record, when it was seen before that', async () => {
    await using core = await openTestCore(':memory:')
    await take(core, [hired, access(8), left(9)])
    const [alert] = (await told(core)).alerts
    expect(alert).toMatchObject({ opened_at: on(9, 12), findings: [{ detector: 'after-leaving', look_back: true }] })
  })

  it('of somebody in notice does not have the time before it judged again', async () => {
    await using core = await openTestCore(':memory:')
    await take(core, [hired, notice(-20, null), access(-10), access(8), left(9)])
    const { alerts } = await told(core)
    expect(alerts).toHaveLength(1)
    expect(alerts[0].findings.map(({ time }: { time: number }) => time)).toEqual([on(8)])
  })

  it('ends at midnight of the configured zone', async () => {
    await using core = await openTestCore(':memory:', { timeZone: 'America/New_York' })
    await take(core, [hired, left(9), view('work', on(1, 3), 'c1'), view('over', on(1, 4), 'c2')])
    const [{ findings }] = (await told(core)).alerts
    expect(findings.map(({ time }: { time: number }) => time)).toEqual([on(1, 4)])
  })
})

describe('a newer record', () => {
  it.each<[string, Input[], number[]]>([
    [
      'that takes a leaving back keeps what is done under it from being told',
      [left(9), record(10, {}), access(11)],
      [],
    ],
    ['also of what comes late from before', [left(9), record(10, {}), access(8)], []],
    ['also of what comes late from between the two', [left(6), record(10, {}), access(8)], []],
    ['of a notice that is withdrawn', [notice(-20, LAST_DAY), record(-2, {}), access(8)], []],
    ['of a last working day that is put off', [notice(-20, LAST_DAY), notice(-2, '2026-06-20'), access(8)], []],
    ['of one that is put off late', [notice(-20, LAST_DAY), notice(9, '2026-06-20'), access(8)], []],
    [
      'of somebody hired again does not hide what was done while away',
      [left(0), record(10, { hired_on: '2026-05-30' }), access(8)],
      [8],
    ],
    [
      'of somebody hired again hides nothing that was told',
      [left(9), access(8), record(10, { hired_on: '2026-05-30' }), access(11)],
      [8],
    ],
  ])('%s', async (_, inputs, days) => {
    expect(await daysTold(inputs)).toEqual(days)
  })

  it('that comes with the leaving has nothing told of what was seen before', async () => {
    await using core = await openTestCore(':memory:')
    await take(core, [hired, access(8)])
    await core.pipeline.submitStaff([left(9), record(10, {})])
    expect((await told(core)).days).toEqual([])
  })

  it('that says the same again has the past left alone', async () => {
    await using core = await openTestCore(':memory:')
    await take(core, [hired, access(8), left(9)])
    const before = await storedOutcome(core)
    core.commits.length = 0
    await take(core, [left(10)])
    expect(await storedOutcome(core)).toEqual(before)
    expect(core.commits).toHaveLength(1)
  })
})

describe('records and accesses', () => {
  it('in any order open one alert, on the first of the accesses', async () => {
    for (const order of permutations([access(2), left(9), access(8)])) {
      await using core = await openTestCore(':memory:')
      await take(core, [hired, ...order])
      const { alerts, days } = await told(core)
      expect(alerts).toMatchObject([{ detectors: ['after-leaving'], leaver: true }])
      expect(days[0]).toBe(2)
    }
  })

  it('leave the same alerts and days when the service is started anew between any two of them', async () => {
    const stream = [hired, access(-3), access(2), left(9), access(8), record(10, {}), access(7), access(11)]
    await using unbroken = await openTestCore(':memory:')
    await take(unbroken, stream)
    await inFolder(async (dir) => {
      for (const input of stream) {
        await using core = await openTestCore(dir)
        await take(core, [input])
      }
      await using core = await openTestCore(dir)
      expect(await storedOutcome(core)).toEqual(await storedOutcome(unbroken))
      expect(memoryOf(core)).toEqual(memoryOf(unbroken))
    })
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, i) => permutations(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]))
}
