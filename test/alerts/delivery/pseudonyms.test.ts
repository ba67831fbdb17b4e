import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../alerts/delivery/notifier.ts'
import { deliveryUid } from '../../../alerts/delivery/plan-deliveries.ts'
import { sampleAlert, sampleFinding, T0 } from '../../store/sample-alert.ts'
import { staffRecord } from '../../support/test-core.ts'
import { buildNotifier, HTTP_CHANNELS, NOW } from './notifiers.ts'
import { answer, type Receiver, startReceiver, startSmtp } from './receiver.ts'

/** As `alerts/episode.ts` makes them: whoever has a list of ids finds the person from one. */
const uidAt = (time: number) =>
  `a.${createHash('sha256').update(['default', 'u-4711', time, 'mass-copy'].join('\u0000')).digest('base64url').slice(0, 22)}`
const ALERT = uidAt(T0)
const EARLIER = uidAt(T0 - 1)
const DELIVERY = deliveryUid('it', 'opened', [ALERT, 1].join('\u0000'), NOW)

const { portfolio_size: _, ...staff } = staffRecord('u-4711', {
  name: 'Vera Morvik',
  email: 'vera.morvik@firm.example',
  manager_uid: 'u-1',
})
const alert = sampleAlert({
  alert_uid: ALERT,
  follows: EARLIER,
  actor_uid: 'u-4711',
  assignee: 'vera.morvik@firm.example',
  labels: ['ask Vera Morvik'],
  staff,
  summary: 'Vera Morvik (u-4711)',
  findings: [
    sampleFinding({
      detector: 'custom:by-name',
      sentence: 'rule "By name": 12 events, actor_name Vera Morvik',
      facts: {
        kind: 'rule',
        title: 'By name',
        type: 'event_count',
        rules: 1,
        fields: [],
        timespan_ms: 3_600_000,
        condition: [{ op: 'gte', value: 10 }],
        group: [
          { name: 'actor_name', text: 'Vera Morvik' },
          { name: 'person', text: 'u-4711' },
        ],
      },
    }),
  ],
})
const triage = [
  { by: 'Vera Morvik', actions: [{ action: 'assignee' as const, from: null, to: 'vera.morvik@firm.example' }] },
]
const told = (over: object): Message => ({
  kind: 'alerts',
  uid: DELIVERY,
  at: NOW,
  items: [{ alert, before: null, reason: 'opened', ...over }],
})
const MESSAGES: readonly (readonly [string, Message])[] = [
  ['an alert', told({})],
  ['what analysts did', told({ reason: 'triaged', triage })],
  [
    'a channel that cannot be reached',
    {
      kind: 'undelivered',
      uid: DELIVERY,
      at: NOW,
      note: {
        channel: 'soc',
        failure: 'not_found',
        answer_status: 404,
        reason: 'opened',
        alert_uid: ALERT,
        severity: 'high',
        since: T0,
      },
    },
  ],
]
const SECRETS = [ALERT, EARLIER, DELIVERY, 'u-4711', 'Vera', 'Morvik', 'morvik', 'u-1"']

let receiver: Receiver
let mail: Awaited<ReturnType<typeof startSmtp>>
beforeAll(async () => {
  receiver = await startReceiver()
  mail = await startSmtp(() => ({}))
})
beforeEach(() => {
  receiver.requests.length = 0
  mail.mails.length = 0
})
afterAll(async () => {
  await receiver?.[Symbol.asyncDispose]()
  await mail?.[Symbol.asyncDispose]()
})

const CHANNELS: readonly { readonly name: string; readonly at: (origin: string) => object }[] = [
  ...HTTP_CHANNELS,
  { name: 'email', at: () => ({ type: 'email', smtp: `smtp://127.0.0.1:${mail.port}`, to: ['soc@example.com'] }) },
  { name: 'kafka', at: () => ({ type: 'kafka', topic: 'alerts' }) },
  { name: 'kafka with OCSF', at: () => ({ type: 'kafka', topic: 'alerts', format: 'ocsf' }) },
]
const env = {
  CRMWATCH_KAFKA_BROKERS: '127.0.0.1:9092',
  CRMWATCH_DELIVERY_PSEUDONYM_KEY: 'sixteen characters or more',
}

/** All that leaves the house for the message: headers, keys and bodies, mails as they read. */
async function sentTo(at: (origin: string) => object, message: Message): Promise<string> {
  receiver.behave(answer(200, '{"ok":true}'))
  const { notifier, published } = buildNotifier({ ...at(receiver.origin), person: 'pseudonym' }, { env })
  expect(await notifier.notify(message, new AbortController().signal)).toMatchObject({ outcome: 'delivered' })
  const mails = mail.mails.map((text) => text.replaceAll('=\n', '').replaceAll('=3D', '='))
  const sent = [...receiver.requests, ...published, ...mails].map((one) => JSON.stringify(one)).join('\n')
  receiver.requests.length = 0
  mail.mails.length = 0
  return sent
}

describe.each(CHANNELS)('$name with person: pseudonym', ({ at }) => {
  it.each(MESSAGES)('leads nobody back to the person by %s', async (_what, message) => {
    const sent = await sentTo(at, message)
    expect(sent.length).toBeGreaterThan(100)
    for (const secret of SECRETS) expect(sent).not.toContain(secret)
  })

  it('is told of an alert under one id, whatever is told of it', async () => {
    const uids = new Set<string>()
    for (const [, message] of MESSAGES) {
      for (const [, uid] of (await sentTo(at, message)).matchAll(
        /(?:alerts\/|alert_uid\\*":\\*")(p\.[\w-]{22})(?![\w-])/g,
      ))
        uids.add(uid)
    }
    expect(uids.size).toBe(1)
  })
})
