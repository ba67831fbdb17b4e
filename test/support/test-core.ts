import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Core, type CoreOptions, openCore } from '../../ingest/core.ts'
import type { PipelineHooks } from '../../ingest/pipeline/pipeline-contract.ts'
import type { StreamMessage } from '../../ingest/stream-sink.ts'
import type { StaffRecord } from '../../model/staff.ts'

/** The clock of all tests on a core: a Monday noon, later than anything they send. */
export const NOW = Date.UTC(2026, 5, 1, 12)
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

type Committed = Parameters<PipelineHooks['committed']>[0]

export interface TestCore extends Core {
  /** What each commit reported, oldest first. */
  readonly commits: Pick<Committed, 'events' | 'changes' | 'held'>[]
  readonly failures: Error[]
}

export const TEST_CORE = {
  timeZone: 'UTC',
  defaultOrg: 'default',
  reorderToleranceMs: 5_000,
  maxFutureMs: 300_000,
  batchMaxEvents: 5_000,
  batchMaxDelayMs: 5,
  staffTopic: 'staff',
  now: () => NOW,
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
} satisfies Omit<CoreOptions, 'dir'>

/** A core on a real store whose clock stands still. */
export async function openTestCore(dir: string, options: Partial<CoreOptions> = {}): Promise<TestCore> {
  const commits: TestCore['commits'] = []
  const failures: Error[] = []
  const core = await openCore({
    dir,
    ...TEST_CORE,
    hooks: {
      committed: ({ events, changes, held }) => commits.push({ events, changes: [...changes], held }),
      failed: (error) => failures.push(error),
    },
    ...options,
  })
  return Object.assign(core, { commits, failures })
}

/** What the windows hold: every count of every actor, and how many entries stand behind them. */
export function memoryOf({ codes, engine }: TestCore) {
  // Looking at counts moves the windows on to the newest event, and lets go of what they no longer hold.
  const slots = Object.fromEntries(
    Array.from({ length: codes.actorCount }, (_, code) => [codes.uidOfActor(code), engine.slots(code)]),
  )
  return { entries: engine.liveEntries(), slots }
}

/** Everybody's risk on the day of their newest event. */
export function risksOf({ codes, engine, risks, calendar }: TestCore) {
  const riskOf = (code: number) => {
    const open = engine.openDay(code)
    return [codes.uidOfActor(code), open, risks.riskOf(code, calendar.dayOf(engine.newestEvent(code) ?? NOW), open)]
  }
  return Array.from({ length: codes.actorCount }, (_, code) => riskOf(code))
}

/** Runs `use` with a folder that goes with it. */
export async function inFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'crmwatch-test-'))
  try {
    return await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

export const line = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

/** Messages of one partition from `first` on. */
export const messages = (values: readonly unknown[], first = 0): StreamMessage[] =>
  values.map((value, index) => ({
    offset: String(first + index),
    value: value === null ? null : line(value),
    timestamp: String(NOW),
  }))

export interface TestEvent {
  readonly event_uid: string
  readonly time: number
  readonly actor_uid: string
  readonly action: string
  readonly object_type?: string
  readonly object_uids?: readonly string[]
}

/** One contact opened. */
export const view = (uid: string, time: number, contact: string, actor = 'anna'): TestEvent => ({
  event_uid: uid,
  time,
  actor_uid: actor,
  action: 'view',
  object_type: 'contact',
  object_uids: [contact],
})

/** `count` different contacts opened from `from` on, one every `everyMs`. */
export const views = (prefix: string, from: number, count: number, everyMs: number, actor = 'anna'): TestEvent[] =>
  Array.from({ length: count }, (_, i) => view(`${prefix}-${i}`, from + i * everyMs, `${prefix}-c${i}`, actor))

export const staffRecord = (actor: string, fields: Partial<StaffRecord> = {}): StaffRecord => ({
  actor_uid: actor,
  org_uid: 'default',
  name: null,
  email: null,
  role: 'sales',
  team: null,
  manager_uid: null,
  actor_type: 'user',
  status: 'active',
  hired_on: null,
  notice_on: null,
  last_working_day: null,
  portfolio_size: null,
  recorded_at: Date.UTC(2026, 0, 1),
  ...fields,
})

/** Hands events over as HTTP does, in pieces, and waits until they are stored. */
export async function submitAll(core: Core, events: readonly unknown[], piece = 500): Promise<void> {
  for (let from = 0; from < events.length; from += piece) {
    await core.pipeline.submitEvents(events.slice(from, from + piece).map(line), 'http', null)
  }
}

export interface StoredDay {
  readonly org_uid: string
  readonly actor_uid: string
  readonly day: number
  readonly role: string
  readonly flags: number
  readonly peaks: string
  readonly cusum: string
}

/** Everything detection has left in the store, in one order, without codes and wall clocks. */
export async function storedOutcome(core: Core) {
  await core.pipeline.drain()
  const alerts = await core.db.query<{ body: string }>('SELECT body FROM alerts ORDER BY alert_uid')
  const dayPeaks = await core.db.query<StoredDay>(
    `SELECT a.org_uid, a.actor_uid, p.day, p.role, p.flags, p.peaks::VARCHAR AS peaks, p.cusum::VARCHAR AS cusum
     FROM day_peaks p JOIN actors a ON a.code = p.actor WHERE p.own ORDER BY ALL`,
  )
  return {
    alerts: alerts.map(({ body }) => {
      const { detected_at: _wallClock, ...alert } = JSON.parse(body)
      return alert
    }),
    dayPeaks,
  }
}
