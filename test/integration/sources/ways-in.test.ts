import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessRows, EVENT_LOG_HEADER, eventLogCsv, eventLogRow } from '../../support/event-log-csv.ts'
import { type ServiceProcess, startService } from '../../support/service-process.ts'
import { type Cluster, startCluster, uniqueName, until, untilStored, withStore } from '../service/harness.ts'
import { readTopic } from '../service/read-topic.ts'
import { detailsOf, withSources } from './harness.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
}, 330_000)
afterAll(() => cluster?.[Symbol.asyncDispose]())

const uids = 'SELECT count(*) AS n, count(DISTINCT event_uid) AS uids, count(DISTINCT source) AS sources FROM events'

async function untilReady(service: ServiceProcess): Promise<void> {
  await until('the service is ready', async () => (await service.request('/readyz')).status === 200)
}

const jsonRow = (row: number): string => {
  const names = EVENT_LOG_HEADER.replaceAll('"', '').split(',')
  const cells = eventLogRow(row).replaceAll('"', '').split(',')
  return JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index]])))
}

test('a topic with rows of a CRM log, beside the topic of access events, over a kill', async () => {
  const topics = await cluster.createTopics(1)
  const topic = uniqueName('salesforce')
  await cluster.admin.createTopic(topic, 2)
  const sources = { salesforce: { adapter: 'salesforce-event-log-file', org: 'acme', kafka: { topics: [topic] } } }
  await withSources(sources, async (_dir, folders, config) => {
    const settings = { ...topics.settings, ...folders }
    const rows = Array.from({ length: 400 }, (_, row) => ({ key: String(row % 2), value: jsonRow(row) }))
    await cluster.producer.send(topic, rows)
    await cluster.producer.send(topic, [
      { key: 'x', value: '{"EVENT_TYPE":"Report"}' },
      { key: 'x', value: eventLogCsv(400, 440) },
    ])
    await cluster.producer.send(topics.access, [
      { key: 'a', value: JSON.stringify({ time: '2026-03-02T09:00:00Z', actor_uid: 'anna', action: 'view' }) },
    ])
    {
      await using service = await startService(settings, ['--config', config])
      await untilReady(service)
      await untilStored(cluster, topic, topics.group)
      await service.kill()
    }
    await cluster.producer.send(topic, [{ key: '0', value: jsonRow(440) }, ...rows.slice(0, 20)])
    await using service = await startService(settings, ['--config', config])
    await untilReady(service)
    await untilStored(cluster, topic, topics.group)
    await untilStored(cluster, topics.access, topics.group)
    const details = await detailsOf(service, 'salesforce')
    expect(details).toMatchObject({
      way_in: 'kafka',
      org_uid: 'acme',
      accepted: accessRows(0, 441),
      duplicates: accessRows(0, 20),
      ignored: { LightningInteraction: 110 + 5 },
      dead_letters: 1,
      files: {},
    })
    expect(details.last_event_time).toBe(new Date(Date.UTC(2026, 2, 2, 8) + 440 * 20_000).toISOString())
    const [letter] = await readTopic(cluster, topics.dead, 1)
    expect(JSON.parse(letter)).toMatchObject({ source: 'salesforce', topic })
    await service.stop()
    await withStore(settings.CRMWATCH_DATA_DIR, async (db) => {
      const all = accessRows(0, 441) + 1
      expect(await db.query(uids)).toEqual([{ n: all, uids: all, sources: 2 }])
    })
  })
})

test('rows by HTTP, as the configuration says and no request', async () => {
  const sources = {
    salesforce: { adapter: 'salesforce-event-log-file', org: 'acme', http: true, user_map: 'users.csv' },
    files: { adapter: 'hubspot' },
  }
  await withSources(sources, async (dir, settings) => {
    const users = join(dir, 'users.csv')
    await writeFile(users, 'native_uid,actor_uid\n0055e00000Use00,anna\n')
    const config = join(dir, 'crmwatch.yaml')
    await writeFile(
      config,
      JSON.stringify({ sources: { ...sources, salesforce: { ...sources.salesforce, user_map: users } } }),
    )
    await using service = await startService({ ...settings, CRMWATCH_INGEST_KEEP_DEAD_LETTER_BODIES: 'true' }, [
      '--config',
      config,
    ])
    await untilReady(service)
    const post = async (path: string, type: string, body: string | Buffer, headers: Record<string, string> = {}) => {
      const answer = await service.request(path, {
        method: 'POST',
        headers: { 'content-type': type, ...headers },
        body: new Uint8Array(Buffer.from(body)),
      })
      return { status: answer.status, body: await answer.json() }
    }
    const path = '/v1/sources/salesforce/events'
    const broken = eventLogRow(1).replaceAll('2026', '1926')
    expect(await post(path, 'text/csv', `${eventLogCsv(0, 8)}${broken}\n`)).toEqual({
      status: 200,
      body: {
        accepted: 6,
        duplicates: 0,
        ignored: { LightningInteraction: 2 },
        rejected: [{ line: 9, reason: 'time lies before the year 2000; epoch times must be in milliseconds' }],
      },
    })
    expect(
      (await post(path, 'text/csv', gzipSync(eventLogCsv(0, 8)), { 'content-encoding': 'gzip' })).body,
    ).toMatchObject({ accepted: 0, duplicates: 6 })
    expect((await post(path, 'application/x-ndjson', `${jsonRow(20)}\n${jsonRow(21)}\n`)).body).toMatchObject({
      accepted: 2,
    })
    expect((await post(path, 'application/json', `[${jsonRow(24)},\n ${jsonRow(25)}]`)).body).toMatchObject({
      accepted: 2,
    })
    expect((await post(path, 'application/xml', '<a/>')).status).toBe(415)
    expect((await post('/v1/sources/files/events', 'application/json', '{}')).status).toBe(403)
    expect((await post('/v1/sources/nobody/events', 'application/json', '{}')).status).toBe(404)
    // A file's path in a request names nothing: options come from the configuration alone.
    const named = 'mapping\n/etc/passwd\n'
    expect((await post(`${path}?mapping=/etc/passwd&adapter=mapped`, 'text/csv', named)).status).toBe(400)
    expect((await post(path, 'text/csv', named)).body).toMatchObject({ accepted: 0, rejected: [{ line: 1 }] })
    const { items } = await service.json<{ items: { native_uid: string; rows: number }[] }>(
      '/v1/sources/salesforce/unmapped',
    )
    expect(items.map(({ native_uid }) => native_uid)).not.toContain('0055e00000Use00AAB')
    expect(items.reduce((all, { rows }) => all + rows, 0)).toBeGreaterThan(0)
    const letters = await service.json<{ items: { reason: string; body: string }[] }>(
      '/v1/sources/salesforce/dead-letters',
    )
    expect(letters.items.map(({ reason }) => reason)).toEqual(['unknown_layout', 'time_too_old'])
    expect(letters.items[1].body).toBe(`${EVENT_LOG_HEADER}\n${broken}`)
    const retry = await post('/v1/sources/salesforce/dead-letters/retry', 'application/json', '{}')
    expect(retry).toEqual({ status: 200, body: { retried: 2, accepted: 0, duplicates: 0, ignored: 0, rejected: 2 } })
    expect(await service.json<{ items: object[] }>('/v1/sources')).toMatchObject({
      items: [
        { name: 'salesforce', mapped_users: 1, accepted: 10, silent_hours: null },
        { name: 'files', way_in: null, mapped_users: null, last_event_time: null, lag_seconds: null },
      ],
    })
  })
})

test('files of a watched folder', async () => {
  const sources = (path: string) => ({
    salesforce: {
      adapter: 'salesforce-event-log-file',
      org: 'acme',
      folder: { path, poll_seconds: 1, settle_seconds: 1 },
    },
  })
  await withSources({}, async (dir, settings, config) => {
    const inbox = join(dir, 'in')
    await mkdir(inbox)
    await writeFile(config, JSON.stringify({ sources: sources(inbox) }))
    await writeFile(join(inbox, '2026-03-02.csv.gz'), gzipSync(eventLogCsv(0, 400)))
    {
      await using service = await startService(settings, ['--config', config])
      await until('the first file is taken', async () => (await detailsOf(service, 'salesforce')).files.done === 1)
      await service.kill()
    }
    await writeFile(join(inbox, '2026-03-01.csv'), eventLogCsv(400, 440))
    await writeFile(join(inbox, 'notes.txt'), 'nothing,of,use\n1,2,3\n')
    await using service = await startService(settings, ['--config', config])
    await until('the others are taken', async () => {
      const { files } = await detailsOf(service, 'salesforce')
      return files.done === 2 && files.set_aside === 1
    })
    const details = await detailsOf(service, 'salesforce')
    expect(details).toMatchObject({ accepted: accessRows(0, 440), duplicates: 0, dead_letters: 0 })
    expect(details.set_aside).toMatchObject([{ name: 'notes.txt', reason: expect.stringContaining('unknown_layout') }])
    const metrics = await (await service.request('/metrics')).text()
    expect(metrics).toContain('crmwatch_source_files_total{source="salesforce",state="set_aside"} 1')
  })
})
