import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService } from '../../support/service-process.ts'
import { views } from '../../support/test-core.ts'
import { type Cluster, startCluster, uniqueName, until, withFolders } from './harness.ts'
import { readTopic } from './read-topic.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
}, 330_000)
afterAll(() => cluster?.[Symbol.asyncDispose]())

interface Deliveries {
  readonly items: readonly { readonly status: string; readonly failure: string | null; readonly attempts: number }[]
}

test('an alert reaches its topic, waits for one that is not there yet, and is told in the log without a name', async () => {
  const topics = await cluster.createTopics(1)
  const alerts = uniqueName('crm.alerts')
  const later = uniqueName('crm.later')
  await cluster.admin.createTopic(alerts, 1)
  await withFolders(1, async (dir) => {
    const settings = {
      ...topics.settings,
      CRMWATCH_DATA_DIR: dir,
      CRMWATCH_DELIVERY_TIMEOUT_MS: '20000',
      CRMWATCH_CHANNELS: JSON.stringify({
        bus: { type: 'kafka', topic: alerts },
        later: { type: 'kafka', topic: later, format: 'ocsf' },
      }),
      CRMWATCH_ROUTES: JSON.stringify([{ channels: ['bus', 'later'] }]),
    }
    await using service = await startService(settings)
    const burst = views('burst', Date.now() - 3_600_000, 800, 1_000, 'thief')
    await cluster.producer.send(
      topics.access,
      burst.map((event) => ({ key: event.actor_uid, value: JSON.stringify(event) })),
    )
    const [value] = await readTopic(cluster, alerts, 1)
    expect(JSON.parse(value)).toMatchObject({ type: 'alert.opened', data: { alert: { actor_uid: 'thief' } } })

    const waiting = () => service.json<Deliveries>('/v1/deliveries?channel=later')
    await until('an attempt has failed', async () => (await waiting()).items.some(({ attempts }) => attempts > 0))
    expect((await waiting()).items[0]).toMatchObject({ status: 'waiting', failure: 'unreachable' })
    await cluster.admin.createTopic(later, 1)
    const [event] = await readTopic(cluster, later, 1)
    expect(JSON.parse(event)).toMatchObject({ class_uid: 2004, metadata: { version: '1.8.0' } })

    const metrics = await (await service.request('/metrics')).text()
    expect(metrics).toMatch(/crmwatch_deliveries_total\{channel="bus",outcome="sent"\} [1-9]/)
    expect(metrics).toMatch(/crmwatch_delivery_failures_total\{channel="later",reason="unreachable"\} [1-9]/)
    expect(await service.stop()).toBe(0)
    expect(service.log.join('\n')).toContain('could not be delivered')
    expect(service.log.join('\n')).not.toContain('thief')
  })
})
