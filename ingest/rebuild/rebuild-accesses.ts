import type { Engine } from '../../detectors/engine.ts'
import { RETURN_AFTER_MS, RETURN_WITHIN_MS } from '../../detectors/signs/returns.ts'
import { feedOf, type MeasureFeed } from '../../detectors/windows/measure-feed.ts'
import { MEASURE_INDEX, MEASURE_KIND, MEASURES, MEASURES_OF_THE_DAY, WINDOW_MS } from '../../model/measure.ts'
import { readColumns } from '../../store/columns.ts'
import { type Database, queryRows } from '../../store/database.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'

/** The engine to bring back, and what its codes stand for. The connection has a table `open_from` (actor, since). */
interface RestoreAccessOptions {
  readonly engine: Engine
  readonly codes: Dictionaries
}

type Connection = Database['writer']

const LONGEST_MS = WINDOW_MS['28d']
const VIEWED = MEASURE_INDEX.contacts_viewed
const FOREIGN = MEASURE_INDEX.contacts_foreign
const UNWORKED = MEASURE_INDEX.contacts_unworked
/** Measures of different objects over more than a day, besides the contacts that are viewed. */
const OTHER_DISTINCT = [...MEASURES.keys()].filter(
  (m) => m !== VIEWED && MEASURE_KIND[MEASURES[m]] === 'distinct' && !MEASURES_OF_THE_DAY.includes(MEASURES[m]),
)

/** SQL that holds for events of the kinds wanted. */
export const kindsWhere = (codes: Dictionaries, wanted: (c: MeasureFeed) => boolean): string => {
  const kinds: number[] = []
  for (let kind = 0; kind < codes.kindCount; kind++) if (wanted(feedOf(codes.kindOf(kind)))) kinds.push(kind)
  return kinds.length === 0 ? 'FALSE' : `e.kind IN (${kinds.join(',')})`
}

/**
 * Finds what restoreViews() takes in, without an engine: a temporary table `viewed` of the contacts that each actor
 * opened, and SQL of when the actor came back to them last.
 */
export async function findViews(connection: Connection, codes: Dictionaries): Promise<{ readonly returns: string }> {
  // What was new in four weeks, or come back to, depends on the four weeks before them.
  const views = accesses(
    kindsWhere(codes, ({ distinct }) => distinct === VIEWED),
    2 * LONGEST_MS,
  )
  await connection.run(`CREATE TEMP TABLE viewed AS SELECT actor, object, max(time) AS last,
      min(time) FILTER (time >= inside) AS first, max(time) FILTER (time < inside) AS before,
      max(time) - min(time) >= ${RETURN_AFTER_MS} AS again
      FROM (${views}) GROUP BY actor, object`)
  return { returns: await lastReturns(connection, views) }
}

/** Contacts opened: the last time; the first, if they were new then; and the last time they were worked on. */
export async function restoreViews(
  connection: Connection,
  options: RestoreAccessOptions,
  { returns }: { readonly returns: string },
): Promise<void> {
  const changes = accesses(
    kindsWhere(options.codes, ({ works }) => works),
    LONGEST_MS,
  )
  await restoreNow(connection, options)
  await restore(connection, options, VIEWED, 'SELECT actor, object, last FROM viewed WHERE first IS NOT NULL')
  await restoreNew(connection, options)
  await restore(
    connection,
    options,
    UNWORKED,
    lastOf(`SELECT actor, object, time FROM (${changes}) UNION ALL ${returns}`),
  )
}

/**
 * When actors came back to contacts last, as SQL of actor, object and time: at the newest opening that none precedes by
 * less than a minute. For most contacts three times tell: the first opening within a minute of the last, and the last
 * before that, which is a minute or more before. All openings of a contact are only put in order where those two are
 * closer to each other.
 */
async function lastReturns(connection: Connection, views: string): Promise<string> {
  const opened = (pairs: string) => `(${views}) a JOIN ${pairs} v USING (actor, object)`
  await connection.run(`CREATE TEMP TABLE returned AS
    SELECT actor, object, min(time) FILTER (time > last - ${RETURN_AFTER_MS}) AS back,
      max(time) FILTER (time <= last - ${RETURN_AFTER_MS}) AS before, any_value(inside) AS inside
    FROM (SELECT a.*, v.last FROM ${opened('(FROM viewed WHERE again)')}) GROUP BY actor, object`)
  const told = `SELECT actor, object, back AS time FROM returned
    WHERE back >= inside AND back - before BETWEEN ${RETURN_AFTER_MS} AND ${RETURN_WITHIN_MS}`
  const untold = `(FROM returned WHERE back - before < ${RETURN_AFTER_MS})`
  const [{ pairs }] = await queryRows<{ pairs: number }>(connection, `SELECT count(*) AS pairs FROM ${untold}`)
  if (pairs === 0) return told
  return `${told} UNION ALL SELECT actor, object, time FROM (
      SELECT a.*, a.time - lag(a.time) OVER (PARTITION BY actor, object ORDER BY a.time) AS absent
      FROM ${opened(untold)})
    WHERE time >= inside AND absent BETWEEN ${RETURN_AFTER_MS} AND ${RETURN_WITHIN_MS}`
}

async function restoreNow(connection: Connection, { engine }: RestoreAccessOptions): Promise<void> {
  for await (const chunk of readColumns(connection, 'SELECT actor, max(last) FROM viewed GROUP BY actor')) {
    const [actors, newest] = [chunk.integers(0), chunk.bigints(1)]
    for (let i = 0; i < chunk.rows; i++) engine.restoreNow(actors[i], newest[i])
  }
}

async function restoreNew(connection: Connection, { engine }: RestoreAccessOptions): Promise<void> {
  const fresh = `SELECT actor, first FROM viewed
    WHERE first IS NOT NULL AND (before IS NULL OR before < first - ${LONGEST_MS}) ORDER BY first`
  for await (const chunk of readColumns(connection, fresh)) {
    const [actors, first] = [chunk.integers(0), chunk.bigints(1)]
    for (let i = 0; i < chunk.rows; i++) engine.restoreNew(actors[i], first[i])
  }
}

/** What else was done to single contacts: those copied, and other people's. */
export async function restoreOtherAccesses(connection: Connection, options: RestoreAccessOptions): Promise<void> {
  for (const m of OTHER_DISTINCT) {
    const kinds = kindsWhere(options.codes, ({ distinct }) => (m === FOREIGN ? distinct !== -1 : distinct === m))
    const whose = m === FOREIGN ? ' AND e.owner IS NOT NULL AND e.owner <> e.actor' : ''
    await restore(connection, options, m, lastOf(accesses(kinds + whose, LONGEST_MS)))
  }
}

const lastOf = (times: string): string =>
  `SELECT actor, object, max(time) AS last FROM (${times}) GROUP BY actor, object`

/** SQL that holds for events from so long before their actor's open days on; the second bound lets a scan skip what is older. */
export const withinReach = (reachMs: number): string =>
  `e.time >= f.since - ${reachMs} AND e.time >= (SELECT min(since) FROM open_from) - ${reachMs}`

/** Operations on objects up to `reachMs` before each actor's open days; `inside` from when on the longest window holds them. */
function accesses(where: string, reachMs: number): string {
  const inReach = `e.time < f.since AND ${withinReach(reachMs)} AND ${where}`
  const from = `f.since - ${LONGEST_MS}`
  return `SELECT e.actor, e.object, e.time, ${from} AS inside FROM event_log e JOIN open_from f ON f.actor = e.actor
      WHERE ${inReach} AND e.object IS NOT NULL AND e.objects IS NULL
      UNION ALL
      SELECT e.actor, unnest(e.objects), e.time, ${from} FROM event_log e JOIN open_from f ON f.actor = e.actor
      WHERE ${inReach} AND e.objects IS NOT NULL`
}

/** `last`: SQL of actor, object and the time of the last access. */
async function restore(
  connection: Connection,
  { engine }: RestoreAccessOptions,
  m: number,
  last: string,
): Promise<void> {
  for await (const chunk of readColumns(connection, `${last} ORDER BY last`)) {
    const [actors, objects, times] = [chunk.integers(0), chunk.integers(1), chunk.bigints(2)]
    for (let i = 0; i < chunk.rows; i++) engine.restoreAccess(m, actors[i], objects[i], times[i])
  }
}
