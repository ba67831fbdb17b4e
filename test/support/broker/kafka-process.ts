import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Runs Java so that it ends when this process does, however that ends: the shell kills it when its standard input is
 * closed, which the system does even for a process that was killed.
 */
const TIED_TO_PARENT = `
exec 3<&0
"$@" </dev/null 3<&- & java=$!
echo "pid $java"
{ cat >/dev/null; kill -9 $java; } <&3 2>/dev/null & watcher=$!
exec 3<&-
wait $java; code=$?
kill $watcher 2>/dev/null
exit $code`
const STARTED = 'Kafka Server started'
const START_LIMIT_MS = 60_000

export interface KafkaProcess {
  /** Ends the broker and resolves when it is gone. SIGTERM lets it close its logs; SIGKILL does not. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Resolves when the broker answers requests. Rejects with the tail of its log when it does not come up. */
export async function startKafkaProcess(javaArguments: readonly string[]): Promise<KafkaProcess> {
  const child = spawn('sh', ['-c', TIED_TO_PARENT, 'sh', 'java', ...javaArguments], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('exit', () => child.stdin.destroy())
  child.stdin.on('error', () => {})
  const recent: string[] = []
  let javaPid = 0
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && javaPid > 0) {
      try {
        process.kill(javaPid, signal)
      } catch {
        // It ended by itself in the meantime.
      }
    }
    await gone
  }
  const started = new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The Kafka broker ${why}:\n${recent.join('\n')}`))
    const timer = setTimeout(() => fail(`was not up after ${START_LIMIT_MS} ms`), START_LIMIT_MS)
    onLine(child, (line) => {
      recent.push(line)
      if (recent.length > 40) recent.shift()
      if (line.startsWith('pid ')) javaPid = Number(line.slice(4))
      if (!line.includes(STARTED)) return
      clearTimeout(timer)
      resolve()
    })
    child.once('error', (error) => fail(`could not be started (${error.message})`))
    void gone.then(() => {
      clearTimeout(timer)
      fail('ended')
    })
  })
  try {
    await started
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return { end }
}

function onLine(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', take)
  }
}
