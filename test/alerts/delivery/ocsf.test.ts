import fc from 'fast-check'
import Schema from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../alerts/delivery/notifier.ts'
import { createOcsfEvent } from '../../../alerts/delivery/ocsf-finding.ts'
import { catalogueOf } from '../../../messages/catalogues.ts'
import { readText } from '../../architecture/source-files.ts'
import { sampleAlert, T0 } from '../../store/sample-alert.ts'
import { anyMessage } from './any-alert.ts'
import { alertMessage } from './notifiers.ts'

const document = JSON.parse(readText('test/alerts/delivery/ocsf-1.8.0.schema.json'))
const finding = Schema.Compile({ ...document, $ref: '#/$defs/detection_finding' })
const base = Schema.Compile({ ...document, $ref: '#/$defs/base_event' })

const options = {
  alertUrl: 'https://crmwatch.example/alerts/{alert_uid}',
  version: '1.2.3',
  words: catalogueOf('en'),
}
const create = (message: Message) => createOcsfEvent(message, options) as Readonly<Record<string, unknown>>

describe('OCSF 1.8', () => {
  it('is a Detection Finding for any alert, and a Base Event for anything else', () => {
    const single = anyMessage.filter((message) => message.kind !== 'alerts' || message.items.length === 1)
    fc.assert(
      fc.property(single, (message) => {
        const event = create(message)
        const schema = message.kind === 'alerts' ? finding : base
        expect(schema.Errors(event)).toEqual([true, []])
      }),
    )
  })

  it('says what the alert says', () => {
    expect(create(alertMessage())).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      activity_name: 'Create',
      severity_id: 4,
      status_id: 1,
      risk_score: 80,
      time: T0 + 61_000,
      message: sampleAlert().summary,
      finding_info: { uid: 'alert-1', src_url: 'https://crmwatch.example/alerts/alert-1' },
      evidences: [{ actor: { user: { uid: 'u-17' } } }],
      unmapped: { leaver: true, reason: 'opened' },
    })
  })

  it.each([
    ['without its class', { class_uid: undefined }],
    ['with an attribute that OCSF does not know', { leaver: true }],
    ['with a severity that OCSF does not know', { severity_id: 9 }],
    ['with a time that is no number', { time: '2026-03-02' }],
    ['with evidence of nothing', { evidences: [{ name: 'nothing' }] }],
  ])('would be seen to be wrong %s', (_what, wrong) => {
    expect(finding.Check(JSON.parse(JSON.stringify({ ...create(alertMessage()), ...wrong })))).toBe(false)
  })
})
