import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProgramOptions {
  /** What to call it in messages. */
  readonly title: string
  /** Names under which it may be installed, the likeliest first. */
  readonly commands: readonly string[]
  readonly args: readonly string[]
  /** Answers with a success once it is ready. */
  readonly readyUrl: string
  /** How to get it where it is missing. */
  readonly install: string
}

export interface BackgroundProgram extends AsyncDisposable {
  /** What it has written, newest last. */
  readonly log: readonly string[]
}

const START_LIMIT_MS = 30_000
const KEPT_LINES = 100

/** Starts a program that ends with the test, and resolves when it is ready; rejects with the reason, or its log. */
export async function startProgram(options: ProgramOptions): Promise<BackgroundProgram> {
  for (const command of options.commands) {
    const program = await launch(command, options)
    if (program !== null) return program
  }
  const { title, commands, install } = options
  throw new Error(`${title} cannot be run: there is no command \`${commands.join('` or `')}\`. ${install}`)
}

/** Null when there is no such command. */
async function launch(command: string, { title, args, readyUrl }: ProgramOptions): Promise<BackgroundProgram | null> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const log: string[] = []
  const keep = (chunk: Buffer) => {
    log.push(...chunk.toString().trimEnd().split('\n'))
    log.splice(0, log.length - KEPT_LINES)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let ended: string | null = null
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = 'code' in error && error.code === 'ENOENT' ? 'ENOENT' : error.message
      resolve()
    })
    child.once('close', (code) => {
      ended ??= `ended with ${code}`
      resolve()
    })
  })
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  const end = async () => {
    child.kill('SIGKILL')
    await gone
    process.off('exit', killOnExit)
  }
  const deadline = Date.now() + START_LIMIT_MS
  while (!(await answers(readyUrl))) {
    if (ended === null && Date.now() > deadline) ended = `was not ready after ${START_LIMIT_MS} ms`
    if (ended === null) {
      await sleep(50)
      continue
    }
    await end()
    if (ended === 'ENOENT') return null
    throw new Error(`${title} ${ended}:\n${log.join('\n')}`)
  }
  return { log, [Symbol.asyncDispose]: end }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  )
