import { expect, it } from 'vitest'
import { alertPseudonym, messagePseudonym } from '../../alerts/delivery/pseudonym.ts'
import { createToldDelivery } from '../../commands/delivery/told-deliveries.ts'
import type { DeliveryRow } from '../../store/delivery-list.ts'
import { configOf, load } from '../config/load.ts'
import { T0 } from '../store/sample-alert.ts'

const KEY = 'sixteen characters or more'
const config = configOf(
  load(
    `channels:
  soc: { type: slack, url: "\${URL}" }
  siem: { type: slack, url: "\${URL}", person: pseudonym }
delivery: { pseudonym_key: "\${KEY}" }`,
    { URL: 'https://hooks.example/x', KEY },
  ),
)

const row = (channel: string): DeliveryRow => ({
  delivery_uid: 'd_1',
  message_uid: 'd_1',
  channel,
  reason: 'opened',
  org_uid: 'default',
  alert_uid: 'a.AiO1_E3vPJ22qfUDf9R5QH',
  severity: 'high',
  status: 'sent',
  created_at: T0,
  due_at: T0,
  next_attempt_at: 0,
  attempts: 1,
  last_attempt_at: T0,
  finished_at: T0,
  failure: null,
  answer_status: 200,
})

it.each([
  ['soc', 'd_1', 'a.AiO1_E3vPJ22qfUDf9R5QH'],
  ['siem', messagePseudonym('d_1', KEY), alertPseudonym('a.AiO1_E3vPJ22qfUDf9R5QH', KEY)],
  ['gone', 'd_1', null],
])('a delivery says under which ids %s knows message and alert, and which alert it is', (channel, message, alert) => {
  expect(createToldDelivery(config)(row(channel))).toEqual({
    ...row(channel),
    message_uid: message,
    told_alert_uid: alert,
  })
})
