import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { triage } from '../../alerts/triage.ts'
import { ALERT_STATUSES, TRIAGE_LIMITS, type TriageState } from '../../model/triage.ts'
import { anyTriageChange } from './any-triage-change.ts'

const fresh: TriageState = { status: 'new', verdict: null, assignee: null, labels: [] }

describe('an analyst’s change', () => {
  test.each([
    ['new', 'in_progress', true],
    ['new', 'closed', true],
    ['in_progress', 'new', false],
    ['on_hold', 'in_progress', true],
    ['resolved', 'on_hold', false],
    ['resolved', 'closed', true],
    ['closed', 'in_progress', true],
    ['closed', 'resolved', false],
  ] as const)('from %s to %s: %s', (from, to, allowed) => {
    const result = triage({ ...fresh, status: from }, { status: to })
    expect(result.kind).toBe(allowed ? 'changed' : 'refused')
  })

  test('is refused as a whole', () => {
    const result = triage({ ...fresh, status: 'closed' }, { status: 'on_hold', note: 'waiting', verdict: 'theft' })
    expect(result).toEqual({ kind: 'refused', path: '/status', message: 'from closed only in_progress can follow' })
  })

  test('says each thing that was done, in one order', () => {
    const state: TriageState = { ...fresh, labels: ['old'] }
    const result = triage(state, {
      status: 'closed',
      verdict: 'authorised',
      assignee: 'mia',
      add_labels: ['partner', 'partner'],
      remove_labels: ['old', 'never-there'],
      note: 'agreed with sales',
    })
    expect(result).toEqual({
      kind: 'changed',
      state: { status: 'closed', verdict: 'authorised', assignee: 'mia', labels: ['partner'] },
      actions: [
        { action: 'status', from: 'new', to: 'closed' },
        { action: 'verdict', from: null, to: 'authorised' },
        { action: 'assignee', from: null, to: 'mia' },
        { action: 'label_removed', label: 'old' },
        { action: 'label_added', label: 'partner' },
        { action: 'note', text: 'agreed with sales' },
      ],
    })
  })

  test('that changes nothing is told apart', () => {
    expect(triage({ ...fresh, assignee: 'mia' }, { assignee: 'mia', status: 'new', remove_labels: ['x'] })).toEqual({
      kind: 'unchanged',
    })
  })

  test('takes no more labels than there may be', () => {
    const labels = Array.from({ length: TRIAGE_LIMITS.labels }, (_, n) => `l${n}`)
    expect(triage({ ...fresh, labels }, { add_labels: ['one more'] })).toMatchObject({ path: '/add_labels' })
    expect(triage({ ...fresh, labels }, { add_labels: ['l1'], remove_labels: ['l0'] }).kind).toBe('changed')
  })

  test('leaves, in any sequence, a state that the recorded actions explain, and loses no note', () => {
    fc.assert(
      fc.property(fc.array(anyTriageChange, { maxLength: 30 }), (changes) => {
        let state = fresh
        let replayed = fresh
        const notes: string[] = []
        const asked: string[] = []
        for (const one of changes) {
          const result = triage(state, one)
          if (result.kind !== 'changed') continue
          if (one.note !== undefined) asked.push(one.note)
          state = result.state
          for (const action of result.actions) {
            if (action.action === 'note') notes.push(action.text)
            else if (action.action === 'label_added')
              replayed = { ...replayed, labels: [...replayed.labels, action.label] }
            else if (action.action === 'label_removed')
              replayed = { ...replayed, labels: replayed.labels.filter((known) => known !== action.label) }
            else {
              expect(action.from).toEqual(replayed[action.action])
              replayed = { ...replayed, [action.action]: action.to }
            }
          }
        }
        expect(replayed).toEqual(state)
        expect(notes).toEqual(asked)
        expect(ALERT_STATUSES).toContain(state.status)
        expect(new Set(state.labels).size).toBe(state.labels.length)
      }),
      { numRuns: 500 },
    )
  })
})
