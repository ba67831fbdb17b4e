import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageProducer, OutgoingMessage } from '../ingest/kafka/producer.ts'
import { actorName, type EventStream } from './event-stream.ts'
import { quantile } from './quantile.ts'
import { type RunningService, startService } from './running-service.ts'

export interface LiveParts {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly staffTopic: string
  readonly deadLetterTopic: string
  readonly dataDir: string
  readonly port: number
  readonly producer: MessageProducer
  readonly stream: EventStream
  readonly eventsPerSecond: number
  readonly seconds: number
  readonly signal: AbortSignal
}

export interface LiveFigures {
  readonly readySeconds: number
  readonly visibleMs: { readonly p50: number; readonly p99: number; readonly most: number; readonly probes: number }
  readonly unseenProbes: number
  readonly reads: Readonly<Record<string, { readonly p50: number; readonly p99: number; readonly requests: number }>>
  readonly readsMs: { readonly p50: number; readonly p99: number }
  readonly failedReads: number
  readonly producedPerSecond: number
  readonly peakRssBytes: number
}

interface AlertPage {
  readonly items: readonly { readonly alert_uid: string }[]
}

const TOKEN = 'bench-administrator-token-of-this-run'
const TICK_MS = 20
const PROBE_EVERY_MS = 200
const READ_EVERY_MS = 100
const SEEN_POLL_MS = 20
const SEEN_LIMIT_MS = 10_000
const WARM_UP_MS = 5_000
const DAY_MS = 86_400_000
const ROUTES = ['GET /v1/alerts', 'GET /v1/alerts/{uid}', 'GET /v1/actors/{uid}', 'GET /metrics'] as const

/**
 * Rows (c) and (d): the service starts on a store with history, then takes a steady stream. Now and then somebody who
 * has left uses the CRM: from the moment that event is produced until GET /v1/alerts shows the alert is the time asked for.
 */
export async function measureLive(parts: LiveParts): Promise<LiveFigures> {
  await using service = await startService(
    {
      CRMWATCH_DATA_DIR: parts.dataDir,
      CRMWATCH_KAFKA_BROKERS: parts.brokers.join(','),
      CRMWATCH_KAFKA_TOPICS: parts.topic,
      CRMWATCH_KAFKA_STAFF_TOPIC: parts.staffTopic,
      CRMWATCH_KAFKA_DEAD_LETTER_TOPIC: parts.deadLetterTopic,
      CRMWATCH_KAFKA_GROUP_ID: `bench-live-${process.pid}`,
      CRMWATCH_ADMIN_TOKEN: TOKEN,
      CRMWATCH_HTTP_RATE_LIMIT_PER_MINUTE: '1000000',
    },
    parts.port,
    parts.signal,
  )
  const probes = Math.ceil((parts.seconds * 1000) / PROBE_EVERY_MS)
  await markAsGone(service, probes, parts.stream.time)
  const until = performance.now() + WARM_UP_MS + parts.seconds * 1000
  const measuredFrom = performance.now() + WARM_UP_MS
  const memory = { peak: 0 }
  const [produced, visible, reads] = await Promise.all([
    produceSteadily(parts, until),
    sendProbes(service, parts, probes, measuredFrom),
    readSteadily(service, measuredFrom, until, parts.signal),
    watchMemory(service, memory, until, parts.signal),
  ])
  const all = Object.values(reads.samples).flat()
  const seen = visible.filter((ms) => ms !== null)
  return {
    readySeconds: service.readySeconds,
    visibleMs: { p50: quantile(seen, 0.5), p99: quantile(seen, 0.99), most: quantile(seen, 1), probes },
    unseenProbes: probes - seen.length,
    reads: Object.fromEntries(
      Object.entries(reads.samples).map(([route, ms]) => [
        route,
        { p50: quantile(ms, 0.5), p99: quantile(ms, 0.99), requests: ms.length },
      ]),
    ),
    readsMs: { p50: quantile(all, 0.5), p99: quantile(all, 0.99) },
    failedReads: reads.failed,
    producedPerSecond: produced,
    peakRssBytes: memory.peak,
  }
}

const goneName = (probe: number): string => `gone-${String(probe).padStart(4, '0')}`
const authorization = { authorization: `Bearer ${TOKEN}` }

/** The answer's body; null for a refusal or a broken connection. */
async function get(service: RunningService, path: string): Promise<string | null> {
  try {
    const answer = await fetch(`${service.address}${path}`, { headers: authorization })
    const body = await answer.text()
    return answer.ok ? body : null
  } catch {
    return null
  }
}

async function markAsGone(service: RunningService, probes: number, eventTime: number): Promise<void> {
  const dayBefore = (days: number) => new Date(eventTime - days * DAY_MS).toISOString().slice(0, 10)
  const lines = Array.from({ length: probes }, (_, probe) =>
    JSON.stringify({
      actor_uid: goneName(probe),
      status: 'left',
      last_working_day: dayBefore(10),
      recorded_at: new Date(eventTime - 5 * DAY_MS).toISOString(),
    }),
  )
  const answer = await fetch(`${service.address}/v1/staff`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  })
  if (!answer.ok) throw new Error(`POST /v1/staff answered ${answer.status}: ${await answer.text()}`)
}

/** Returns the rate reached. */
async function produceSteadily(parts: LiveParts, until: number): Promise<number> {
  const started = performance.now()
  let made = 0
  while (performance.now() < until) {
    parts.signal.throwIfAborted()
    const due = Math.floor(((performance.now() - started) / 1000) * parts.eventsPerSecond) - made
    const messages: OutgoingMessage[] = []
    for (let i = 0; i < due; i++) {
      const { actor, partition, json } = parts.stream.next()
      messages.push({ key: actorName(actor), value: json, partition })
    }
    made += due
    if (due > 0) await parts.producer.send(parts.topic, messages)
    await sleep(TICK_MS)
  }
  return made / ((performance.now() - started) / 1000)
}

/** Milliseconds from produce to seen of each probe; null for one that was not seen in time. */
async function sendProbes(
  service: RunningService,
  { producer, topic, stream, signal }: LiveParts,
  probes: number,
  from: number,
): Promise<(number | null)[]> {
  await sleep(Math.max(0, from - performance.now()))
  const waiting: Promise<number | null>[] = []
  for (let probe = 0; probe < probes; probe++) {
    signal.throwIfAborted()
    const due = from + probe * PROBE_EVERY_MS
    if (due > performance.now()) await sleep(due - performance.now())
    const actor_uid = goneName(probe)
    const time = new Date(stream.time).toISOString()
    const value = JSON.stringify({
      event_uid: `probe-${probe}`,
      time,
      actor_uid,
      action: 'login',
      object_type: 'unknown',
    })
    const produced = performance.now()
    // One that does not arrive is a probe that is not seen.
    producer.send(topic, [{ key: actor_uid, value }]).catch(() => undefined)
    waiting.push(untilSeen(service, actor_uid, produced))
  }
  return await Promise.all(waiting)
}

async function untilSeen(service: RunningService, actor: string, produced: number): Promise<number | null> {
  while (performance.now() - produced < SEEN_LIMIT_MS) {
    const answer = await get(service, `/v1/alerts?actor=${actor}`)
    if (answer === null) return null
    if ((JSON.parse(answer) as AlertPage).items.length > 0) return performance.now() - produced
    await sleep(SEEN_POLL_MS)
  }
  return null
}

/** One request per route every READ_EVERY_MS, whether the one before was answered or not. */
async function readSteadily(service: RunningService, from: number, until: number, signal: AbortSignal) {
  const samples = Object.fromEntries(ROUTES.map((route): [string, number[]] => [route, []]))
  let failed = 0
  const pending: Promise<void>[] = []
  let alerts: AlertPage['items'] = []
  const read = async (route: (typeof ROUTES)[number], path: string) => {
    const started = performance.now()
    const answer = await get(service, path)
    if (answer === null) {
      failed++
      return
    }
    samples[route].push(performance.now() - started)
    if (route === 'GET /v1/alerts') alerts = (JSON.parse(answer) as AlertPage).items
  }
  await sleep(Math.max(0, from - performance.now()))
  for (let round = 0; performance.now() < until; round++) {
    signal.throwIfAborted()
    pending.push(read('GET /v1/alerts', '/v1/alerts'))
    if (alerts.length > 0)
      pending.push(read('GET /v1/alerts/{uid}', `/v1/alerts/${alerts[round % alerts.length].alert_uid}`))
    pending.push(read('GET /v1/actors/{uid}', `/v1/actors/${actorName((round * 37) % 5_000)}`))
    if (round % 10 === 0) pending.push(read('GET /metrics', '/metrics'))
    await sleep(READ_EVERY_MS)
  }
  await Promise.all(pending)
  return { samples, failed }
}

async function watchMemory(service: RunningService, memory: { peak: number }, until: number, signal: AbortSignal) {
  while (performance.now() < until) {
    signal.throwIfAborted()
    memory.peak = Math.max(memory.peak, await service.rssBytes())
    await sleep(1_000)
  }
}
