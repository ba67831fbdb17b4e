import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrokerCertificate, createCertificate } from './broker/certificate.ts'
import { findFreePort } from './broker/free-port.ts'
import { fetchKafkaJars } from './broker/kafka-jars.ts'
import { type KafkaProcess, startKafkaProcess } from './broker/kafka-process.ts'
import { runCommand } from './broker/run-command.ts'
import { type BrokerUser, writeServerProperties } from './broker/server-properties.ts'

export type { BrokerUser, Mechanism } from './broker/server-properties.ts'

export interface BrokerOptions {
  /** The test stops, kills or reconfigures its broker, so it gets one of its own even where KAFKA_BROKERS names one. */
  readonly own?: boolean
  /** Adds a second listener that asks for SASL, with or without TLS. */
  readonly secured?: { readonly protocol: 'SASL_SSL' | 'SASL_PLAINTEXT'; readonly users: readonly BrokerUser[] }
  /** Lines of server.properties to add or replace. */
  readonly properties?: Readonly<Record<string, string>>
  readonly heapMegabytes?: number
}

export interface Broker {
  readonly brokers: string[]
  /** The listener asked for by `secured`; `ca` is the certificate to trust, null without TLS. */
  readonly secured: { readonly brokers: string[]; readonly ca: string | null } | null
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same ports and the same log directory. */
  start(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const CLUSTER_ID = 'crmwatch-tests-cluster'
const ATTEMPTS = 3
const LOG_SETTINGS = `
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = INFO
`

/** A real Apache Kafka broker on loopback, a single KRaft node in a directory of its own that goes with it. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const outside = process.env.KAFKA_BROKERS
  if (outside && !options.own && !options.secured && !options.properties) return useOutsideBroker(outside.split(','))
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOwnBroker(options)
    } catch (error) {
      // Between looking for a free port and the broker's taking it, another program may have been quicker.
      if (attempt === ATTEMPTS || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function startOwnBroker(options: BrokerOptions): Promise<Broker> {
  const classPath = await fetchKafkaJars()
  const directory = await mkdtemp(join(tmpdir(), 'crmwatch-kafka-'))
  try {
    const [clientPort, controllerPort, securedPort] = [await findFreePort(), await findFreePort(), await findFreePort()]
    const users = options.secured?.users ?? []
    const certificate: BrokerCertificate | null =
      options.secured?.protocol === 'SASL_SSL' ? await createCertificate(directory) : null
    const properties = join(directory, 'server.properties')
    const lines = writeServerProperties({
      clientPort,
      controllerPort,
      securedPort,
      securedProtocol: options.secured?.protocol ?? null,
      users,
      keystore: certificate?.keystore ?? null,
      logDirectory: join(directory, 'log'),
      overrides: options.properties ?? {},
    })
    await writeFile(properties, `${lines.join('\n')}\n`)
    const logSettings = join(directory, 'log4j2.properties')
    await writeFile(logSettings, LOG_SETTINGS)
    const java = [
      `-Xmx${options.heapMegabytes ?? 512}m`,
      '-XX:+UseSerialGC',
      '-Xshare:auto',
      `-Dlog4j2.configurationFile=${logSettings}`,
      ...['-cp', classPath],
    ]
    const scramUsers = users.filter((user) => user.mechanism !== 'PLAIN')
    await runCommand('java', [
      '-XX:TieredStopAtLevel=1',
      ...java,
      ...['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties],
      ...scramUsers.flatMap((user) => [
        '--add-scram',
        `${user.mechanism}=[name=${user.name},password=${user.password}]`,
      ]),
    ])
    const launch = () => startKafkaProcess([...java, 'kafka.Kafka', properties])
    let running: KafkaProcess | null = await launch()
    const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
      await running?.end(signal)
      running = null
    }
    return {
      brokers: [`127.0.0.1:${clientPort}`],
      secured: options.secured ? { brokers: [`127.0.0.1:${securedPort}`], ca: certificate?.ca ?? null } : null,
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
      start: async () => {
        running ??= await launch()
      },
      [Symbol.asyncDispose]: async () => {
        await end('SIGKILL')
        await rm(directory, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

function useOutsideBroker(brokers: string[]): Broker {
  const refuse = (what: string) => async () => {
    throw new Error(`A broker named in KAFKA_BROKERS can't be ${what} by a test: ask for one with { own: true }`)
  }
  return {
    brokers,
    secured: null,
    stop: refuse('stopped'),
    kill: refuse('killed'),
    start: refuse('started'),
    [Symbol.asyncDispose]: async () => {},
  }
}
