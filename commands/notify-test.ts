import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import type { Logger } from 'pino'
import type { Attempt } from '../alerts/delivery/notifier.ts'
import type { NotifyTestCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { nearest } from '../config/nearest.ts'
import type { Config } from '../config.ts'
import { createTopicPublisher } from '../ingest/kafka/topic-publisher.ts'
import { createNotifier } from './delivery/create-notifier.ts'
import { kafkaConnection } from './kafka-connection.ts'

export interface NotifyTestParts {
  readonly config: Config
  readonly logger: Logger
  readonly version: string
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  readonly stdout: Output
  readonly stderr: Output
}

/** Sends a marked test to a channel and says what the other side answered; returns the exit status. */
export async function notifyTest({ channel: name }: NotifyTestCommand, parts: NotifyTestParts): Promise<0 | 1 | 2> {
  const { config, stdout, stderr, now } = parts
  const names = Object.keys(config.channels)
  if (!names.includes(name)) {
    const near = nearest(name, names)
    const hint =
      near !== null ? `did you mean ${near}?` : names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`
    stderr.write(`crmwatch: no channel is called '${name}'; ${hint}\n`)
    return 2
  }
  const channel = config.channels[name]
  const publisher = channel.type === 'kafka' ? createTopicPublisher(kafkaConnection(config), parts) : null
  const lookUp = (hostname: string) => lookup(hostname, { all: true })
  const notifier = createNotifier(channel, { ...parts, lookUp, publisher })
  const controller = new AbortController()
  const cancel = parts.after(config.delivery.timeout_ms, () => controller.abort())
  try {
    const started = now()
    const message = { kind: 'test', uid: `test_${randomUUID()}`, at: started, channel: name } as const
    const attempt = await notifier.notify(message, controller.signal)
    const output = attempt.outcome === 'delivered' ? stdout : stderr
    output.write(`${describeAttempt(name, channel.type, attempt, now() - started)}\n`)
    return attempt.outcome === 'delivered' ? 0 : 1
  } finally {
    cancel()
    await publisher?.[Symbol.asyncDispose]()
  }
}

/** `soc (slack): delivered in 120 ms; answer 200: ok` */
export function describeAttempt(name: string, type: string, attempt: Attempt, ms: number): string {
  const status = attempt.status === null ? '' : `; answer ${attempt.status}`
  const answer = attempt.answer === '' ? '' : `${status === '' ? ';' : ':'} ${attempt.answer}`
  if (attempt.outcome === 'delivered') return `${name} (${type}): delivered in ${ms} ms${status}${answer}`
  const retry = attempt.worthRetry ? 'the service would try again' : 'the service would give it up'
  return `${name} (${type}): not delivered, ${attempt.failure.replaceAll('_', ' ')} after ${ms} ms${status}${answer}; ${retry}`
}
