import type { DeliveryHooks, DispatchChannel } from '../../../alerts/delivery/attempt-delivery.ts'
import { createDispatcher, type Dispatcher } from '../../../alerts/delivery/dispatcher.ts'
import { createLocalClock } from '../../../alerts/delivery/local-clock.ts'
import { type Attempt, failed, type Message, type Notifier } from '../../../alerts/delivery/notifier.ts'
import { type ChannelPolicy, planDeliveries } from '../../../alerts/delivery/plan-deliveries.ts'
import type { Route } from '../../../alerts/delivery/route.ts'
import { alertsToLookUp } from '../../../alerts/delivery/routes-before.ts'
import type { Alert } from '../../../model/alert.ts'
import { upsertAlerts } from '../../../store/alerts.ts'
import { type Database, openDatabase } from '../../../store/database.ts'
import { appendDeliveries, tellingsOf } from '../../../store/deliveries.ts'
import { type DeliveryRow, listDeliveries } from '../../../store/delivery-list.ts'
import { sampleAlert, T0 } from '../../store/sample-alert.ts'

export const START = T0 + 120_000
export const HOUR_MS = 3_600_000

export const OK: Attempt = { outcome: 'delivered', status: 200, answer: 'ok' }
export const DOWN = failed('server_error', true, '', 503)
export const NEVER = failed('refused', false, '', 400)
export const slowDown = (ms: number) => failed('rate_limited', true, '', 429, ms)

export interface Sent {
  readonly at: number
  readonly channel: string
  readonly message: Message
  readonly attempt: Attempt
}

/** An outbox on a real store with a clock of its own, and channels that answer as they are told. */
export interface Outbox extends AsyncDisposable {
  readonly db: Database
  readonly sent: Sent[]
  readonly now: () => number
  /** What the channel answers from now on. */
  answer(channel: string, answer: (message: Message, attemptsSoFar: number) => Attempt): void
  /** As the pipeline does it: the alert and what is planned because of it. */
  open(over?: Partial<Alert>): Promise<void>
  change(before: Partial<Alert>, after: Partial<Alert>): Promise<void>
  /** Lets everything happen that is due until then. */
  advance(ms: number): Promise<void>
  /** Ends the dispatcher and starts another on the same store. */
  restart(): Promise<void>
  rows(): Promise<DeliveryRow[]>
  readonly failures: Parameters<DeliveryHooks['failed']>[0][]
  readonly broken: unknown[]
  readonly finished: Parameters<DeliveryHooks['finished']>[0][]
}

export interface OutboxSetup {
  readonly routes: readonly Partial<Route>[]
  readonly policies?: Readonly<Record<string, Partial<ChannelPolicy>>>
  readonly channels?: readonly string[]
  /** Who is told of a channel that cannot be reached; otherwise the first other one. */
  readonly reportTo?: DispatchChannel['reportTo']
  readonly backoffMs?: (attempt: number) => number
}

export async function openOutbox(setup: OutboxSetup): Promise<Outbox> {
  const db = await openDatabase({ dir: ':memory:' })
  const names = setup.channels ?? ['soc', 'owner']
  let now = START
  let timers: { at: number; run: () => void }[] = []
  const after = (ms: number, run: () => void) => {
    const timer = { at: now + ms, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((one) => one !== timer)
    }
  }
  const routes = setup.routes.map((over): Route => ({ ...ROUTE, ...over }))
  const minuteOfWeek = createLocalClock('UTC')
  const policies = new Map(names.map((name) => [name, { ...POLICY, ...setup.policies?.[name] }]))
  const answers = new Map<string, (message: Message, attemptsSoFar: number) => Attempt>()
  const sent: Sent[] = []
  const failures: Outbox['failures'] = []
  const finished: Outbox['finished'] = []
  const broken: unknown[] = []
  let underWay = 0
  const busy = <T>(work: Promise<T>): Promise<T> => {
    underWay++
    return work.finally(() => {
      underWay--
    })
  }
  let turn: Promise<unknown> = Promise.resolve()
  const write = <T>(task: () => Promise<T>): Promise<T> => {
    const done = turn.then(task)
    turn = done.catch(() => undefined)
    return busy(done)
  }
  const notifierOf = (channel: string): Notifier => ({
    async notify(message) {
      const soFar = sent.filter((one) => one.channel === channel && one.message.uid === message.uid).length
      const attempt = (answers.get(channel) ?? (() => OK))(message, soFar)
      sent.push({ at: now, channel, message, attempt })
      return attempt
    },
  })
  const start = (): Dispatcher =>
    createDispatcher({
      db: { ...db, query: (sql, values) => busy(db.query(sql, values)) },
      write,
      channels: new Map(
        names.map((name) => [
          name,
          {
            notifier: notifierOf(name),
            policy: policies.get(name) ?? POLICY,
            reportTo:
              setup.reportTo ??
              (() =>
                names
                  .filter((other) => other !== name)
                  .map((channel) => ({ channel, knowsTenant: true }))
                  .slice(0, 1)),
          },
        ]),
      ),
      minuteOfWeek,
      giveUpAfterMs: 24 * HOUR_MS,
      attemptTimeoutMs: 10_000,
      backoffMs: setup.backoffMs ?? ((attempt) => Math.min(1_000 * 2 ** attempt, 900_000)),
      now: () => now,
      after,
      hooks: {
        broken: (error) => broken.push(error),
        failed: (failure) => failures.push(failure),
        finished: (outcome) => finished.push(outcome),
      },
      onTrouble: (error) => {
        throw error
      },
    })
  let dispatcher = start()

  /** Until nothing is read, written or sent any more. */
  const settle = async () => {
    for (let quiet = 0; quiet < 5; quiet = underWay === 0 ? quiet + 1 : 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const plan = async (alert: Alert, before: Alert | null) => {
    const type = before === null ? 'alert.opened' : 'alert.updated'
    const changes = [{ type, alert, before }] as const
    await write(async () => {
      const tellings = await tellingsOf(db.writer, alertsToLookUp(changes, routes))
      const rows = planDeliveries(changes, { routes, channels: policies, minuteOfWeek }, now, tellings)
      await upsertAlerts(db.writer, [alert])
      await appendDeliveries(db.writer, rows)
    })
    dispatcher.wake()
    await settle()
  }

  return {
    db,
    sent,
    failures,
    finished,
    broken,
    now: () => now,
    answer: (channel, answer) => answers.set(channel, answer),
    open: (over = {}) => plan(sampleAlert({ updated_at: now, ...over }), null),
    change: (before, afterwards) =>
      plan(sampleAlert({ updated_at: now, ...afterwards }), sampleAlert({ updated_at: now, ...before })),
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        timers = timers.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = end
    },
    async restart() {
      await dispatcher[Symbol.asyncDispose]()
      dispatcher = start()
      await settle()
    },
    rows: async () => (await listDeliveries(db, {}, null, 10_000)).items.toReversed(),
    async [Symbol.asyncDispose]() {
      await dispatcher[Symbol.asyncDispose]()
      await turn
      await db[Symbol.asyncDispose]()
    },
  }
}

const ROUTE: Route = {
  match: {},
  channels: ['soc'],
  updates: 'worse',
  triage: false,
  repeatAfterMs: null,
  escalateAfterMs: null,
  escalateTo: [],
}
const POLICY: ChannelPolicy = { quietHours: [], quietExcept: [], groupWaitMs: 0 }
