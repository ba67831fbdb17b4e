import { describe, expect, it } from 'vitest'
import { createCard } from '../../../alerts/delivery/alert-card.ts'
import { composeMessage } from '../../../alerts/delivery/compose-message.ts'
import { createPersonMask } from '../../../alerts/delivery/mask-person.ts'
import { createDocument } from '../../../alerts/delivery/message-document.ts'
import type { AlertItem, Message } from '../../../alerts/delivery/notifier.ts'
import { createOcsfEvent } from '../../../alerts/delivery/ocsf-finding.ts'
import { presentAlert } from '../../../api/present.ts'
import { catalogueOf } from '../../../messages/catalogues.ts'
import type { Alert } from '../../../model/alert.ts'
import type { TriageNews } from '../../../model/delivery.ts'
import type { WaitingDelivery } from '../../../store/deliveries.ts'
import { sampleAlert, T0 } from '../../store/sample-alert.ts'

const closing: TriageNews = {
  by: 'mia',
  actions: [
    { action: 'status', from: 'in_progress', to: 'closed' },
    { action: 'verdict', from: null, to: 'false_positive' },
    { action: 'assignee', from: null, to: 'olga' },
    { action: 'label_added', label: 'branch-7' },
    { action: 'label_removed', label: 'vip' },
    { action: 'note' },
  ],
}
const words = catalogueOf('en')
const closed: Partial<Alert> = { status: 'closed', verdict: 'false_positive', assignee: 'olga', labels: ['branch-7'] }
const item = (over: Partial<AlertItem> = {}): AlertItem => ({
  alert: sampleAlert(closed),
  before: null,
  reason: 'triaged',
  triage: [closing],
  ...over,
})
const message = (one: AlertItem): Message => ({ kind: 'alerts', uid: 'd_1', at: T0, items: [one] })
const card = (one: AlertItem) => createCard(one, { alertUrl: null, showTime: String, words })
const options = { alertUrl: null, words, version: '1' }
const row = (n: number, body: object, reason: WaitingDelivery['reason']): WaitingDelivery => ({
  delivery_uid: `d_${n}`,
  message_uid: 'd_1',
  seq: n,
  channel: 'mail',
  lane: 'group:default',
  reason,
  org_uid: 'default',
  alert_uid: 'alert-1',
  severity: 'high',
  created_at: T0,
  due_at: T0,
  repeat_after_ms: null,
  repeats: 0,
  attempts: 0,
  ready_at: T0,
  body: JSON.stringify(body),
})

describe('what analysts did', () => {
  it('is said to people in one line', () => {
    expect(card(item()).news).toBe(
      'mia: status closed, verdict false positive, given to olga, label branch-7, label vip removed, wrote a note',
    )
    const back: TriageNews = {
      by: '',
      actions: [
        { action: 'verdict', from: 'theft', to: null },
        { action: 'assignee', from: 'olga', to: null },
      ],
    }
    expect(card(item({ triage: [back] })).news).toBe('somebody: verdict taken back, given to nobody')
  })

  it('comes with what else is told of the alert, where both wait for one message', () => {
    const composed = composeMessage(
      [
        row(1, { alert: sampleAlert(), before: null }, 'opened'),
        row(2, { alert: sampleAlert(closed), before: null, triage: [closing] }, 'triaged'),
        row(3, { alert: sampleAlert(closed), before: null, triage: [{ by: 'olga', actions: [] }] }, 'triaged'),
      ],
      null,
    )
    expect(composed).toMatchObject({
      items: [{ reason: 'opened', alert: { status: 'closed' }, triage: [{ by: 'mia' }, { by: 'olga' }] }],
    })
  })

  it('does not hide that the alert has grown meanwhile', () => {
    const grown = { alert: sampleAlert({ severity: 'critical' }), before: { severity: 'medium', leaver: true } }
    const composed = composeMessage(
      [
        row(1, { alert: sampleAlert({ severity: 'medium' }), before: null, triage: [closing] }, 'triaged'),
        row(2, grown, 'updated'),
      ],
      null,
    )
    expect(composed).toMatchObject({
      items: [{ reason: 'updated', before: { severity: 'medium' }, triage: [{ by: 'mia' }] }],
    })
  })

  it('names nobody where a channel is told pseudonyms', () => {
    const label = 'case u-17'
    const told = item({
      alert: sampleAlert({ labels: [label] }),
      triage: [
        {
          by: 'mia',
          actions: [
            { action: 'label_added', label },
            { action: 'label_removed', label },
          ],
        },
      ],
    })
    const masked = createPersonMask('pseudonym', 'a key', words)(told)
    expect(JSON.stringify(masked)).not.toContain('u-17')
    expect(card(masked).news).toMatch(/^mia: label case p-\w+, label case p-\w+ removed$/)
  })

  it('is told to machines with what was changed', () => {
    expect(
      createDocument(message(item()), { ...options, presentAlert: (alert) => presentAlert(alert, words) }),
    ).toMatchObject({
      type: 'alert.triaged',
      data: { alert: { status: 'closed', verdict: 'false_positive' }, triage: [closing] },
    })
    const opened = createDocument(message(item({ reason: 'opened', triage: [] })), {
      ...options,
      presentAlert: (alert) => presentAlert(alert, words),
    })
    expect(opened.data).not.toHaveProperty('triage')
  })

  it('closes the finding in OCSF, with its verdict and whose it is', () => {
    expect(createOcsfEvent(message(item()), options)).toMatchObject({
      activity_name: 'Close',
      type_uid: 200_403,
      status: 'Archived',
      verdict_id: 1,
      verdict: 'False Positive',
      assignee: { name: 'olga' },
      unmapped: { reason: 'triaged', labels: ['branch-7'], verdict: 'false_positive', triage: [closing] },
    })
    const going = item({ alert: sampleAlert({ status: 'in_progress' }) })
    expect(createOcsfEvent(message(going), options)).toMatchObject({ activity_name: 'Update', status: 'In Progress' })
  })
})

it('an alert that goes beyond an earlier one says so', () => {
  const alert = sampleAlert({ follows: 'alert-0' })
  expect(card({ alert, before: null, reason: 'opened' }).news).toBe('New alert: it goes beyond an earlier one')
})

it.each<[string, Partial<Alert>, boolean]>([
  ['nobody has taken up', {}, true],
  ['somebody works on', { status: 'in_progress' }, false],
  ['is on hold', { status: 'on_hold' }, false],
  ['is closed', { status: 'closed' }, false],
  ['was given to somebody', { assignee: 'mia' }, false],
  ['was judged', { verdict: 'authorised' }, false],
  ['was only labelled', { labels: ['vip'] }, true],
])('an alert that %s is repeated and escalated only if nobody has taken it up', (_what, over, told) => {
  for (const reason of ['repeated', 'escalated'] as const)
    expect(composeMessage([row(1, {}, reason)], sampleAlert(over)) !== null).toBe(told)
})
