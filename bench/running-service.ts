import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const START = join(import.meta.dirname, '..', 'start.ts')
const READY_LIMIT_MS = 120_000
const POLL_MS = 25
const END_LIMIT_MS = 20_000

/** The service as `npm start` starts it. */
export interface RunningService extends AsyncDisposable {
  readonly address: string
  /** From the start of the process until /readyz answered 200. */
  readonly readySeconds: number
  /** Resident memory of the process now. */
  rssBytes(): Promise<number>
}

export async function startService(
  environment: Readonly<Record<string, string>>,
  port: number,
  signal: AbortSignal,
): Promise<RunningService> {
  const started = performance.now()
  const address = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [START], {
    env: { PATH: process.env.PATH, CRMWATCH_HTTP_PORT: String(port), CRMWATCH_LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
    killSignal: 'SIGKILL',
  })
  child.on('error', () => undefined)
  const stop = () => end(child)
  try {
    const readySeconds = await waitReady(address, child, started)
    return { address, readySeconds, rssBytes: () => rssOf(child), [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function waitReady(address: string, child: ChildProcess, started: number): Promise<number> {
  while (performance.now() - started < READY_LIMIT_MS) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}`)
    const status = await fetch(`${address}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return (performance.now() - started) / 1000
    await sleep(POLL_MS)
  }
  throw new Error('The service was not ready in time')
}

async function rssOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const limit = new AbortController()
  await Promise.race([ended, sleep(END_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined)])
  limit.abort()
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}
