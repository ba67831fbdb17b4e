import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createRandom } from '../../../fixtures/simulator/random.ts'
import { startReceiver } from '../../alerts/delivery/receiver.ts'
import { launchService, type ServiceProcess, startService } from '../../support/service-process.ts'
import { until, withFolders, withStore } from './harness.ts'

const KILLS = 20
const ACTORS_A_ROUND = 4
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const HOUR_MS = 3_600_000

interface Arrival {
  readonly id: string
  readonly alert: string
  readonly body: string
  readonly accepted: boolean
}

/** Copies of many contacts at once, which nobody does who was never seen before. */
const burst = (actor: string, from: number, contacts: number) =>
  Array.from({ length: contacts }, (_, n) => ({
    event_uid: `${actor}-${from}-${n}`,
    time: from + n * 500,
    actor_uid: actor,
    action: 'copy',
    object_type: 'contact',
    object_uids: [`${actor}-${n}`],
  }))

test('killed twenty times while it delivers, every alert arrives, in order, and duplicates are known by their key', async () => {
  const random = createRandom(4_711)
  const verifier = new Webhook(SECRET)
  const arrivals: Arrival[] = []
  const unsigned: string[] = []
  let asked = 0
  await using receiver = await startReceiver(async ({ headers, body }, response) => {
    asked++
    // Now and then it is out of order, or gone before it has said a word.
    const mood = random.between(0, 20)
    const accepted = mood > 1
    try {
      verifier.verify(body, headers as Record<string, string>)
    } catch (error) {
      unsigned.push(String(error))
    }
    const { data } = JSON.parse(body)
    arrivals.push({ id: String(headers['webhook-id']), alert: data.alert.alert_uid, body, accepted })
    await sleep(random.between(1, 15))
    if (mood === 0) return response.socket?.resetAndDestroy()
    response.writeHead(accepted ? 204 : 503)
    response.end()
  })

  await withFolders(1, async (dir) => {
    const settings = {
      CRMWATCH_DATA_DIR: dir,
      CRMWATCH_INGEST_BATCH_MAX_DELAY_MS: '20',
      CRMWATCH_DELIVERY_ALLOW_NETWORKS: '127.0.0.1',
      CRMWATCH_CHANNELS: JSON.stringify({ siem: { type: 'webhook', url: `${receiver.origin}/in`, secret: SECRET } }),
      CRMWATCH_ROUTES: JSON.stringify([{ channels: ['siem'], updates: 'all' }]),
    }
    // Alerts of the distant past are not told.
    const start = Date.now() - 48 * HOUR_MS
    for (let kill = 0; kill < KILLS; kill++) {
      await using starting = launchService(settings)
      const service = await starting.listening
      const before = asked
      const at = start + kill * HOUR_MS
      for (let n = 0; n < ACTORS_A_ROUND; n++) {
        await post(service, burst(`thief-${kill}-${n}`, at + n * 1_000, 150))
        // Those of the round before take more, and their alerts grow.
        if (kill > 0) await post(service, burst(`thief-${kill - 1}-${n}`, at + n * 1_000, 400))
      }
      await until('a delivery is under way', async () => asked > before)
      await sleep(random.between(0, 120))
      await starting.kill()
    }
    await using last = await startService(settings)
    await until('the outbox is empty', async () => {
      const { items } = await last.json<{ items: object[] }>('/v1/deliveries?status=waiting')
      return items.length === 0
    })
    expect(await last.stop()).toBe(0)
    expect(last.log.join('\n')).not.toContain(SECRET.slice(6))

    await withStore(dir, async (db) => {
      const alerts = await db.query<{ uid: string }>('SELECT alert_uid AS uid FROM alerts')
      const rows = await db.query<{ id: string; alert: string; seq: number; status: string }>(
        'SELECT message_uid AS id, alert_uid AS alert, seq, status FROM deliveries ORDER BY seq',
      )
      expect(alerts.length).toBe(KILLS * ACTORS_A_ROUND)
      expect(rows.length).toBeGreaterThan(alerts.length)
      expect(rows.filter(({ status }) => status !== 'sent')).toEqual([])
      expect(unsigned).toEqual([])

      const accepted = new Set(arrivals.filter((one) => one.accepted).map(({ id }) => id))
      expect(rows.filter(({ id }) => !accepted.has(id))).toEqual([])
      const told = new Set(arrivals.filter((one) => one.accepted).map(({ alert }) => alert))
      expect(alerts.filter(({ uid }) => !told.has(uid))).toEqual([])

      const bodies = new Map<string, string>()
      const places = new Map(rows.map(({ id, seq }) => [id, seq]))
      const lastPlace = new Map<string, number>()
      for (const { id, alert, body } of arrivals) {
        expect(bodies.get(id) ?? body).toBe(body)
        bodies.set(id, body)
        const place = places.get(id) ?? -1
        expect(place).toBeGreaterThanOrEqual(lastPlace.get(alert) ?? 0)
        lastPlace.set(alert, place)
      }
      // Kills and refusals did lead to duplicates; otherwise nothing was tried here.
      expect(bodies.size).toBe(rows.length)
      expect(arrivals.length).toBeGreaterThan(rows.length)
    })
  })
}, 240_000)

test('a channel that never answers keeps nobody from handing in events, and the service from ending', async () => {
  await using receiver = await startReceiver(() => undefined)
  await withFolders(1, async (dir) => {
    await using service = await startService({
      CRMWATCH_DATA_DIR: dir,
      CRMWATCH_DELIVERY_ALLOW_NETWORKS: '127.0.0.1',
      CRMWATCH_DELIVERY_TIMEOUT_MS: '60000',
      CRMWATCH_CHANNELS: JSON.stringify({ siem: { type: 'webhook', url: `${receiver.origin}/in`, secret: SECRET } }),
      CRMWATCH_ROUTES: JSON.stringify([{ channels: ['siem'], updates: 'all' }]),
    })
    const start = Date.now() - 12 * HOUR_MS
    await post(service, burst('thief', start, 200))
    await until('the channel was asked', () => receiver.requests.length > 0)
    for (let hour = 1; hour <= 10; hour++) await post(service, burst('thief', start + hour * HOUR_MS, 300))
    expect(receiver.requests).toHaveLength(1)
    expect(await service.stop()).toBe(0)
    await withStore(dir, async (db) => {
      const rows = await db.query<{ status: string; attempts: number }>(
        'SELECT DISTINCT status, attempts FROM deliveries',
      )
      // The attempt that was broken off is none.
      expect(rows).toEqual([{ status: 'waiting', attempts: 0 }])
    })
  })
})

async function post(service: ServiceProcess, events: readonly object[]): Promise<void> {
  const answer = await service.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  })
  if (!answer.ok) throw new Error(`The events were answered ${answer.status}`)
}
