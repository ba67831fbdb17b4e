import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { signWebhook, webhookKey } from '../../../alerts/delivery/sign-webhook.ts'
import { loadConfig } from '../../../config.ts'
import { anyMessage } from './any-alert.ts'
import { buildNotifier, WEBHOOK_SECRET } from './notifiers.ts'
import { startReceiver } from './receiver.ts'

it('is one that the standardwebhooks package verifies, for any body and key', () => {
  // The package refuses what is older than five minutes by the machine's clock.
  const now = Date.now()
  const key = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(
      key,
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      (bytes, text) => {
        const body = JSON.stringify({ text })
        const headers = signWebhook(bytes, 'd_1', now, body)
        const receiver = new Webhook(`whsec_${bytes.toString('base64')}`)
        expect(receiver.verify(body, headers)).toEqual({ text })
        expect(() => receiver.verify(`${body} `, headers)).toThrow()
        expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'd_2' })).toThrow()
      },
    ),
  )
})

it('goes with every message, over the bytes that are sent', async () => {
  await using receiver = await startReceiver()
  const { notifier } = buildNotifier(
    { type: 'webhook', url: `${receiver.origin}/in`, secret: WEBHOOK_SECRET },
    { now: Date.now() },
  )
  const messages = fc
    .sample(anyMessage, 200)
    .filter((message) => message.kind !== 'alerts' || message.items.length === 1)
  for (const message of messages) {
    expect(await notifier.notify(message, new AbortController().signal)).toMatchObject({ outcome: 'delivered' })
  }
  const verifier = new Webhook(WEBHOOK_SECRET)
  for (const { body, headers } of receiver.requests) {
    const content = verifier.verify(body, headers as Record<string, string>)
    expect(content).toMatchObject({ type: expect.any(String), timestamp: expect.any(String), data: expect.any(Object) })
    expect(headers['webhook-id']).toBe(messages[0].uid)
  }
  expect(receiver.requests).toHaveLength(messages.length)
})

it.each([
  ['whsec_', null],
  [`whsec_${Buffer.alloc(23).toString('base64')}`, null],
  [`whsec_${Buffer.alloc(24).toString('base64')}`, 24],
  [`whsec_${Buffer.alloc(64, 1).toString('base64')}`, 64],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, null],
  [Buffer.alloc(24).toString('base64'), null],
  ['whsec_not base64, by far, whatever its length', null],
])('reads the secret %s', (secret, bytes) => {
  expect(webhookKey(secret)?.length ?? null).toBe(bytes)
  const channels = JSON.stringify({ it: { type: 'webhook', url: 'https://siem.example', secret } })
  const loaded = loadConfig({ file: null, cwd: '/', env: { CRMWATCH_CHANNELS: channels }, readFile: missing })
  expect(loaded.ok).toBe(bytes !== null)
})

const missing = (): string => {
  throw Object.assign(new Error('none'), { code: 'ENOENT' })
}
