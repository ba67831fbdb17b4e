import {
  type AlertStatus,
  TRIAGE_LIMITS,
  type TriageAction,
  type TriageChange,
  type TriageState,
} from '../model/triage.ts'

/**
 * From which status an alert may go where. Work goes forward; what is over can be taken up again, and nothing that was
 * looked at becomes new.
 */
const NEXT: Readonly<Record<AlertStatus, readonly AlertStatus[]>> = {
  new: ['in_progress', 'on_hold', 'resolved', 'closed'],
  in_progress: ['on_hold', 'resolved', 'closed'],
  on_hold: ['in_progress', 'resolved', 'closed'],
  resolved: ['in_progress', 'closed'],
  closed: ['in_progress'],
}

export type TriageResult =
  | { readonly kind: 'changed'; readonly state: TriageState; readonly actions: readonly TriageAction[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly path: string; readonly message: string }

/** Whether work on the alert is over: then its episode stays as it is. */
export const isSettled = (status: AlertStatus): boolean => status === 'resolved' || status === 'closed'

/** Whether nobody has taken it up: nobody has begun, nobody was given it, nobody has judged it. */
export const isUnreviewed = ({ status, verdict, assignee }: TriageState): boolean =>
  status === 'new' && verdict === null && assignee === null

/** Applies an analyst's change as a whole, or refuses it as a whole. Pure. */
export function triage(state: TriageState, change: TriageChange): TriageResult {
  const { status = state.status, verdict = state.verdict, assignee = state.assignee } = change
  if (status !== state.status && !NEXT[state.status].includes(status)) {
    const allowed = NEXT[state.status].join(', ')
    return { kind: 'refused', path: '/status', message: `from ${state.status} only ${allowed} can follow` }
  }
  const removed = (change.remove_labels ?? []).filter((label) => state.labels.includes(label))
  const kept = state.labels.filter((label) => !removed.includes(label))
  const added = [...new Set(change.add_labels ?? [])].filter((label) => !kept.includes(label))
  const labels = [...kept, ...added]
  if (labels.length > TRIAGE_LIMITS.labels) {
    return { kind: 'refused', path: '/add_labels', message: `an alert has at most ${TRIAGE_LIMITS.labels} labels` }
  }
  const actions: TriageAction[] = []
  if (status !== state.status) actions.push({ action: 'status', from: state.status, to: status })
  if (verdict !== state.verdict) actions.push({ action: 'verdict', from: state.verdict, to: verdict })
  if (assignee !== state.assignee) actions.push({ action: 'assignee', from: state.assignee, to: assignee })
  for (const label of new Set(removed)) actions.push({ action: 'label_removed', label })
  for (const label of added) actions.push({ action: 'label_added', label })
  if (change.note !== undefined) actions.push({ action: 'note', text: change.note })
  if (actions.length === 0) return { kind: 'unchanged' }
  return { kind: 'changed', state: { status, verdict, assignee, labels }, actions }
}
