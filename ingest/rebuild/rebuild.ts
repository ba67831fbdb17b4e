import type { RiskBook } from '../../alerts/risk-book.ts'
import type { Calendar } from '../../detectors/days/calendar.ts'
import type { Engine } from '../../detectors/engine.ts'
import { NEW_FOR_DAYS } from '../../detectors/signs/places.ts'
import { OPERATION_LIMITS } from '../../detectors/windows/logical-operations.ts'
import type { Alert } from '../../model/alert.ts'
import type { ClosedDay } from '../../model/closed-day.ts'
import { MEASURE_INDEX, MEASURE_WINDOWS, WINDOW_MS } from '../../model/measure.ts'
import { readColumns } from '../../store/columns.ts'
import type { Database } from '../../store/database.ts'
import { readDayPeaks } from '../../store/day-peaks.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import { readEvents } from '../../store/event-log.ts'
import { allStaffRecords } from '../../store/staff-records.ts'
import { findViews, kindsWhere, restoreOtherAccesses, restoreViews, withinReach } from './rebuild-accesses.ts'

export interface RebuildOptions {
  readonly db: Database
  readonly codes: Dictionaries
  readonly engine: Engine
  readonly calendar: Calendar
  readonly alerts: readonly Alert[]
  readonly risks: RiskBook
}

type Connection = Database['writer']

/** From when on an actor's events are folded again. */
interface OpenFrom {
  readonly actor: number
  readonly since: number
}

/** The two newest days of a tenant may be open still; older ones are closed and stored as day peaks. */
const OPEN_DAYS = 2

/**
 * Brings a new engine to where an unbroken run would be: staff, closed days, what the windows held before the open
 * days (each pair's last access, which is all that a distinct window needs), and the open days folded again without telling anybody.
 * Returns the days that closed only now, since their actors trailed the others; they are still to be stored.
 */
export async function rebuild(options: RebuildOptions): Promise<ClosedDay[]> {
  const { engine, codes, db } = options
  const staff = await allStaffRecords(db)
  for (const record of staff) engine.putStaff(codes.actor(record.org_uid, record.actor_uid), record)
  const closedUntil = await lastClosedDays(options)
  const openFrom = await openDays(options)
  const restored = (work: (connection: Connection) => Promise<void>) => withOpenDays(db, openFrom, work)
  try {
    // What DuckDB finds for one is taken in while it searches for another. More at a time would take more memory.
    const days = db.withConnection((connection) => restoreDays(connection, options))
    await Promise.all([
      restored(async (connection) => {
        const found = await findViews(connection, codes)
        await days
        await restoreViews(connection, options, found)
      }),
      restored(async (connection) => {
        await days
        restoreAfterLeaving(options, closedUntil)
        await restoreOtherAccesses(connection, options)
        await restorePlaces(connection, options)
        await restoreWays(connection, options)
        await restoreSums(connection, options)
      }),
    ])
    await db.releaseMemory()
    await restored((connection) => foldOpenDays(options, connection, openFrom, closedUntil))
    // Stored as alerts long since.
    engine.takeFindings()
    return engine.takeClosedDays()
  } finally {
    await db.releaseMemory()
  }
}

/** Does work on a connection of its own, whose table `open_from` tells from when on each actor's events are folded again. */
function withOpenDays(
  db: Database,
  openFrom: readonly OpenFrom[],
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  return db.withConnection(async (connection) => {
    await connection.run('CREATE TEMP TABLE open_from (actor INTEGER, since BIGINT)')
    await connection.run(
      `INSERT INTO open_from SELECT unnest(from_json(?::JSON, '[{"actor":"INTEGER","since":"BIGINT"}]'), recursive := true)`,
      [JSON.stringify(openFrom)],
    )
    await work(connection)
  })
}

async function restoreDays(connection: Connection, { engine, risks }: RebuildOptions): Promise<void> {
  for await (const days of readDayPeaks(connection)) {
    for (const { closed, own } of days) {
      engine.restoreDay(closed, own)
      if (own) risks.putDay(closed.actor, closed.day, closed.score)
    }
  }
}

/** Per actor the end of the last closed day. */
async function lastClosedDays({ db, calendar }: RebuildOptions): Promise<Map<number, number>> {
  const rows = await db.query<{ actor: number; day: number }>(
    'SELECT actor, max(day) AS day FROM day_peaks GROUP BY actor',
  )
  return new Map(rows.map(({ actor, day }) => [actor, calendar.startOf(day + 1)]))
}

/** When somebody who has left was last reported on; of the open days that is worked out again. */
function restoreAfterLeaving(
  { alerts, engine, codes }: RebuildOptions,
  closedUntil: ReadonlyMap<number, number>,
): void {
  for (const { org_uid, actor_uid, findings } of alerts) {
    const actor = codes.findActor(org_uid, actor_uid)
    const until = closedUntil.get(actor)
    if (until === undefined) continue
    for (const finding of findings)
      if (finding.detector === 'after-leaving' && finding.time < until) engine.restoreAfterLeaving(actor, finding)
  }
}

/**
 * Per actor the first instant of what is folded again: the tenant's open days, and of somebody who has not been seen on
 * them the last day there was, so that baselines and counts stand as that day left them.
 */
async function openDays({ db, codes, calendar }: RebuildOptions): Promise<OpenFrom[]> {
  const actors = await db.query<{ actor: number; newest: number; newest_of_org: number }>(
    `SELECT n.actor, n.newest, max(n.newest) OVER (PARTITION BY a.org_uid) AS newest_of_org
     FROM (SELECT actor, max(time) AS newest FROM event_log e WHERE ${countedWhere(codes)} GROUP BY actor) n
     JOIN actors a ON a.code = n.actor`,
  )
  return actors.map(({ actor, newest, newest_of_org }) => ({
    actor,
    since: calendar.startOf(Math.min(calendar.dayOf(newest), calendar.dayOf(newest_of_org) - OPEN_DAYS + 1)),
  }))
}

/** All but what analysts left out. */
const countedWhere = (codes: Dictionaries): string => {
  const excluded = Array.from({ length: codes.kindCount }, (_, kind) => kind).filter((k) => codes.kindOf(k).excluded)
  return excluded.length === 0 ? 'TRUE' : `e.kind NOT IN (${excluded.join(',')})`
}

/**
 * The addresses used before the open days; those of the last days apart, behind all others. One that had been forgotten
 * among many and was used again is then as new as it was.
 */
async function restorePlaces(connection: Connection, { engine, codes }: RebuildOptions): Promise<void> {
  const isOfLastDays = `e.time >= f.since - ${NEW_FOR_DAYS * WINDOW_MS['1d']}`
  const sql = `SELECT e.actor, e.origin, min(e.time) AS first, max(e.time) AS last
    FROM event_log e JOIN open_from f ON f.actor = e.actor WHERE e.time < f.since AND ${countedWhere(codes)}
    GROUP BY e.actor, e.origin, ${isOfLastDays} ORDER BY ${isOfLastDays}, first`
  for await (const chunk of readColumns(connection, sql)) {
    const [actors, origins, first, last] = [chunk.integers(0), chunk.integers(1), chunk.bigints(2), chunk.bigints(3)]
    for (let i = 0; i < chunk.rows; i++) engine.restorePlace(actors[i], origins[i], first[i], last[i])
  }
}

/** What ways to reach records each actor has used, and when; of the origins that share a program one stands for all. */
async function restoreWays(connection: Connection, { engine }: RebuildOptions): Promise<void> {
  const used = `SELECT actor, kind, origin, min(time) AS first, max(time) AS last FROM event_log
    WHERE actor IN (SELECT actor FROM open_from) GROUP BY actor, kind, origin`
  const sql = `SELECT u.actor, u.kind, min(u.origin), min(u.first) AS since, max(u.last)
    FROM (${used}) u LEFT JOIN origins o ON o.code = u.origin GROUP BY u.actor, u.kind, o.user_agent ORDER BY since`
  for await (const chunk of readColumns(connection, sql)) {
    const [actors, kinds, origins] = [chunk.integers(0), chunk.integers(1), chunk.integers(2)]
    const [first, last] = [chunk.bigints(3), chunk.bigints(4)]
    for (let i = 0; i < chunk.rows; i++) engine.restoreWay(actors[i], kinds[i], origins[i], first[i], last[i])
  }
}

/** What amounts are added to; that of shares and of operations of unknown size comes with what is taken. */
const SUMS = ['records_listed', 'records_taken'] as const
const OPERATION = `(e.extra->>'logical_op_uid')`

/** Sums need every entry, so the operations that feed them are counted again over the whole reach of each. */
async function restoreSums(connection: Connection, { engine, codes }: RebuildOptions): Promise<void> {
  const rowsOf = (measure: (typeof SUMS)[number]) => kindsWhere(codes, ({ sum }) => sum === MEASURE_INDEX[measure])
  const reachOf = (measure: (typeof SUMS)[number]) =>
    withinReach(Math.max(...MEASURE_WINDOWS[measure].map((window) => WINDOW_MS[window])) + OPERATION_LIMITS.keepMs)
  const inReach = SUMS.map((measure) => `(${rowsOf(measure)} AND ${reachOf(measure)})`)
  // The size of an operation that takes records may be told by the rows that list them.
  const taking = `SELECT e.actor, ${OPERATION} FROM event_log e JOIN open_from f ON f.actor = e.actor
    WHERE ${inReach[1]} AND ${OPERATION} IS NOT NULL`
  inReach.push(
    `(${rowsOf('records_listed')} AND ${reachOf('records_taken')} AND (e.actor, ${OPERATION}) IN (${taking}))`,
  )
  const named = kindsWhere(codes, ({ distinct }) => distinct !== -1)
  for await (const batch of readEvents(connection, {
    join: 'JOIN open_from f ON f.actor = e.actor',
    where: `e.time < f.since AND (${inReach.join(' OR ')}) AND NOT (${named} AND e.object IS NOT NULL)`,
    orderBy: 'e.time, e.seq',
  })) {
    for (let i = 0; i < batch.length; i++) engine.restoreSum(batch, i)
  }
}

/** Actors whose open days begin so long before the newest are read apart, for they are few and their events far between. */
const TRAILING_MS = WINDOW_MS['7d']

async function foldOpenDays(
  { engine }: RebuildOptions,
  connection: Connection,
  openFrom: readonly OpenFrom[],
  closedUntil: ReadonlyMap<number, number>,
): Promise<void> {
  const newest = openFrom.reduce((most, { since }) => Math.max(most, since), 0)
  const current = newest - TRAILING_MS
  for (const [these, bounds] of [
    [`f.since >= ${current}`, `e.time >= ${current}`],
    [`f.since < ${current}`, `e.time >= (SELECT min(since) FROM open_from)`],
  ]) {
    for await (const batch of readEvents(connection, {
      join: 'JOIN open_from f ON f.actor = e.actor',
      where: `${bounds} AND e.time >= f.since AND ${these}`,
      // Those on the tenant's newest days first: they would otherwise close the day of somebody who trails them.
      orderBy: 'f.since DESC, e.time, e.seq',
    })) {
      for (let i = 0; i < batch.length; i++) {
        // The CUSUM holds a closed day already: what is said of that day must not be judged by it a second time.
        engine.mute(batch.time[i] < (closedUntil.get(batch.actor[i]) ?? Number.NEGATIVE_INFINITY))
        engine.fold(batch, i)
      }
    }
  }
  engine.mute(false)
}
