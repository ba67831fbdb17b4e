import { openBenchCore } from './bench-core.ts'
import { serveChild } from './child-task.ts'
import { createEventStream, startOfWorkdays } from './event-stream.ts'
import { pushEvents } from './push-events.ts'

export interface TenantsInput {
  readonly dir: string
  readonly tenants: number
  readonly workdays: number
}

export interface TenantFigures {
  readonly tenants: number
  readonly people: number
  readonly workdays: number
  readonly events: number
  readonly seconds: number
  readonly eventsPerSecond: number
  /** Resident at the end, V8's heap after a collection, and arrays outside of it. */
  readonly rssBytes: number
  readonly heapBytes: number
  readonly arrayBytes: number
  /** Opening the same store once more. */
  readonly openSeconds: number
}

const PEOPLE_PER_TENANT = 5
const EVENTS_PER_PERSON_AND_DAY = 12

/** Thousands of salons: small tenants of one role each, whose people do little a day. */
await serveChild(async ({ dir, tenants, workdays }: TenantsInput): Promise<TenantFigures> => {
  const people = tenants * PEOPLE_PER_TENANT
  const eventsPerDay = people * EVENTS_PER_PERSON_AND_DAY
  const events = eventsPerDay * workdays
  const stream = createEventStream({
    ...{ actors: people, peoplePerTenant: PEOPLE_PER_TENANT, partitions: 1, seed: 3, firstIndex: 0 },
    ...{ eventsPerDay, startTime: startOfWorkdays(workdays, Date.now()) },
  })
  const folded = await fold()
  const started = performance.now()
  await using _again = await openBenchCore(dir, {})
  const openSeconds = (performance.now() - started) / 1000
  return { tenants, people, workdays, events, ...folded, openSeconds }

  async function fold() {
    await using core = await openBenchCore(dir, {})
    const begun = performance.now()
    await pushEvents(core, events, () => stream.next().json)
    const seconds = (performance.now() - begun) / 1000
    globalThis.gc?.()
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    return {
      seconds,
      eventsPerSecond: events / seconds,
      rssBytes: rss,
      heapBytes: heapUsed,
      arrayBytes: arrayBuffers,
    }
  }
})
