import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/** The key in a secret of Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes; null for anything else. */
export function webhookKey(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const key = Buffer.from(text, 'base64')
  const faithful = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return faithful && key.length >= 24 && key.length <= 64 ? key : null
}

/** The headers by which the receiver knows sender, age and duplicates: https://www.standardwebhooks.com, scheme v1. */
export function signWebhook(key: Buffer, id: string, nowMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
