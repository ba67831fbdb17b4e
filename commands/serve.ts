import type { Logger } from 'pino'
import type { ProcessReading } from '../api/process-metrics.ts'
import type { Output } from '../cli/output.ts'
import type { Config } from '../config.ts'
import { startService } from './service.ts'

export interface ServeParts {
  readonly config: Config
  readonly logger: Logger
  readonly version: string
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  readonly readProcess: () => ProcessReading
  readonly breathe: () => Promise<void>
  readonly interrupted: Promise<void>
  readonly stdout: Output
}

/** Runs the service until it is interrupted (0) or cannot go on (1). */
export async function serve({
  config,
  logger,
  version,
  now,
  after,
  readProcess,
  breathe,
  interrupted,
  stdout,
}: ServeParts): Promise<number> {
  let onFatal: (error: Error) => void = () => undefined
  const fatal = new Promise<Error>((resolve) => {
    onFatal = resolve
  })
  const service = await startService({
    config,
    logger,
    version,
    now,
    after,
    readProcess,
    breathe,
    onFatal,
    onAlert: ({ type, alert }) => {
      const { alert_uid, detector, severity, score, leaver } = alert
      logger.info({ type, alert_uid, detector, severity, score, leaver }, 'Alert')
    },
  })
  if (service.newAdminToken !== null) {
    stdout.write(`\n  Admin token (shown once; keep it): ${service.newAdminToken}\n\n`)
  }
  const source =
    config.kafka.brokers.length === 0
      ? 'events by HTTP'
      : `events from Kafka at ${config.kafka.brokers.join(', ')} and by HTTP`
  stdout.write(
    `crmwatch ${version} listens on ${service.address} (${source}); API documentation at ${service.address}/docs\n`,
  )
  const outcome = await Promise.race([interrupted.then(() => null), fatal])
  // After a failed write nothing more can be saved; the next start rebuilds from what was committed.
  if (outcome !== null) return 1
  await service[Symbol.asyncDispose]()
  return 0
}
