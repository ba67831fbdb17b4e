import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '..', '..')
const START_LIMIT_MS = 60_000
export const TOKEN = 'test-admin-token-0123456789abcdef'

export interface ServiceProcess {
  /** Where it listens, such as `http://127.0.0.1:40123`. */
  readonly address: string
  /** What it has written to standard error, newest last. */
  readonly log: readonly string[]
  /** A request with the administrator's token. */
  request(path: string, init?: RequestInit): Promise<Response>
  json<T>(path: string): Promise<T>
  /** Asks it to end and resolves with its exit code. */
  stop(): Promise<number | null>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Resolves with its exit code, however it ends. */
  readonly exited: Promise<number | null>
  [Symbol.asyncDispose](): Promise<void>
}

export interface StartingService {
  /** Resolves when it listens; rejects with the end of its log when it does not come up. */
  readonly listening: Promise<ServiceProcess>
  kill(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The service as users run it: `main.ts serve`, or another command that runs it, with `settings` in its environment, on any free port. */
export function launchService(
  settings: Readonly<Record<string, string>>,
  command: readonly string[] = ['serve'],
): StartingService {
  const child = spawn(process.execPath, [join(ROOT, 'main.ts'), ...command], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      TZ: 'UTC',
      CRMWATCH_HTTP_PORT: '0',
      CRMWATCH_ADMIN_TOKEN: TOKEN,
      CRMWATCH_TIMEZONE: 'UTC',
      CRMWATCH_HTTP_RATE_LIMIT_PER_MINUTE: '1000000',
      // The tests' events carry fixed dates, which are long past sooner or later.
      CRMWATCH_DATA_RETENTION_DAYS: '3650',
      ...settings,
    },
  })
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  void exited.then(() => process.off('exit', killOnExit))
  const log: string[] = []
  onLine(child.stderr, (line) => {
    log.push(line)
    if (log.length > 500) log.shift()
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const stop = async () => {
    child.kill('SIGTERM')
    return exited
  }
  const listening = new Promise<ServiceProcess>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The service ${why}:\n${log.slice(-30).join('\n')}`))
    const timer = setTimeout(() => fail(`did not listen within ${START_LIMIT_MS} ms`), START_LIMIT_MS)
    void exited.then((code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
    onLine(child.stdout, (line) => {
      const address = /(http:\S+)\/docs\b/.exec(line)?.[1]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(serviceAt(address, { log, exited, kill, stop }))
    })
  })
  // Whoever kills a service before it listens has no use for the reason why it does not.
  listening.catch(() => undefined)
  return { listening, kill, [Symbol.asyncDispose]: kill }
}

export const startService = (
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<ServiceProcess> => launchService(settings, ['serve', ...args]).listening

function serviceAt(
  address: string,
  { log, exited, kill, stop }: Pick<ServiceProcess, 'log' | 'exited' | 'kill' | 'stop'>,
): ServiceProcess {
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${address}${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } })
  return {
    address,
    log,
    exited,
    kill,
    stop,
    request,
    async json<T>(path: string): Promise<T> {
      const answer = await request(path)
      if (!answer.ok) {
        throw new Error(`${path} answered ${answer.status}: ${await answer.text()}\n${log.slice(-5).join('\n')}`)
      }
      return (await answer.json()) as T
    },
    [Symbol.asyncDispose]: kill,
  }
}

function onLine(stream: ChildProcess['stdout'], take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', take)
}
