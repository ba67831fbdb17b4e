import { writeFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { ProcessReading } from '../api/process-metrics.ts'
import type { AlertStreamEvent } from '../api/services.ts'
import type { DemoCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { createProgress } from '../cli/progress.ts'
import type { Config } from '../config.ts'
import { createStory, STORY_PACE, type Story, storyWaitMs } from '../fixtures/demo/story.ts'
import { parseStaffRecord } from '../ingest/staff/parse-staff.ts'
import { openDemoFolder, tokenPath } from './demo-folder.ts'
import { createReminder, formatAlert } from './format-alert.ts'
import { type Service, startService } from './service.ts'

export interface DemoParts {
  readonly configFor: (overrides: Record<string, string>) => Config | null
  readonly createLogger: (config: Config) => Logger
  readonly version: string
  /** As the environment asks for it. */
  readonly logLevel: string | undefined
  readonly now: () => number
  readonly monotonic: () => number
  readonly readProcess: () => ProcessReading
  readonly breathe: () => Promise<void>
  readonly after: (ms: number, callback: () => void) => () => void
  readonly sleep: (ms: number) => Promise<void>
  readonly interrupted: Promise<void>
  readonly stdout: Output
  readonly stderr: Output
}

const HISTORY_SLICE = 2_000
/** Live events that are due within this time are sent together. */
const SENT_TOGETHER_MS = 40

/** The service itself, fed by a simulated CRM: eight weeks of history, then a present in which a leaver copies contacts. */
export async function demo(command: DemoCommand, parts: DemoParts): Promise<number> {
  const { stdout } = parts
  const config = parts.configFor({
    CRMWATCH_DATA_DIR: command.dataDir,
    CRMWATCH_TIMEZONE: 'Europe/Berlin',
    CRMWATCH_LOG_LEVEL: parts.logLevel ?? 'warn',
    ...(command.port === null ? {} : { CRMWATCH_HTTP_PORT: String(command.port) }),
  })
  if (config === null) return 2
  const { dataDir, fresh, seed } = command
  const beginning = await openDemoFolder(dataDir, { fresh, beginning: { now: parts.now(), seed } })
  const story = createStory({ now: beginning.now, seed: `salon-${beginning.seed}` })

  const worthSaying = createReminder()
  let live = false
  let stopped = false
  let fatal: Error | null = null
  const stop = () => {
    stopped = true
  }
  void parts.interrupted.then(stop)
  /** Story time: the newest event handed over. The service runs by it, so that "now" is the story's now. */
  let storyNow = story.liveFrom
  const onAlert = (event: AlertStreamEvent) => {
    if (!live) return
    if (!worthSaying(event)) return
    stdout.write(formatAlert(event, service.address, stdout.isTTY === true))
    if (command.once) stop()
  }
  const service = await startService({
    // Nobody is called because of a story, whatever the configuration in this folder says.
    config: { ...config, channels: {}, routes: [] },
    logger: parts.createLogger(config),
    version: parts.version,
    now: () => storyNow,
    after: parts.after,
    readProcess: parts.readProcess,
    breathe: parts.breathe,
    onFatal: (error) => {
      fatal = error
      stop()
    },
    onAlert,
  })
  try {
    if (service.newAdminToken !== null) writeFileSync(tokenPath(dataDir), `${service.newAdminToken}\n`, { mode: 0o600 })
    const seen = await newestEventTime(service)
    if (seen < story.liveFrom) {
      if (!(await foldHistory(service, story, seen, parts, () => stopped))) return 0
    } else {
      storyNow = seen
    }
    live = true
    announce(command, service, stdout)
    await play(service, story, {
      from: storyNow,
      pace: command.pace ?? STORY_PACE,
      sleep: parts.sleep,
      interrupted: parts.interrupted,
      stopped: () => stopped,
      at: (time) => {
        storyNow = time
      },
    })
  } finally {
    if (fatal === null) await service[Symbol.asyncDispose]()
  }
  if (fatal !== null) return 1
  stdout.write('\nStopped. Start the demo again to go on where it was.\n')
  return 0
}

async function newestEventTime({ core }: Service): Promise<number> {
  const [row] = await core.db.query<{ newest: number | null }>('SELECT max(time) AS newest FROM event_log')
  return row?.newest ?? Number.NEGATIVE_INFINITY
}

/** Hands over the history with a progress bar; false when it was interrupted. What was handed over before is skipped. */
async function foldHistory(
  { core }: Service,
  story: Story,
  seen: number,
  { stderr, monotonic }: DemoParts,
  stopped: () => boolean,
): Promise<boolean> {
  const weeks = Math.round((story.liveFrom - story.historyFrom) / (7 * 86_400_000))
  const progress = createProgress({
    label: `${weeks} weeks of history`,
    unit: 'days',
    total: weeks * 7,
    stream: stderr,
    now: monotonic,
  })
  const days = (time: string) => Math.floor((Date.parse(time) - story.historyFrom) / 86_400_000)
  await core.pipeline.submitStaff(staffOf(story.staff, story.liveFrom))
  let slice: Buffer[] = []
  let folded = 0
  let reached = 0
  for (const event of story.history()) {
    if (Date.parse(event.time) < seen) continue
    slice.push(Buffer.from(JSON.stringify(event)))
    reached = days(event.time)
    if (slice.length < HISTORY_SLICE) continue
    await core.pipeline.submitEvents(slice, 'demo', null)
    folded += slice.length
    slice = []
    progress.update(reached)
    if (stopped()) return false
  }
  await core.pipeline.submitEvents(slice, 'demo', null)
  await core.pipeline.drain()
  progress.finish(weeks * 7)
  const [past] = await core.db.query<{ n: number }>('SELECT count(*) AS n FROM alerts')
  stderr.write(
    `${(folded + slice.length).toLocaleString('en-US')} events of 60 people folded; ${past.n} alerts in those ${weeks} weeks\n`,
  )
  return true
}

function staffOf(records: readonly object[], now: number) {
  return records.map((record) => {
    const parsed = parseStaffRecord(record, { org: 'default', now })
    if (!parsed.ok) throw new Error(`the story's staff: ${parsed.reason}`)
    return parsed.record
  })
}

interface Playing {
  readonly from: number
  readonly pace: number
  readonly sleep: (ms: number) => Promise<void>
  readonly interrupted: Promise<void>
  readonly stopped: () => boolean
  readonly at: (time: number) => void
}

async function play(
  { core }: Service,
  story: Story,
  { from, pace, sleep, interrupted, stopped, at }: Playing,
): Promise<void> {
  const later = [...story.laterStaff]
  let storyTime = from
  let due: Buffer[] = []
  let waited = 0
  for (const event of story.liveEvents(from)) {
    const time = Date.parse(event.time)
    waited += storyWaitMs(time - storyTime) * (STORY_PACE / pace)
    storyTime = time
    if (waited >= SENT_TOGETHER_MS) {
      await Promise.race([Promise.all([core.pipeline.submitEvents(due, 'demo', null), sleep(waited)]), interrupted])
      due = []
      waited = 0
    }
    if (stopped() || core.pipeline.failure !== null) return
    at(time)
    while (later.length > 0 && Date.parse(later[0].recorded_at) <= time) {
      await core.pipeline.submitStaff(staffOf(later.splice(0, 1), time))
    }
    due.push(Buffer.from(JSON.stringify(event)))
  }
}

function announce(command: DemoCommand, service: Service, stdout: Output): void {
  stdout.write(
    [
      '',
      `crmwatch watches the simulated CRM live, ${command.pace ?? STORY_PACE} times faster than life. Within a minute a colleague in the notice period starts copying contacts.`,
      `  Alerts:  curl -H "Authorization: Bearer $(cat ${tokenPath(command.dataDir)})" ${service.address}/v1/alerts`,
      `  API:     ${service.address}/docs        Ctrl-C stops.`,
      '',
      '',
    ].join('\n'),
  )
}
