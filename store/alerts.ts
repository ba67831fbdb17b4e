import type { DuckDBConnection } from '@duckdb/node-api'
import type { Alert, AlertStatus, Severity } from '../model/alert.ts'
import { toJsonText } from '../model/json-text.ts'
import type { Verdict } from '../model/triage.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, SqlValue } from './database.ts'
import { readStoredAlert } from './stored-alert.ts'

export interface AlertFilter {
  readonly org?: string
  readonly status?: readonly AlertStatus[]
  readonly severity?: readonly Severity[]
  /** Alerts in which any of these detectors has a finding. */
  readonly detector?: readonly string[]
  readonly actor?: string
  readonly leaver?: boolean
  readonly verdict?: readonly (Verdict | 'none')[]
  /** Who works on it; `null` for nobody. */
  readonly assignee?: string | null
  readonly label?: string
  /** opened_at >= from, epoch ms. */
  readonly from?: number
  /** opened_at < to, epoch ms. */
  readonly to?: number
}

/** How many alerts of one severity, about leavers or about others. */
export interface AlertCount {
  readonly severity: Severity
  readonly leaver: boolean
  /** Neither resolved nor closed. */
  readonly open: number
  /** In status `new`. */
  readonly unreviewed: number
  /** Wall clock of the commit that opened the oldest of the unreviewed, epoch ms; null when there is none. */
  readonly oldest_unreviewed_detected_at: number | null
  /** With opened_at >= since. */
  readonly opened_since: number
}

const LIST = 'alerts'
const OPEN = `status NOT IN ('resolved', 'closed')`
/** As `isUnreviewed` has it. */
const UNREVIEWED = `status = 'new' AND verdict IS NULL AND assignee IS NULL`
/** Of ids bound as a JSON array. */
const AMONG = `alert_uid IN (SELECT unnest(from_json(?::JSON, '["VARCHAR"]')))`
const ROW_TYPE = `[{"alert_uid":"VARCHAR","org_uid":"VARCHAR","actor_uid":"VARCHAR","detector":"VARCHAR","detectors":["VARCHAR"],
  "severity":"VARCHAR","status":"VARCHAR","score":"DOUBLE","leaver":"BOOLEAN","opened_at":"BIGINT","updated_at":"BIGINT",
  "detected_at":"BIGINT","closed_at":"BIGINT","verdict":"VARCHAR","assignee":"VARCHAR","labels":["VARCHAR"],
  "body":"VARCHAR"}]`

/**
 * Writes the alerts as they stand now, new or not, inside the caller's transaction. Of several states of one alert
 * the last one holds.
 */
export async function upsertAlerts(connection: DuckDBConnection, alerts: readonly Alert[]): Promise<void> {
  const newest = new Map(alerts.map((alert) => [alert.alert_uid, alert]))
  if (newest.size === 0) return
  const rows = toJsonText([...newest.values()].map(toRow))
  await connection.run(`DELETE FROM alerts WHERE ${AMONG}`, [toJsonText([...newest.keys()])])
  await connection.run(
    `INSERT INTO alerts BY NAME SELECT unnest(r) FROM (SELECT unnest(from_json(?::JSON, '${ROW_TYPE}')) AS r)`,
    [rows],
  )
}

function toRow(alert: Alert) {
  const { alert_uid, org_uid, actor_uid, detector, detectors, severity, status, score, leaver } = alert
  const { opened_at, updated_at, detected_at, closed_at, verdict, assignee, labels } = alert
  const columns = { alert_uid, org_uid, actor_uid, detector, detectors, severity, status, score, leaver }
  const times = { opened_at, updated_at, detected_at, closed_at }
  return { ...columns, ...times, verdict, assignee, labels, body: toJsonText(alert) }
}

/** Which alert, and in what state: another one after every change. */
export interface AlertState {
  readonly alert_uid: string
  readonly state: string
}

const STATE = 'hash(body)::VARCHAR AS state'

/** Newest first by (opened_at, alert_uid). Throws InvalidCursor for a cursor that this list did not give out. */
export async function listAlerts(
  db: Database,
  filter: AlertFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<AlertState>> {
  const { where, values } = conditionsOf(filter)
  if (cursor !== null) {
    const after = decodeCursor(LIST, cursor)
    where.push('(opened_at < ? OR (opened_at = ? AND alert_uid < ?))')
    values.push(after.time, after.time, after.id)
  }
  const rows = await db.query<AlertState & { opened_at: number }>(
    `SELECT opened_at, alert_uid, ${STATE} FROM (
       SELECT opened_at, alert_uid, body FROM alerts ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY opened_at DESC, alert_uid DESC LIMIT ?)
     ORDER BY opened_at DESC, alert_uid DESC`,
    [...values, limit + 1],
  )
  const toState = ({ alert_uid, state }: AlertState): AlertState => ({ alert_uid, state })
  return pageOf(rows, limit, toState, (row) => encodeCursor(LIST, { time: row.opened_at, id: row.alert_uid }))
}

/** Those of the alerts that there are, and the state they are read in, in no order. */
export async function readAlerts(db: Database, uids: readonly string[]): Promise<{ state: string; alert: Alert }[]> {
  const rows = await db.query<{ body: string; state: string }>(`SELECT body, ${STATE} FROM alerts WHERE ${AMONG}`, [
    toJsonText(uids),
  ])
  return rows.map(({ body, state }) => ({ state, alert: readStoredAlert(body) }))
}

/** Alerts that a filter holds, newest first, at most `limit`. */
export async function matchingAlerts(db: Database, filter: AlertFilter, limit: number): Promise<Alert[]> {
  const { where, values } = conditionsOf(filter)
  const sql = `SELECT body FROM alerts ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
    ORDER BY opened_at DESC, alert_uid DESC LIMIT ?`
  return (await db.query<{ body: string }>(sql, [...values, limit])).map(parseBody)
}

function conditionsOf(filter: AlertFilter): { where: string[]; values: SqlValue[] } {
  const where: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...bound: SqlValue[]) => {
    where.push(condition)
    values.push(...bound)
  }
  const marks = (list: readonly unknown[]) => list.map(() => '?').join(', ')
  if (filter.org !== undefined) add('org_uid = ?', filter.org)
  if (filter.actor !== undefined) add('actor_uid = ?', filter.actor)
  if (filter.leaver !== undefined) add('leaver = ?', filter.leaver)
  if (filter.from !== undefined) add('opened_at >= ?', filter.from)
  if (filter.to !== undefined) add('opened_at < ?', filter.to)
  if (filter.status?.length) add(`status IN (${marks(filter.status)})`, ...filter.status)
  if (filter.severity?.length) add(`severity IN (${marks(filter.severity)})`, ...filter.severity)
  if (filter.verdict?.length) add(`coalesce(verdict, 'none') IN (${marks(filter.verdict)})`, ...filter.verdict)
  if (filter.assignee !== undefined) add('assignee IS NOT DISTINCT FROM ?', filter.assignee)
  if (filter.label !== undefined) add('list_contains(labels, ?)', filter.label)
  if (filter.detector?.length) add(`list_has_any(detectors, [${marks(filter.detector)}])`, ...filter.detector)
  return { where, values }
}

export async function getAlert(db: Database, uid: string): Promise<Alert | null> {
  const rows = await db.query<{ body: string }>('SELECT body FROM alerts WHERE alert_uid = ?', [uid])
  return rows.length > 0 ? parseBody(rows[0]) : null
}

/** Those of the alerts that there are, in no order. */
export async function getAlerts(db: Database, uids: readonly string[]): Promise<Alert[]> {
  return (await readAlerts(db, uids)).map(({ alert }) => alert)
}

/** All alerts of these people, oldest first. */
export async function alertsOfActors(
  db: Database,
  actors: readonly Pick<Alert, 'org_uid' | 'actor_uid'>[],
): Promise<Alert[]> {
  const type = '[{"org_uid":"VARCHAR","actor_uid":"VARCHAR"}]'
  const rows = await db.query<{ body: string }>(
    `SELECT body FROM alerts SEMI JOIN (SELECT unnest(from_json(?::JSON, '${type}'), recursive := true))
     USING (org_uid, actor_uid) ORDER BY opened_at, alert_uid`,
    [toJsonText(actors)],
  )
  return rows.map(parseBody)
}

/** What the grouping of findings must know at start: the open alerts, and those changed after `updatedSince` (epoch ms). */
export async function openAlerts(db: Database, updatedSince: number): Promise<Alert[]> {
  const rows = await db.query<{ body: string }>(
    `SELECT body FROM alerts WHERE ${OPEN} OR updated_at > ? ORDER BY opened_at, alert_uid`,
    [updatedSince],
  )
  return rows.map(parseBody)
}

/** How many alerts opened since `since` (epoch ms of event time), by person and leaving. */
export function openingsByActor(
  db: Database,
  since: number,
): Promise<{ org_uid: string; actor_uid: string; leaver: boolean; alerts: number }[]> {
  return db.query(
    `SELECT org_uid, actor_uid, leaver, count(*) AS alerts FROM alerts WHERE opened_at >= ? GROUP BY ALL`,
    [since],
  )
}

/** How many alerts that are neither resolved nor closed each of these people has; a person is tenant and id around U+0000. */
export async function openAlertCounts(db: Database, people: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (people.length === 0) return new Map()
  const rows = await db.query<{ org_uid: string; actor_uid: string; open: number }>(
    `SELECT org_uid, actor_uid, count(*) AS open FROM alerts
     WHERE ${OPEN} AND actor_uid IN (${people.map(() => '?').join(', ')}) GROUP BY org_uid, actor_uid`,
    people.map((id) => id.slice(id.indexOf('\u0000') + 1)),
  )
  return new Map(rows.map(({ org_uid, actor_uid, open }) => [`${org_uid}\u0000${actor_uid}`, open]))
}

/** When and how high each alert's findings were, of the alerts changed after `since` (epoch ms of event time). */
export async function scoredAlerts(db: Database, since: number): Promise<ScoredAlert[]> {
  const rows = await db.query<ScoredRow>(`${SCORED} WHERE updated_at > ?`, [since])
  return rows.map(toScored)
}

/** The same of one person. */
export async function scoredAlertsOf(db: Database, org: string, actor: string): Promise<ScoredAlert[]> {
  const rows = await db.query<ScoredRow>(`${SCORED} WHERE org_uid = ? AND actor_uid = ?`, [org, actor])
  return rows.map(toScored)
}

export interface ScoredAlert {
  readonly alert_uid: string
  readonly org_uid: string
  readonly actor_uid: string
  readonly findings: readonly { readonly time: number; readonly score: number; readonly detector: string }[]
}
type ScoredRow = Omit<ScoredAlert, 'findings'> & { readonly findings: string }

const SCORED = `SELECT alert_uid, org_uid, actor_uid,
  from_json(body, '{"findings":[{"time":"BIGINT","score":"DOUBLE","detector":"VARCHAR"}]}').findings::JSON::VARCHAR AS findings
  FROM alerts`
const toScored = ({ findings, ...alert }: ScoredRow): ScoredAlert => ({ ...alert, findings: JSON.parse(findings) })

/** `since` in epoch ms of event time. A severity without alerts is absent. */
export function alertCounts(db: Database, since: number): Promise<AlertCount[]> {
  return db.query<AlertCount>(
    `SELECT severity, leaver, count(*) FILTER (${OPEN}) AS open, count(*) FILTER (${UNREVIEWED}) AS unreviewed,
       min(detected_at) FILTER (${UNREVIEWED}) AS oldest_unreviewed_detected_at,
       count(*) FILTER (opened_at >= ?) AS opened_since
     FROM alerts GROUP BY severity, leaver ORDER BY severity, leaver`,
    [since],
  )
}

export interface DetectorVerdicts {
  readonly detector: string
  /** Alerts led by the detector, by what they turned out to be; without a verdict under `none`. */
  readonly alerts: Readonly<Record<Verdict | 'none', number>>
}

/** What became of alerts, by leading detector. `from`: opened at or after, epoch ms. */
export async function verdictCounts(db: Database, org?: string, from = 0): Promise<DetectorVerdicts[]> {
  const rows = await db.query<{ detector: string; verdict: Verdict | 'none'; alerts: number }>(
    `SELECT detector, coalesce(verdict, 'none') AS verdict, count(*) AS alerts FROM alerts
     WHERE opened_at >= ? ${org === undefined ? '' : 'AND org_uid = ?'} GROUP BY ALL ORDER BY detector`,
    org === undefined ? [from] : [from, org],
  )
  const byDetector = new Map<string, Record<Verdict | 'none', number>>()
  for (const { detector, verdict, alerts } of rows) {
    const counts = byDetector.get(detector) ?? { ...NO_VERDICTS }
    counts[verdict] = alerts
    byDetector.set(detector, counts)
  }
  return [...byDetector].map(([detector, alerts]) => ({ detector, alerts }))
}

const NO_VERDICTS: Readonly<Record<Verdict | 'none', number>> = {
  theft: 0,
  policy_breach: 0,
  authorised: 0,
  false_positive: 0,
  misconfiguration: 0,
  test: 0,
  none: 0,
}

const parseBody = (row: { body: string }): Alert => readStoredAlert(row.body)
