import { describe, expect, it } from 'vitest'
import { createSuppressionDesk } from '../../../alerts/suppression-desk.ts'
import type { RiskCuts } from '../../../detectors/risk/calibration.ts'
import type { SuppressionScope } from '../../../model/suppression.ts'
import { alertEvents } from '../../../store/alert-events.ts'
import { matchingAlerts } from '../../../store/alerts.ts'
import { countScopedEvents } from '../../../store/scoped-events.ts'
import { listSuppressions } from '../../../store/suppressions.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  line,
  MINUTE_MS,
  memoryOf,
  NOW,
  openTestCore,
  staffRecord,
  storedOutcome,
  submitAll,
  type TestCore,
  type TestEvent,
  views,
} from '../../support/test-core.ts'

const SHARP: RiskCuts = { ordinary: 3, leaver: 3 }
const FIRST_DAY = NOW - 20 * DAY_MS
const mia = { token_uid: 't1', name: 'mia' }
const byTime = (events: readonly TestEvent[]) => events.toSorted((a, b) => a.time - b.time)
const days = ['anna', 'bert'].flatMap((actor) =>
  Array.from({ length: 19 }, (_, n) => views(`${actor}${n}`, FIRST_DAY + n * DAY_MS, 9, 30 * MINUTE_MS, actor)).flat(),
)
/** A move of records, at night and in bursts, by a report of its own. */
const move = [3, 8, 12, 17, 18].flatMap((n) =>
  views(`move${n}`, FIRST_DAY + n * DAY_MS + 13 * HOUR_MS, 150, 10_000).map((event, i) => ({
    ...event,
    action: i % 2 === 0 ? 'export' : 'view',
    object_type: 'file',
    object_uids: ['the-move'],
    record_count: 500,
    record_count_basis: 'reported',
    src_ip: '192.0.2.77',
  })),
)
const theft = views('theft', FIRST_DAY + 18 * DAY_MS + 6 * HOUR_MS, 150, 20_000)
const isMove = ({ event_uid }: TestEvent) => event_uid.startsWith('move')

const deskOf = ({ db, suppressions, pipeline }: TestCore) =>
  createSuppressionDesk({
    db,
    book: suppressions,
    between: pipeline.between,
    faultOfDetector: () => null,
    now: () => NOW,
  })

async function leaveOut(core: TestCore, scope: SuppressionScope, endsAt = NOW + DAY_MS) {
  const outcome = await deskOf(core).create(
    { org_uid: 'default', effect: 'events', scope, reason: 'a move', starts_at: FIRST_DAY, ends_at: endsAt },
    mia,
  )
  if (outcome.kind !== 'done') throw new Error(outcome.message)
  return outcome.suppression
}
const stateOf = async (core: TestCore) => ({ ...(await storedOutcome(core)), memory: memoryOf(core) })

/** What is left when the left-out events never came. */
async function without(events: readonly TestEvent[]) {
  await using core = await openTestCore(':memory:', { cuts: SHARP })
  await submitAll(
    core,
    events.filter((event) => !isMove(event)),
  )
  return await stateOf(core)
}

describe('events that are left out', () => {
  const all = byTime([...days, ...move, ...theft])

  it('are what the story needs: counted, they would be found', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    await submitAll(core, all)
    const expected = await without(all)
    expect((await stateOf(core)).memory).not.toEqual(expected.memory)
  })

  it('are stored and counted by the suppression, and all else is as if they had never come', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    const { suppression_uid } = await leaveOut(core, { object_uid: 'the-move' })
    await submitAll(core, all)
    expect(await stateOf(core)).toEqual(await without(all))
    const [{ n }] = await core.db.query<{ n: number }>('SELECT count(*) AS n FROM events WHERE excluded')
    expect(n).toBe(move.length)
    const { items } = await listSuppressions(core.db, {}, null, 10)
    expect(items).toMatchObject([{ suppression_uid, suppressed: move.length, last_suppressed_at: move.at(-1)?.time }])
    const [alert] = await matchingAlerts(core.db, { actor: 'anna' }, 1)
    const evidence = await alertEvents(core.db, alert, null, 1_000)
    expect(evidence.items.filter(({ event_uid }) => event_uid.startsWith('move'))).toEqual([])
  })

  it('stay left out over restarts at any point', async () => {
    const expected = await without(all)
    for (const cut of [0.3, 0.6, 0.95]) {
      await inFolder(async (dir) => {
        const at = Math.floor(all.length * cut)
        {
          await using core = await openTestCore(dir, { cuts: SHARP })
          await leaveOut(core, { object_uid: 'the-move' })
          await submitAll(core, all.slice(0, at))
        }
        await using core = await openTestCore(dir, { cuts: SHARP })
        await submitAll(core, all.slice(at))
        const { alerts, memory } = await stateOf(core)
        expect({ alerts, memory }).toEqual({ alerts: expected.alerts, memory: expected.memory })
      })
    }
  })

  it('stay left out when a past is folded again, after the suppression was revoked too', async () => {
    const late = views('late', FIRST_DAY + 5 * DAY_MS + HOUR_MS, 3, MINUTE_MS)
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    const { suppression_uid } = await leaveOut(core, { object_uid: 'the-move' })
    await submitAll(core, all)
    await deskOf(core).revoke(suppression_uid, mia, () => true)
    await submitAll(core, late)
    await core.pipeline.drain()
    await using other = await openTestCore(':memory:', { cuts: SHARP })
    await submitAll(
      other,
      all.filter((event) => !isMove(event)),
    )
    await submitAll(other, late)
    expect(await stateOf(core)).toEqual(await stateOf(other))
  })

  it('do not count as use after leaving', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    await leaveOut(core, { actor_uid: 'anna' })
    await core.pipeline.submitStaff([
      staffRecord('anna', { status: 'left', last_working_day: '2026-05-01', recorded_at: FIRST_DAY }),
    ])
    await submitAll(core, all)
    expect(await matchingAlerts(core.db, { actor: 'anna' }, 10)).toEqual([])
  })

  it('are counted again from the suppression’s end on', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    await leaveOut(core, { object_uid: 'the-move' }, NOW + 1)
    const after = move.map((event) => ({
      ...event,
      event_uid: `${event.event_uid}-2`,
      time: NOW + 1 + event.time - move[0].time,
    }))
    await submitAll(core, [...all, ...after.slice(0, 150)])
    const [{ n }] = await core.db.query<{ n: number }>('SELECT count(*) AS n FROM events WHERE excluded')
    expect(n).toBe(move.length)
    expect(memoryOf(core)).not.toEqual((await without(all)).memory)
  })

  it('are known when they come a second time', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    await leaveOut(core, { object_uid: 'the-move' })
    await submitAll(core, move)
    // As when more events have come since than are remembered.
    core.seen.forgetUpTo(NOW)
    const result = await core.pipeline.submitEvents(move.map(line), 'http', null)
    expect(result).toMatchObject({ accepted: 0, duplicates: move.length })
  })

  it('can be foreseen', async () => {
    await using core = await openTestCore(':memory:', { cuts: SHARP })
    await submitAll(core, all)
    const count = (scope: SuppressionScope) => countScopedEvents(core.db, 'default', scope, FIRST_DAY)
    expect(await count({ object_uid: 'the-move' })).toEqual({ events: all.length, left_out: move.length, actors: 1 })
    expect(await count({ object_type: 'file', actor_uid: 'bert' })).toMatchObject({ left_out: 0, actors: 0 })
    expect(await count({ query_text: 'none' })).toMatchObject({ left_out: 0 })
  })
})
