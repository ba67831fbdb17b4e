import type { Alert, Finding } from '../model/alert.ts'
import { ACTIONS, type Action, type ContactAccessEvent } from '../model/event.ts'
import type { Measure } from '../model/measure.ts'
import type { Page } from './cursor.ts'
import type { Database, SqlValue } from './database.ts'
import { pageOfEvents } from './event-page.ts'

const LIST = 'alert-events'
const TAKEN = ['export', 'print', 'download', 'share', 'bulk_read', 'api_read'] as const
const TOUCHED = ['view', 'copy'] as const

/** The actions that a measure counts: the events that stand behind a finding about it. */
export const MEASURE_ACTIONS: Readonly<Record<Measure, readonly Action[]>> = {
  contacts_viewed: ['view'],
  contacts_copied: ['copy'],
  records_taken: TAKEN,
  unsized_exports: TAKEN,
  records_listed: ['list', 'search'],
  contacts_foreign: TOUCHED,
  contacts_new: TOUCHED,
  contacts_off_hours: TOUCHED,
  contacts_in_order: TOUCHED,
  records_new_place: [...TOUCHED, ...TAKEN],
  contacts_unworked: ['view'],
  records_elsewhere: [...TOUCHED, ...TAKEN],
  contacts_planted: TOUCHED,
  records_shared: ['share'],
  records_new_way: [...TOUCHED, ...TAKEN],
  records_cleared: ['list', 'search', ...TAKEN, 'update', 'delete'],
  records_on_leave: [...TOUCHED, ...TAKEN],
  contacts_even: ['view'],
  portfolio_taken: TAKEN,
}

/** A stretch of event time, both ends included, and the actions that count inside it. */
interface Evidence {
  readonly actions: readonly Action[]
  readonly from: number
  readonly to: number
}

/**
 * The events behind an alert, oldest first by (time, seq): those of its actor inside each finding's window whose
 * action that finding counts. Throws InvalidCursor for a cursor that this list did not give out.
 */
export async function alertEvents(
  db: Database,
  alert: Alert,
  cursor: string | null,
  limit: number,
): Promise<Page<ContactAccessEvent>> {
  const evidence = evidenceOf(alert.findings)
  if (evidence.length === 0) return { items: [], next_cursor: null }
  const values: SqlValue[] = []
  const within = evidence.map(({ actions, from, to }) => {
    values.push(from, to, ...actions)
    return `(e.time BETWEEN ? AND ? AND k.action IN (${actions.map(() => '?').join(', ')}))`
  })
  values.push(Math.min(...evidence.map((part) => part.from)), Math.max(...evidence.map((part) => part.to)))
  const where = `(${within.join(' OR ')}) AND e.time BETWEEN ? AND ? AND NOT k.excluded`
  const { org_uid: org, actor_uid: actor } = alert
  return await pageOfEvents(db, { list: LIST, org, actor, where, values }, cursor, limit)
}

/** The findings' windows with their actions; windows of the same actions that touch become one, so that few remain. */
function evidenceOf(findings: readonly Finding[]): Evidence[] {
  const byActions = new Map<readonly Action[], Finding[]>()
  for (const finding of findings) {
    const actions = finding.measure === null ? ACTIONS : MEASURE_ACTIONS[finding.measure]
    byActions.set(actions, [...(byActions.get(actions) ?? []), finding])
  }
  return [...byActions].flatMap(([actions, group]) => joinSpans(group).map((span) => ({ actions, ...span })))
}

function joinSpans(findings: readonly Finding[]): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const { window_from: from, window_to: to } of findings.toSorted((a, b) => a.window_from - b.window_from)) {
    const last = spans.at(-1)
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
    else spans.push({ from, to })
  }
  return spans
}
