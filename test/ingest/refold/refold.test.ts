import { describe, expect, it } from 'vitest'
import type { RiskCuts } from '../../../detectors/risk/calibration.ts'
import { measureOfSlot } from '../../../model/measure.ts'
import type { StaffRecord } from '../../../model/staff.ts'
import { alertEvents } from '../../../store/alert-events.ts'
import { matchingAlerts } from '../../../store/alerts.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  line,
  MINUTE_MS,
  NOW,
  openTestCore,
  staffRecord,
  storedOutcome,
  submitAll,
  type TestCore,
  type TestEvent,
  view,
  views,
} from '../../support/test-core.ts'

const T0 = NOW - 40 * DAY_MS

/** Forty quiet days of four people, who change every other contact that they open, and a day on which Anna opens far too much. */
function story(): ReturnType<typeof views> {
  const events = []
  for (let day = 0; day < 40; day++) {
    for (const [n, actor] of ['anna', 'bert', 'cleo', 'dora'].entries()) {
      const start = T0 + day * DAY_MS + 9 * HOUR_MS + n * MINUTE_MS
      const opened = views(`${actor}-${day}`, start, 6 + ((day * 7 + n * 3) % 5), 20 * MINUTE_MS, actor)
      const changed = opened
        .filter((_, i) => i % 2 === 0)
        .map((view) => ({
          ...view,
          event_uid: `${view.event_uid}-changed`,
          time: view.time + MINUTE_MS,
          action: 'update' as const,
        }))
      events.push(...opened, ...changed)
    }
  }
  events.push(...views('theft', T0 + 36 * DAY_MS + 14 * HOUR_MS, 520, 15_000))
  return events.sort((a, b) => a.time - b.time)
}

describe('late events', () => {
  it('leave the same alerts and baselines as if they had come in time', async () => {
    const events = story()
    await using inOrder = await openTestCore(':memory:', { cuts: BURSTS_ONLY })
    await submitAll(inOrder, events)
    const wanted = await storedOutcome(inOrder)
    expect(wanted.alerts).toMatchObject([{ actor_uid: 'anna' }])

    // Each held back by more than the tolerance, most beyond the end of their day, among them half of the theft.
    const late = new Set(
      events.filter((event, i) => i % 17 === 3 || (event.event_uid.startsWith('theft') && i % 2 === 0)),
    )
    const arrival = events
      .map((event, i) => ({ event, at: late.has(event) ? i + 60 + ((i * 37) % 200) : i }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event)
    expect(arrival).not.toEqual(events)
    await using disordered = await openTestCore(':memory:', { cuts: BURSTS_ONLY })
    await submitAll(disordered, arrival, 90)
    const got = await storedOutcome(disordered)
    expect(ownDays(got)).toEqual(ownDays(wanted))
    // The alert itself opened with what was known at the time; what it says is the same in the end.
    const gist = ({ alerts }: Outcome) =>
      alerts.map(({ actor_uid, detectors }) => ({ actor_uid, detectors: [...detectors].sort() }))
    expect(gist(got)).toEqual(gist(wanted))
    // The very count at which the cut is reached depends on what peers' days, late ones too, have taught.
    const [first, firstWanted] = [got, wanted].map(({ alerts }) => alerts[0].findings[0].time)
    expect(Math.abs(first - firstWanted)).toBeLessThanOrEqual(2 * MINUTE_MS)
    expect(got.alerts[0].score).toBeCloseTo(wanted.alerts[0].score, -1)
    expect(await disordered.db.query('SELECT * FROM refold_queue')).toEqual([])
    expect(ownCounts(disordered)).toEqual(ownCounts(inOrder))
  })

  it('are folded whole while others read the store', async () => {
    await inFolder(async (dir) => {
      const events = views('v', T0, 30_000, 60_000)
      const [late] = views('late', T0 + DAY_MS + 1, 1, 0)
      await using wanted = await openTestCore(':memory:')
      await submitAll(
        wanted,
        [...events, late].sort((a, b) => a.time - b.time),
        2_000,
      )
      await using core = await openTestCore(dir)
      await submitAll(core, events, 2_000)
      const refolded = submitAll(core, [late]).then(() => core.pipeline.drain())
      let over = false
      void refolded.finally(() => {
        over = true
      })
      while (!over) await core.db.query('SELECT count(*) FROM events WHERE actor_uid = ?', ['anna'])
      await refolded
      expect(ownDays(await storedOutcome(core))).toEqual(ownDays(await storedOutcome(wanted)))
      expect(ownCounts(core)).toEqual(ownCounts(wanted))
    })
  })

  it('stay asked for in the store until they have been dealt with, a notice that comes meanwhile too', async () => {
    const looks: Promise<{ waiting: number; asked: number }>[] = []
    const notice = staffRecord('anna', { status: 'notice', recorded_at: T0 + 3 * DAY_MS })
    let noticed: Promise<void> | null = null
    await using core = await openTestCore(':memory:', {
      hooks: {
        committed: () => {
          const waiting = core.pipeline.refoldsWaiting
          if (waiting === 0 && noticed === null) return
          noticed ??= core.pipeline.submitStaff([notice])
          const asked = core.db.query<{ n: number }>('SELECT count(*) AS n FROM refold_queue')
          looks.push(asked.then(([{ n }]) => ({ waiting, asked: n })))
        },
      },
    })
    await submitAll(core, views('v', T0, 3_000, 60_000))
    await submitAll(core, [view('late', T0 + HOUR_MS + 1, 'late')])
    await core.pipeline.drain()
    await noticed
    await core.pipeline.drain()
    const seen = await Promise.all(looks)
    expect(seen.filter(({ waiting }) => waiting > 0).length).toBeGreaterThan(1)
    expect(seen.filter(({ waiting, asked }) => waiting > 0 && asked === 0)).toEqual([])
    expect(await core.db.query('SELECT * FROM refold_queue')).toEqual([])
  })

  it('are asked of the store when they are older than what is remembered', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [view('old', T0, 'c1'), view('new', T0 + DAY_MS, 'c2')])
    core.seen.forgetUpTo(T0 + DAY_MS)
    const fresh = view('fresh', T0 + HOUR_MS, 'c3')
    const unseen = [view('old-2', T0, 'c1'), fresh, fresh]
    const result = await core.pipeline.submitEvents(unseen.map(line), 'http', null)
    expect(result).toMatchObject({ accepted: 2, duplicates: 1 })
    await core.pipeline.drain()
    expect(await core.db.query('SELECT event_uid FROM event_log ORDER BY event_uid')).toEqual(
      ['fresh', 'new', 'old', 'old-2'].map((event_uid) => ({ event_uid })),
    )
  })
})

describe('a notice', () => {
  it('has the past ninety days examined again at the tighter limit, and says when it became known', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await core.pipeline.submitStaff(everybody)
    const events = story().filter(({ event_uid }) => !event_uid.startsWith('theft'))
    // More than a leaver may, less than the others may.
    const bold = T0 + 30 * DAY_MS + 14 * HOUR_MS
    events.push(...views('bold', bold, 150, 60_000))
    await submitAll(
      core,
      events.sort((a, b) => a.time - b.time),
    )
    expect((await storedOutcome(core)).alerts).toEqual([])

    const noticeAt = T0 + 39 * DAY_MS + 20 * HOUR_MS
    await core.pipeline.submitStaff([
      staffRecord('anna', {
        status: 'notice',
        notice_on: '2026-05-31',
        last_working_day: '2026-06-30',
        recorded_at: noticeAt,
      }),
    ])
    const { alerts } = await storedOutcome(core)
    expect(alerts).toMatchObject([{ actor_uid: 'anna', opened_at: noticeAt, leaver: true, status: 'new' }])
    const [{ findings }] = alerts
    expect(findings.every((finding: { look_back: boolean }) => finding.look_back)).toBe(true)
    for (const { time } of findings) {
      expect(time).toBeGreaterThanOrEqual(bold)
      // Four weeks long the widest window still holds it.
      expect(time).toBeLessThan(bold + 29 * DAY_MS)
    }
    const items = await matchingAlerts(core.db, {}, 10)
    const evidence = await alertEvents(core.db, items[0], null, 1000)
    expect(evidence.items.filter(({ event_uid }) => event_uid.startsWith('bold')).length).toBeGreaterThan(20)
    expect(await core.db.query('SELECT * FROM refold_queue')).toEqual([])
  })

  it('finds the same when it comes before what it looks back on, in order or late', async () => {
    const bold = views('bold', T0 + 30 * DAY_MS + 14 * HOUR_MS, 150, 60_000)
    const quiet = story().filter(({ event_uid }) => !event_uid.startsWith('theft'))
    const inOrder = [...quiet, ...bold].sort((a, b) => a.time - b.time)
    const noticeAt = T0 + 39 * DAY_MS + 20 * HOUR_MS
    const notice = staffRecord('anna', { status: 'notice', last_working_day: '2026-06-30', recorded_at: noticeAt })
    const told = async (inputs: readonly (readonly TestEvent[] | StaffRecord)[]) => {
      await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
      await core.pipeline.submitStaff(everybody)
      for (const input of inputs) {
        if ('recorded_at' in input) await core.pipeline.submitStaff([input])
        else await submitAll(core, input)
        await core.pipeline.drain()
      }
      const { alerts } = await storedOutcome(core)
      // Which detectors speak depends on what days that came later have taught of such surprises.
      return alerts.map(({ actor_uid, opened_at, leaver, findings }) => ({
        ...{ actor_uid, opened_at, leaver },
        from: findings.map(({ time }: { time: number }) => Math.floor(time / HOUR_MS))[0],
        lookBack: findings.every(({ look_back }: { look_back: boolean }) => look_back),
      }))
    }
    const afterwards = await told([inOrder, notice])
    expect(afterwards).toMatchObject([{ actor_uid: 'anna', opened_at: noticeAt, leaver: true, lookBack: true }])
    expect(await told([notice, inOrder])).toEqual(afterwards)
    expect(await told([quiet, notice, bold])).toEqual(afterwards)
    expect(await told([notice, quiet, bold])).toEqual(afterwards)
  })

  it('looks back on no more than ninety days, also when it comes first', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    const noticeAt = T0 + 30 * DAY_MS + 14 * HOUR_MS + 90 * DAY_MS
    const notice = staffRecord('anna', { status: 'notice', recorded_at: noticeAt })
    await core.pipeline.submitStaff([...everybody, notice])
    const quiet = story().filter(({ event_uid }) => !event_uid.startsWith('theft'))
    const before = views('bold', T0 + 30 * DAY_MS + 11 * HOUR_MS, 150, 60_000)
    await submitAll(
      core,
      [...quiet.filter(({ time }) => time < noticeAt - 90 * DAY_MS), ...before].sort((a, b) => a.time - b.time),
    )
    expect((await storedOutcome(core)).alerts).toEqual([])
    await submitAll(core, views('more', noticeAt - 90 * DAY_MS, 20, 60_000))
    expect((await storedOutcome(core)).alerts).toMatchObject([{ actor_uid: 'anna', opened_at: noticeAt }])
  })

  it('changes nothing for somebody whose past is quiet, nor when it comes a second time', async () => {
    await using core = await openTestCore(':memory:')
    await core.pipeline.submitStaff(everybody)
    await submitAll(
      core,
      story().filter(({ event_uid }) => !event_uid.startsWith('theft')),
    )
    const before = await storedOutcome(core)
    const notice = staffRecord('bert', { status: 'notice', recorded_at: T0 + 39 * DAY_MS + 20 * HOUR_MS })
    await core.pipeline.submitStaff([notice])
    await core.pipeline.submitStaff([notice])
    const after = await storedOutcome(core)
    expect(after.alerts).toEqual([])
    expect(after.dayPeaks).toEqual(before.dayPeaks)
    expect(await core.db.query('SELECT count(*) AS n FROM staff_records')).toEqual([{ n: 5 }])
  })
})

type Outcome = Awaited<ReturnType<typeof storedOutcome>>

/**
 * What follows from one's own events alone. A CUSUM, and which hours are not one's own, are measured against peers too,
 * whose days may have come late.
 */
const ownDays = ({ dayPeaks }: Outcome) =>
  dayPeaks.map(({ cusum: _, ...row }) => {
    const peaks = JSON.parse(row.peaks)
    return { ...row, peaks: peaks.filter((__: number, slot: number) => measureOfSlot(slot) !== 'contacts_off_hours') }
  })

function ownCounts({ codes, engine }: TestCore) {
  return Object.fromEntries(
    Array.from({ length: codes.actorCount }, (_, code) => [
      codes.uidOfActor(code),
      engine
        .slots(code)
        .filter(({ slot }) => measureOfSlot(slot) !== 'contacts_off_hours')
        .map(({ slot, count, days }) => ({ slot, count, days })),
    ]),
  )
}

const everybody = ['anna', 'bert', 'cleo', 'dora'].map((actor) => staffRecord(actor))

/** Far from what anybody does but the thief, so that peers' days that come late cannot tip the scales. */
const BURSTS_ONLY: RiskCuts = { ordinary: 8, leaver: 8 }

/** Ordinary staff may do what they like; leavers may not. */
const LEAVERS_ONLY: RiskCuts = { ordinary: 1e9, leaver: 6 }
