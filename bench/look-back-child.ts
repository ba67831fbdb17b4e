import { createExaminer } from '../commands/examine-actor.ts'
import { openBenchCore } from './bench-core.ts'
import { serveChild } from './child-task.ts'
import { actorName, createEventStream, startOfWorkdays } from './event-stream.ts'
import { pushEvents } from './push-events.ts'
import { median } from './quantile.ts'

export interface LookBackInput {
  readonly dir: string
  /** Events of the one person. */
  readonly events: number
  /** Events of the others, over the same days. */
  readonly others: number
  readonly actors: number
}

export interface LookBackFigures {
  /** Of the one person, as stored. */
  readonly events: number
  readonly others: number
  /** From asking to what was found being stored. */
  readonly seconds: number
  readonly slowestSeconds: number
  readonly findings: number
  readonly peakRssBytes: number
}

const WORKDAYS = 62
const ROUNDS = 5
const PERSON = 0

/** One very busy person among a company's, whose past is examined again and again. */
await serveChild(async ({ dir, events, others, actors }: LookBackInput): Promise<LookBackFigures> => {
  await using core = await openBenchCore(dir, {})
  const startTime = startOfWorkdays(WORKDAYS, Date.now())
  const stream = (count: number, people: number, seed: number) =>
    createEventStream({
      actors: people,
      partitions: 1,
      startTime,
      eventsPerDay: Math.ceil(count / WORKDAYS),
      firstIndex: 0,
      seed,
    })
  const person = stream(events, 1, 1)
  const company = stream(others, actors, 2)
  let [personal, common] = [0, 0]
  const next = () => {
    // In the order of time, as far as a stream can tell: it has the time of the event that it gave last.
    const isPersonal = common === others || (personal < events && personal * others <= common * events)
    if (isPersonal) personal++
    else common++
    return (isPersonal ? person : company).next().json
  }
  await pushEvents(core, events + others, next)
  const actor = actorName(PERSON)
  const [{ stored }] = await core.db.query<{ stored: number }>(
    'SELECT count(*) AS stored FROM event_log WHERE actor = ?',
    [core.codes.findActor('default', actor)],
  )
  const examine = createExaminer({ ...core, now: () => Date.now() })
  const seconds: number[] = []
  let findings = 0
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    const outcome = await examine('default', actor, 'benchmark', { token_uid: 'bench', name: 'bench' })
    seconds.push((performance.now() - started) / 1000)
    if (outcome.kind !== 'examined') throw new Error(`${actor}: ${outcome.kind}`)
    findings = outcome.findings
  }
  const peakRssBytes = process.resourceUsage().maxRSS * 1024
  const slowestSeconds = Math.max(...seconds)
  return { events: stored, others, seconds: median(seconds), slowestSeconds, findings, peakRssBytes }
})
