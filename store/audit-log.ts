import type { DuckDBConnection } from '@duckdb/node-api'
import type { ExaminationAction } from '../model/examination.ts'
import { toJsonText } from '../model/json-text.ts'
import type { SuppressionAction } from '../model/suppression.ts'
import type { TriageAction } from '../model/triage.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'

/** What can be done, by what it is done with. */
interface AuditDetail {
  readonly alert: TriageAction
  readonly suppression: SuppressionAction
  readonly actor: ExaminationAction
}
export type AuditSubject = keyof AuditDetail

/** What somebody did. `detail` says what. */
export type AuditEntry<S extends AuditSubject = AuditSubject> = {
  readonly [K in S]: {
    /** Epoch ms. */
    readonly done_at: number
    readonly org_uid: string
    readonly token_uid: string
    readonly token_name: string
    readonly subject: K
    readonly subject_uid: string
    readonly detail: AuditDetail[K]
  }
}[S]

interface Row {
  readonly seq: number
  readonly done_at: number
  readonly org_uid: string
  readonly token_uid: string
  readonly token_name: string
  readonly detail: string
}

const LIST = 'audit'
const ROW_TYPE = `[{"done_at":"BIGINT","org_uid":"VARCHAR","token_uid":"VARCHAR","token_name":"VARCHAR","subject":"VARCHAR",
  "subject_uid":"VARCHAR","detail":"VARCHAR"}]`

/** Adds to the record, inside the caller's transaction, in the order given. Nothing ever changes or deletes an entry. */
export async function appendAudit(connection: DuckDBConnection, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = toJsonText(entries.map((entry) => ({ ...entry, detail: toJsonText(entry.detail) })))
  await connection.run(
    `INSERT INTO audit_log SELECT nextval('audit_seq'), r.done_at, r.org_uid, r.token_uid, r.token_name, r.subject,
       r.subject_uid, r.detail
     FROM (SELECT unnest(from_json(?::JSON, '${ROW_TYPE}')) AS r)`,
    [rows],
  )
}

/**
 * What was done with one subject, oldest first. `org`: its tenant, where the uid alone does not say which it is. Throws
 * InvalidCursor for a cursor that this list did not give out.
 */
export async function auditOf<S extends AuditSubject>(
  db: Database,
  { subject, uid, org }: { readonly subject: S; readonly uid: string; readonly org?: string },
  cursor: string | null,
  limit: number,
): Promise<Page<AuditEntry<S>>> {
  const after = cursor === null ? -1 : decodeCursor(LIST, cursor).time
  const rows = await db.query<Row>(
    `SELECT seq, done_at, org_uid, token_uid, token_name, detail FROM audit_log WHERE subject = ? AND subject_uid = ? AND org_uid = coalesce(?, org_uid) AND seq > ? ORDER BY seq LIMIT ?`,
    [subject, uid, org ?? null, after, limit + 1],
  )
  return pageOf(
    rows,
    limit,
    ({ seq: _, detail, ...entry }) => ({ ...entry, subject, subject_uid: uid, detail: JSON.parse(detail) }),
    ({ seq }) => encodeCursor(LIST, { time: seq, id: uid }),
  )
}
