import fc from 'fast-check'
import type { AlertItem, Message } from '../../../alerts/delivery/notifier.ts'
import { type Alert, SEVERITIES } from '../../../model/alert.ts'
import { DELIVERY_FAILURES } from '../../../model/delivery.ts'
import { VERDICTS } from '../../../model/triage.ts'
import { sampleAlert, sampleFinding, T0 } from '../../store/sample-alert.ts'
import { staffRecord } from '../../support/test-core.ts'

/** Texts as people, CRMs and attackers write them: of any length, with markup, lone surrogates, line breaks, long graphemes. */
const nasty = fc.constantFrom(
  '<',
  '>',
  '&',
  '"',
  '&amp;',
  '*bold*',
  '`',
  '<!channel>',
  '<b>',
  '</a>',
  '\n',
  '\u0000',
  '\ud800',
  '\u202e',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0302\u0303',
  'ß',
  'خ',
  '漢',
)
export const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength, unit: 'binary' }),
    fc.array(nasty, { maxLength: Math.ceil(maxLength / 2) }).map((parts) => parts.join('')),
    fc.tuple(nasty, fc.nat(maxLength)).map(([part, times]) => part.repeat(times)),
  )

const staff = fc.record({
  name: fc.option(anyText(4_096)),
  email: fc.option(anyText(300)),
  role: fc.option(anyText(4_096)),
  team: fc.option(anyText(4_096)),
  status: fc.constantFrom('active' as const, 'notice' as const, 'left' as const),
  notice_on: fc.option(fc.constant('2026-03-01')),
  last_working_day: fc.option(fc.constant('2026-04-30')),
})

export const anyAlert: fc.Arbitrary<Alert> = fc
  .record({
    alert_uid: fc.string({ minLength: 1, maxLength: 256 }),
    org_uid: fc.string({ minLength: 1, maxLength: 256 }),
    actor_uid: fc.oneof(anyText(256), fc.constant('u-17')).map((uid) => uid || 'u'),
    detector: fc.constantFrom('mass-copy', 'after-leaving', 'custom:night shift', 'constructor'),
    severity: fc.constantFrom(...SEVERITIES),
    status: fc.constantFrom(
      'new' as const,
      'in_progress' as const,
      'on_hold' as const,
      'resolved' as const,
      'closed' as const,
    ),
    score: fc.double({ min: 0, max: 100, noNaN: true }),
    leaver: fc.boolean(),
    verdict: fc.option(fc.constantFrom(...VERDICTS)),
    assignee: fc.option(anyText(256)),
    labels: fc.array(anyText(64), { maxLength: 20 }),
    follows: fc.option(fc.constant('alert-0')),
    summary: anyText(8_000),
    staff: fc.option(staff),
  })
  .map(({ staff: known, ...fields }) =>
    sampleAlert({
      ...fields,
      detectors: [fields.detector, 'mass-view'],
      staff: known === null ? null : staffOf(fields.actor_uid, known),
      findings: [sampleFinding({ detector: fields.detector })],
    }),
  )

function staffOf(actor: string, fields: Parameters<typeof staffRecord>[1]): Alert['staff'] {
  const { portfolio_size: _, ...record } = staffRecord(actor, fields)
  return record
}

const anyItem: fc.Arbitrary<AlertItem> = fc.record({
  alert: anyAlert,
  before: fc.option(fc.record({ severity: fc.constantFrom(...SEVERITIES), leaver: fc.boolean() })),
  reason: fc.constantFrom('opened', 'updated', 'triaged', 'repeated', 'escalated'),
  triage: fc.array(
    fc.record({
      by: anyText(256),
      actions: fc.array(
        fc.oneof(
          anyText(64).map((label) => ({ action: 'label_added' as const, label })),
          anyText(256).map((to) => ({ action: 'assignee' as const, from: null, to })),
          fc.constant({ action: 'note' as const }),
        ),
        { minLength: 1, maxLength: 20 },
      ),
    }),
    { maxLength: 3 },
  ),
})

const uid = 'd_0123456789abcdefghijkl'

export const anyAlertMessage = (maxAlerts: number): fc.Arbitrary<Extract<Message, { kind: 'alerts' }>> =>
  fc
    .array(anyItem, { minLength: 1, maxLength: maxAlerts, size: 'max' })
    .map((items) => ({ kind: 'alerts' as const, uid, at: T0, items }))

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  anyAlertMessage(1),
  anyAlertMessage(40),
  fc.record({ channel: anyText(64) }).map(({ channel }) => ({ kind: 'test' as const, uid, at: T0, channel })),
  fc
    .record({
      channel: anyText(64),
      failure: fc.constantFrom(...DELIVERY_FAILURES),
      answer_status: fc.option(fc.integer({ min: 200, max: 599 })),
      alert_uid: fc.option(anyText(256)),
      severity: fc.option(fc.constantFrom(...SEVERITIES)),
    })
    .map((note) => ({
      kind: 'undelivered' as const,
      uid,
      at: T0,
      note: { ...note, reason: 'opened' as const, since: T0 },
    })),
)
