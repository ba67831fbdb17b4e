import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AlertStreamEvent } from '../../../api/services.ts'
import type { Alert } from '../../../model/alert.ts'
import { EVENT_LIMITS } from '../../../model/event.ts'
import type { StaffRecord } from '../../../model/staff.ts'
import { type ServiceProcess, startService } from '../../support/service-process.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, views } from '../../support/test-core.ts'
import { type Cluster, startCluster, type Topics, until, untilStored, withFolders, withStore } from './harness.ts'
import { readTopic } from './read-topic.ts'

const START = Date.UTC(2026, 2, 2)

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
}, 330_000)
afterAll(() => cluster?.[Symbol.asyncDispose]())

const keyed = (events: readonly { readonly actor_uid: string }[]) =>
  events.map((event) => ({ key: event.actor_uid, value: JSON.stringify(event) }))

/** Two weeks of quiet work by four people. */
const quiet = Array.from({ length: 14 }, (_, day) =>
  ['anna', 'bert', 'cleo', 'dora'].flatMap((actor) =>
    views(`${actor}-${day}`, START + day * DAY_MS + 9 * HOUR_MS, 8, 20 * MINUTE_MS, actor),
  ),
).flat()

/** More contacts in two hours than anybody opens in a week. */
const theft = (name: string, actor = 'anna') => views(name, START + 13 * DAY_MS + 18 * HOUR_MS, 400, 18_000, actor)

const alertsOf = (service: ServiceProcess) => service.json<{ items: Alert[] }>('/v1/alerts')

async function untilReady(service: ServiceProcess): Promise<void> {
  await until('the service is ready', async () => (await service.request('/readyz')).status === 200)
}

/** Alerts as the stream tells of them, from now on. */
async function listen(service: ServiceProcess): Promise<{ events: Pick<AlertStreamEvent, 'type' | 'alert'>[] }> {
  const events: Pick<AlertStreamEvent, 'type' | 'alert'>[] = []
  const response = await service.request('/v1/stream')
  expect(response.status).toBe(200)
  void (async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const type = /^event: (alert\.\w+)$/m.exec(block)?.[1]
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined && (type === 'alert.opened' || type === 'alert.updated')) {
          events.push({ type, alert: JSON.parse(data) })
        }
      }
    }
  })().catch(() => undefined)
  return { events }
}

test('an alert goes from the topic to the API and the stream, with the events behind it and the staff record', async () => {
  const topics = await cluster.createTopics(2)
  await withFolders(1, async (dir) => {
    const settings = { ...topics.settings, CRMWATCH_DATA_DIR: dir }
    await using service = await startService(settings)
    await untilReady(service)
    const stream = await listen(service)
    const anna = { actor_uid: 'anna', name: 'Anna Abel', role: 'reception', team: 'north', status: 'active' }
    await cluster.producer.send(topics.staff, [
      { key: 'anna', value: JSON.stringify({ ...anna, recorded_at: new Date(START).toISOString() }) },
    ])
    await untilStored(cluster, topics.staff, topics.group)
    expect(await service.json('/v1/actors/anna')).toMatchObject({ leaver: 'none', first_seen: null, windows: [] })
    await cluster.producer.send(topics.access, keyed(quiet))
    await cluster.producer.send(topics.access, keyed(theft('x')))
    await until('the alert is there', async () => (await alertsOf(service)).items.length > 0)
    await untilStored(cluster, topics.access, topics.group)

    const { items } = await alertsOf(service)
    expect(items).toMatchObject([{ actor_uid: 'anna', org_uid: 'default', status: 'new', leaver: false }])
    expect(items[0].detectors).toContain('mass-view')
    expect(items[0].staff).toMatchObject({ name: 'Anna Abel', role: 'reception' })
    const { items: evidence } = await service.json<{ items: { event_uid: string }[] }>(
      `/v1/alerts/${items[0].alert_uid}/events`,
    )
    expect(evidence.some(({ event_uid }) => event_uid.startsWith('x-'))).toBe(true)
    await until('the stream has told of it', () => stream.events.length > 0)
    expect(stream.events[0]).toMatchObject({ type: 'alert.opened', alert: { alert_uid: items[0].alert_uid } })

    const notice = { ...anna, status: 'notice', last_working_day: '2026-03-31', recorded_at: '2026-03-16T08:00:00Z' }
    await cluster.producer.send(topics.staff, [{ key: 'anna', value: JSON.stringify(notice) }])
    await until('the notice is known', async () => {
      const { staff } = await service.json<{ staff: StaffRecord | null }>('/v1/actors/anna')
      return staff?.status === 'notice'
    })

    const lookedBack = (alert: { findings: { look_back: boolean }[] }) => alert.findings.some((one) => one.look_back)
    await until('the past has been examined', async () => (await alertsOf(service)).items.some(lookedBack))

    // An open stream does not hold the end up, and the next start finds all as it was.
    const before = (await alertsOf(service)).items
    expect(await service.stop()).toBe(0)
    await using second = await startService(settings)
    await untilReady(second)
    expect((await alertsOf(second)).items).toEqual(before)
    await cluster.producer.send(topics.access, keyed(theft('y', 'bert')))
    await until('the second alert is there', async () => (await alertsOf(second)).items.length > 1)
    await untilStored(cluster, topics.access, topics.group)
    expect(await second.stop()).toBe(0)
    await withStore(dir, async (db) => {
      const total = quiet.length + 2 * theft('x').length
      expect(await db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
        { n: total, uids: total },
      ])
    })
  })
}, 120_000)

test('what cannot be used goes to the dead letters, and the stream goes on', async () => {
  const topics = await cluster.createTopics(1)
  await withFolders(1, async (dir) => {
    await using service = await startService({ ...topics.settings, CRMWATCH_DATA_DIR: dir })
    await untilReady(service)
    const event = { event_uid: 'e', time: START, actor_uid: 'anna', action: 'view' }
    const bad: [string, string | null][] = [
      ['invalid_json', '{"event_uid": '],
      ['invalid_event', JSON.stringify({ ...event, object_uids: 'not a list' })],
      ['invalid_event', JSON.stringify([event])],
      ['missing_actor', JSON.stringify({ ...event, actor_uid: undefined })],
      ['missing_time', JSON.stringify({ ...event, time: null })],
      ['time_in_future', JSON.stringify({ ...event, time: Date.now() + DAY_MS })],
      ['time_too_old', JSON.stringify({ ...event, time: 1_700_000_000 })],
      ['unsupported_type', JSON.stringify({ specversion: '1.0', type: 'other', data: event })],
      ['too_large', JSON.stringify({ ...event, query_text: 'x'.repeat(EVENT_LIMITS.bytes) })],
      ['empty', null],
    ]
    await cluster.producer.send(
      topics.access,
      bad.flatMap(([, value], n) => [{ key: 'k', value }, ...keyed(views(`good-${n}`, START + n * DAY_MS, 5, 1_000))]),
    )
    await cluster.producer.send(topics.staff, [{ key: 'k', value: '{"actor_uid":"anna","status":"unheard of"}' }])
    await untilStored(cluster, topics.access, topics.group)
    await untilStored(cluster, topics.staff, topics.group)
    const letters = await readTopic(cluster, topics.dead, bad.length + 1)
    const told = letters.map((letter) => JSON.parse(letter))
    expect(
      told
        .filter(({ topic }) => topic === topics.access)
        .map(({ reason, offset, partition }) => [reason, offset, partition]),
    ).toEqual(bad.map(([reason], n) => [reason, String(n * 6), 0]))
    expect(told.filter(({ topic }) => topic === topics.staff)).toMatchObject([{ reason: 'invalid_event', offset: '0' }])
    expect(letters.join()).not.toMatch(/not a list|unheard of|xxxx/)
    const metrics = await (await service.request('/metrics')).text()
    expect(metrics).toMatch(/crmwatch_events_rejected_total\{source="kafka",reason="too_large"\} 1/)
    await until('publishing is on record', async () =>
      /crmwatch_dead_letters_unpublished 0/.test(await (await service.request('/metrics')).text()),
    )
    expect(await service.stop()).toBe(0)
    await withStore(dir, async (db) => {
      expect(await db.query('SELECT count(*) AS n FROM event_log')).toEqual([{ n: bad.length * 5 }])
      expect(
        await db.query(
          `SELECT reason, source, "offset", published, body FROM dead_letters WHERE topic = ? ORDER BY "offset"`,
          [topics.access],
        ),
      ).toEqual(bad.map(([reason], n) => ({ reason, source: 'kafka', offset: n * 6, published: true, body: null })))
    })
  })
}, 120_000)

test('two instances share the partitions, and the one that stays has everything when the other has left', async () => {
  const topics = await cluster.createTopics(4)
  await withFolders(2, async (here, there) => {
    const settings = (dir: string) => ({ ...topics.settings, CRMWATCH_DATA_DIR: dir })
    await using first = await startService(settings(here))
    await untilReady(first)
    const load = startLoad(topics)
    await using second = await startService(settings(there))
    await until('both have partitions, each of them one has', async () => {
      const [mine, theirs] = [await partitionsOf(first), await partitionsOf(second)]
      return mine > 0 && theirs > 0 && mine + theirs === 5
    })
    await load.sendMore(2_000)
    await until('the second instance has stored some', async () => (await storedBy(second)) > 500)
    const more = load.sendMore(3_000)
    expect(await second.stop()).toBe(0)
    await more
    await until('the first instance has all partitions', async () => (await partitionsOf(first)) === 5)
    const uids = await load.stop()
    await untilStored(cluster, topics.access, topics.group)
    expect(await first.stop()).toBe(0)
    await withStore(here, async (db) => {
      const rows = await db.query<{ event_uid: string }>('SELECT event_uid FROM event_log')
      expect(rows.map(({ event_uid }) => event_uid).sort()).toEqual(uids)
    })
    await withStore(there, async (db) => {
      const [{ n, uids: distinct }] = await db.query<{ n: number; uids: number }>(
        'SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log',
      )
      expect(n).toBeGreaterThan(0)
      expect(n).toBe(distinct)
      const [{ offsets }] = await db.query<{ offsets: number }>(
        'SELECT sum(next_offset)::BIGINT AS offsets FROM source_offsets WHERE topic = ?',
        [topics.access],
      )
      expect(n).toBe(offsets)
    })
  })
}, 120_000)

test('a broker that goes and comes back costs nothing but time', async () => {
  await using own = await startCluster({ own: true })
  const topics = await own.createTopics(2)
  await withFolders(1, async (dir) => {
    await using service = await startService({ ...topics.settings, CRMWATCH_DATA_DIR: dir })
    await untilReady(service)
    await own.producer.send(topics.access, keyed(quiet))
    await own.broker.stop()
    await until('it says that it is not ready', async () => (await service.request('/readyz')).status === 503)
    expect((await service.request('/healthz')).status).toBe(200)
    const byHttp = await service.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: views('http', START, 3, 1_000, 'emil')
        .map((event) => JSON.stringify(event))
        .join('\n'),
    })
    expect(await byHttp.json()).toMatchObject({ accepted: 3 })
    await own.broker.start()
    await own.producer.send(topics.access, [...keyed(theft('x')), { key: 'k', value: 'broken' }])
    await untilReady(service)
    await until('the alert is there', async () => (await alertsOf(service)).items.length > 0)
    await untilStored(own, topics.access, topics.group)
    expect(await readTopic(own, topics.dead, 1)).toHaveLength(1)
    expect(await service.stop()).toBe(0)
    await withStore(dir, async (db) => {
      const total = quiet.length + theft('x').length + 3
      expect(await db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
        { n: total, uids: total },
      ])
    })
  })
}, 180_000)

/** Of the access and the staff topic together, as the metrics name them. */
async function partitionsOf(service: ServiceProcess): Promise<number> {
  const text = await (await service.request('/metrics')).text()
  return [...text.matchAll(/^crmwatch_kafka_lag\w*\{/gm)].length
}

async function storedBy(service: ServiceProcess): Promise<number> {
  const text = await (await service.request('/metrics')).text()
  return [...text.matchAll(/^crmwatch_events_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
}

/** Events in a steady flow, over all partitions. */
function startLoad({ access }: Topics): { sendMore(count: number): Promise<void>; stop(): Promise<string[]> } {
  const sent: string[] = []
  let stopped = false
  let n = 0
  const send = async (count: number) => {
    const events = Array.from({ length: count }, () => {
      const at = n++
      return views(`load-${at}`, START + at * 1_000, 1, 0, `actor-${at % 40}`)[0]
    })
    await cluster.producer.send(access, keyed(events))
    sent.push(...events.map(({ event_uid }) => event_uid))
  }
  const flow = (async () => {
    while (!stopped) {
      await send(50)
      await sleep(20)
    }
  })()
  return {
    sendMore: send,
    async stop(): Promise<string[]> {
      stopped = true
      await flow
      return sent.sort()
    },
  }
}
