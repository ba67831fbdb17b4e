import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { ROOT } from '../../architecture/source-files.ts'
import { type BackgroundProgram, startProgram } from '../../support/background-program.ts'
import { findFreePort } from '../../support/broker/free-port.ts'

const FOLDER = join(ROOT, 'dashboards', 'prometheus')
const read = (name: string) => parse(readFileSync(join(FOLDER, name), 'utf8'))

/** One series of an instant query's answer. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface Notification {
  readonly path: string
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }[]
}

export interface Monitoring extends AsyncDisposable {
  /** What the receivers of the example configuration were sent. */
  readonly notifications: readonly Notification[]
  query(expr: string): Promise<Sample[]>
  api<T>(path: string): Promise<T>
}

/** Waits that are for production would make the test wait as well. */
const SOON = { group_wait: '0s', group_interval: '1s' }

/**
 * Prometheus and Alertmanager with the configurations of dashboards/prometheus, changed only in addresses, folders and
 * waiting times. `service` is host and port; `tokenFile` may be written later.
 */
export async function startMonitoring(dir: string, service: string, tokenFile: string): Promise<Monitoring> {
  const notifications: Notification[] = []
  const receiver = await startReceiver(notifications)
  const { port: receiverPort } = receiver.address() as AddressInfo
  const alertmanager = `127.0.0.1:${await findFreePort()}`
  const prometheus = `127.0.0.1:${await findFreePort()}`
  const programs: BackgroundProgram[] = []
  const dispose = async () => {
    for (const program of programs) await program[Symbol.asyncDispose]()
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
  }
  try {
    programs.push(await startAlertmanager(dir, alertmanager, receiverPort))
    programs.push(await startPrometheus(dir, { prometheus, alertmanager, service, tokenFile }))
  } catch (error) {
    await dispose()
    throw error
  }
  const api = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://${prometheus}/api/v1/${path}`)
    const body = await response.text()
    if (!response.ok) throw new Error(`${decodeURIComponent(path)}: ${body}`)
    return (JSON.parse(body) as { data: T }).data
  }
  return {
    notifications,
    api,
    async query(expr) {
      const { result } = await api<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`)
      return result
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function startReceiver(notifications: Notification[]): Promise<Server> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      notifications.push({ path: request.url ?? '', alerts: JSON.parse(body).alerts })
      response.end()
    })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function startAlertmanager(dir: string, address: string, receiverPort: number): Promise<BackgroundProgram> {
  const config = read('alertmanager.example.yml')
  Object.assign(config.route, SOON)
  for (const route of config.route.routes) {
    Object.assign(route, SOON)
    delete route.mute_time_intervals
  }
  for (const { webhook_configs } of config.receivers) {
    for (const webhook of webhook_configs) webhook.url = webhook.url.replace(/:\d+\//, `:${receiverPort}/`)
  }
  const file = join(dir, 'alertmanager.yml')
  writeFileSync(file, stringify(config))
  return startProgram({
    title: 'Alertmanager',
    // As Debian names it, and as everybody else does.
    commands: ['prometheus-alertmanager', 'alertmanager'],
    args: [
      `--config.file=${file}`,
      `--storage.path=${join(dir, 'alertmanager')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    readyUrl: `http://${address}/-/ready`,
    install: 'Install it: on Debian, apt-get install prometheus-alertmanager.',
  })
}

interface Addresses {
  readonly prometheus: string
  readonly alertmanager: string
  readonly service: string
  readonly tokenFile: string
}

function startPrometheus(
  dir: string,
  { prometheus, alertmanager, service, tokenFile }: Addresses,
): Promise<BackgroundProgram> {
  const config = read('prometheus.yml')
  config.global = { scrape_interval: '500ms', evaluation_interval: '500ms' }
  config.rule_files = config.rule_files.map((name: string) => join(FOLDER, name))
  config.alerting = { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] }
  const [job] = config.scrape_configs
  job.authorization.credentials_file = tokenFile
  job.static_configs[0].targets = [service]
  const file = join(dir, 'prometheus.yml')
  writeFileSync(file, stringify(config))
  return startProgram({
    title: 'Prometheus',
    commands: ['prometheus'],
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(dir, 'prometheus')}`,
      `--web.listen-address=${prometheus}`,
      '--log.level=warn',
    ],
    readyUrl: `http://${prometheus}/-/ready`,
    install: 'Install it: on Debian, apt-get install prometheus.',
  })
}
