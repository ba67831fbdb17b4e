import { describe, expect, it } from 'vitest'
import { createKafkaNotifier, type PublishToTopic } from '../../../alerts/delivery/notifiers/kafka.ts'
import { alertMessage } from './notifiers.ts'

const notify = (publish: PublishToTopic, signal = new AbortController().signal) =>
  createKafkaNotifier({
    publish,
    createBody: () => ({ some: 'body' }),
    clean: (text) => text.replace('hush', '***'),
  }).notify(alertMessage(), signal)

describe('a topic', () => {
  it('gets the message under its alert, with its uid', async () => {
    const published: unknown[] = []
    const attempt = await notify(async (message) => {
      published.push(message)
      return { ok: true }
    })
    expect(attempt).toMatchObject({ outcome: 'delivered' })
    expect(published).toEqual([
      {
        key: 'alert-1',
        value: '{"some":"body"}',
        headers: { message_uid: 'd_0123456789abcdefghijkl', 'content-type': 'application/json' },
      },
    ])
  })

  it.each([
    ['broker_unreachable', 'unreachable'],
    ['consumer_crashed', 'unreachable'],
    ['authentication_failed', 'credentials_refused'],
    ['authorization_failed', 'credentials_refused'],
  ])('that cannot be written for %s is tried again', async (code, failure) => {
    const attempt = await notify(async () => ({ ok: false, code, detail: 'hush' }))
    expect(attempt).toMatchObject({ outcome: 'failed', failure, worthRetry: true, answer: `${code}: ***` })
  })

  it('is waited for no longer than allowed', async () => {
    const attempt = await notify(() => new Promise(() => undefined), AbortSignal.timeout(50))
    expect(attempt).toMatchObject({ outcome: 'failed', failure: 'timeout', worthRetry: true })
  })
})
