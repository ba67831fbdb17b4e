import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../../fixtures/simulator/random.ts'
import { simulate } from '../../../fixtures/simulator/simulate.ts'
import type { WireEvent } from '../../../fixtures/simulator/wire.ts'
import type { Database } from '../../../store/database.ts'
import { launchService, type ServiceProcess, startService } from '../../support/service-process.ts'
import { messages, openTestCore, views } from '../../support/test-core.ts'
import {
  type Cluster,
  startCluster,
  type Topics,
  uniqueName,
  until,
  untilStored,
  withFolders,
  withStore,
} from './harness.ts'

const KILLS = 20
const PARTITIONS = 3
const CHUNK = 250

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
}, 330_000)
afterAll(() => cluster?.[Symbol.asyncDispose]())

interface Load {
  readonly staff: readonly object[]
  /** In the order of time; a partition takes the people of one tenant, and now and then something unusable. */
  readonly log: readonly { readonly partition: number; readonly key: string; readonly value: string }[]
}

/**
 * Three tenants, one in each partition. Peers of one tenant in several partitions are taught in an order that depends
 * on how far these have come, by design; here the outcome has to be the same to the last digit.
 */
function createLoad(): Load {
  const staff: object[] = []
  const events: WireEvent[] = []
  for (let tenant = 0; tenant < PARTITIONS; tenant++) {
    const simulation = simulate({
      seed: tenant + 1,
      staff: 18,
      weeks: 5,
      start: '2026-03-02',
      orgUid: `tenant-${tenant}`,
      campaigns: { share: 0.2, fromWeek: 2, kinds: ['burst-300', 'slow-300-5d', 'copy-ratio', 'export-chunked'] },
      careers: { leavers: 0, newcomers: 0, roleChanges: 0 },
    })
    staff.push(...simulation.staff)
    events.push(...simulation.events())
  }
  events.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  const log = events.flatMap((event, n) => {
    const message = { partition: Number(event.org_uid.at(-1)), key: event.actor_uid, value: JSON.stringify(event) }
    return n % 700 === 13 ? [message, { ...message, value: `{"broken": ${n}` }] : [message]
  })
  return { staff, log }
}

/** What a core that is never stopped finds, given the same messages. */
async function unbrokenAlerts({ staff, log }: Load, notice: object) {
  await using core = await openTestCore(':memory:')
  await core.pipeline.push('staff', 0, messages(staff))
  await core.pipeline.drain()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const values = log.filter((message) => message.partition === partition).map(({ value }) => value)
    await core.pipeline.push('access', partition, messages(values))
  }
  await core.pipeline.drain()
  await core.pipeline.push('staff', 0, messages([notice], staff.length))
  await core.pipeline.drain()
  return { alerts: await alertsIn(core.db), peaks: await peaksIn(core.db) }
}

async function alertsIn(db: Database) {
  const rows = await db.query<{ body: string }>('SELECT body FROM alerts ORDER BY alert_uid')
  return rows.map(({ body }) => {
    const { alert_uid, org_uid, actor_uid, detectors, opened_at, score, findings } = JSON.parse(body)
    return { alert_uid, org_uid, actor_uid, detectors, opened_at, score, findings }
  })
}

const peaksIn = (db: Database) =>
  db.query<object>(
    `SELECT a.org_uid, a.actor_uid, p.day, p.role, p.flags, p.peaks::VARCHAR AS peaks, p.cusum::VARCHAR AS cusum
     FROM day_peaks p JOIN actors a ON a.code = p.actor WHERE p.own ORDER BY ALL`,
  )

test('killed twenty times under load it has every event once, and the alerts of an unbroken run', async () => {
  const load = createLoad()
  const random = createRandom(20_260_301)
  const topics = await cluster.createTopics(PARTITIONS)
  await withFolders(1, async (dir) => {
    // A group of its own for every start: that of a killed member waits ten seconds for it, and the store knows better.
    const settings = (): Record<string, string> => ({
      ...topics.settings,
      CRMWATCH_DATA_DIR: dir,
      CRMWATCH_KAFKA_GROUP_ID: uniqueName('group'),
    })
    await cluster.producer.send(topics.staff, load.staff.map(toValue))
    const first = settings()
    await using service = await startService(first)
    await untilStored(cluster, topics.staff, first.CRMWATCH_KAFKA_GROUP_ID)
    expect(await service.stop()).toBe(0)

    let sent = 0
    const share = Math.ceil(load.log.length / (KILLS + 1))
    for (let kill = 0; kill < KILLS; kill++) {
      await using starting = launchService(settings())
      const upTo = Math.min(load.log.length, sent + share)
      const produced = produce(topics, load, sent, upTo)
      sent = upTo
      // Every fifth while it is starting; the others while it reads and writes.
      if (kill % 5 === 4) await sleep(random.between(150, 900))
      else {
        await starting.listening
        await sleep(random.between(20, 900))
      }
      await starting.kill()
      await produced
    }
    await produce(topics, load, sent, load.log.length)
    const last = settings()
    await using final = await startService(last)
    await untilStored(cluster, topics.access, last.CRMWATCH_KAFKA_GROUP_ID)
    const notice = noticeFor(load)
    await cluster.producer.send(topics.staff, [toValue(notice)])
    await untilStored(cluster, topics.staff, last.CRMWATCH_KAFKA_GROUP_ID)
    await until('the notice is dealt with', async () => (await metric(final, 'crmwatch_refolds_waiting')) === 0)
    expect(await final.stop()).toBe(0)

    const ends = (await cluster.admin.logEnds(topics.access)).sort((a, b) => a.partition - b.partition)
    const wanted = await unbrokenAlerts(load, notice)
    expect(wanted.alerts.length).toBeGreaterThan(3)
    await withStore(dir, async (db) => {
      const stored = await db.query<{ uid: string }>("SELECT org_uid || '/' || event_uid AS uid FROM events")
      expect(stored.map(({ uid }) => uid).sort()).toEqual(uidsOf(load))
      expect(
        await db.query('SELECT partition, next_offset FROM source_offsets WHERE topic = ? ORDER BY ALL', [
          topics.access,
        ]),
      ).toEqual(ends.map(({ partition, high }) => ({ partition, next_offset: Number(high) })))
      expect(
        await db.query('SELECT count(*) AS n, count(DISTINCT letter_uid) AS uids FROM dead_letters WHERE reason = ?', [
          'invalid_json',
        ]),
      ).toEqual([{ n: brokenIn(load), uids: brokenIn(load) }])
      expect(await peaksIn(db)).toEqual(wanted.peaks)
      expect(await alertsIn(db)).toEqual(wanted.alerts)
    })
  })
}, 240_000)

test('what was acknowledged over HTTP is there after a kill', async () => {
  await withFolders(1, async (dir) => {
    const random = createRandom(7)
    const acknowledged = new Set<string>()
    const sent = new Set<string>()
    let part = 0
    for (let kill = 0; kill < 5; kill++) {
      await using service = await startService({ CRMWATCH_DATA_DIR: dir })
      let dead = false
      const writers = Array.from({ length: 3 }, async () => {
        while (!dead) {
          const events = views(`p${part++}`, Date.UTC(2026, 2, 2) + part * 3_600_000, 40, 1_000, `actor-${part % 9}`)
          for (const { event_uid } of events) sent.add(event_uid)
          const accepted = await post(service, events).catch(() => null)
          if (accepted !== null) for (const { event_uid } of events) acknowledged.add(event_uid)
        }
      })
      await sleep(random.between(100, 900))
      await service.kill()
      dead = true
      await Promise.all(writers)
    }
    expect(acknowledged.size).toBeGreaterThan(1_000)
    await withStore(dir, async (db) => {
      const rows = await db.query<{ uid: string }>('SELECT event_uid AS uid FROM event_log')
      const stored = new Set(rows.map(({ uid }) => uid))
      expect(stored.size).toBe(rows.length)
      expect([...acknowledged].filter((uid) => !stored.has(uid))).toEqual([])
      expect([...stored].filter((uid) => !sent.has(uid))).toEqual([])
    })
  })
}, 120_000)

async function produce({ access }: Topics, { log }: Load, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += CHUNK) {
    await cluster.producer.send(access, log.slice(at, Math.min(at + CHUNK, to)))
    await sleep(60)
  }
}

async function post(service: ServiceProcess, events: readonly object[]): Promise<number | null> {
  const answer = await service.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  })
  if (!answer.ok) return null
  const { accepted } = (await answer.json()) as { accepted: number }
  return accepted
}

async function metric(service: ServiceProcess, name: string): Promise<number> {
  const text = await (await service.request('/metrics')).text()
  const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)
  if (line === null) throw new Error(`There is no metric ${name}`)
  return Number(line[1])
}

const toValue = (value: object) => ({ value: JSON.stringify(value) })

const uidsOf = ({ log }: Load): string[] =>
  log
    .filter(({ value }) => !value.startsWith('{"broken"'))
    .map(({ value }) => JSON.parse(value))
    .map(({ org_uid, event_uid }) => `${org_uid}/${event_uid}`)
    .sort()

const brokenIn = ({ log }: Load): number => log.filter(({ value }) => value.startsWith('{"broken"')).length

/** Somebody hands in notice when all is over, so that the past is examined once more. */
const noticeFor = ({ staff }: Load): object => ({
  ...staff[0],
  status: 'notice',
  notice_on: '2026-04-06',
  last_working_day: '2026-05-31',
  recorded_at: '2026-04-06T06:00:00.000Z',
})
