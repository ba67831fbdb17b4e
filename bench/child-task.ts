import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { NODE_FLAGS, withAllocator } from '../cli/process-settings.ts'

/** Runs a file of this folder in a process of its own, started as the service is, with `input`, and returns what it reports. */
export async function runChild<Result>(
  file: string,
  input: object,
  { signal, execArgv = [] }: { readonly signal: AbortSignal; readonly execArgv?: readonly string[] },
): Promise<Result> {
  const child = fork(file, [JSON.stringify(input)], {
    execArgv: [...NODE_FLAGS, ...execArgv],
    env: withAllocator(process.env),
    signal,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return await new Promise<Result>((resolve, reject) => {
    let result: { readonly value: Result } | null = null
    child.on('message', (message) => {
      result = { value: message as Result }
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (result !== null && code === 0) resolve(result.value)
      else reject(new Error(`${file} ended with ${code} and no result`))
    })
  })
}

/** As runChild(), in a folder of its own, which is made and given along. */
export async function runChildIn<Result>(
  dir: string,
  file: string,
  input: object,
  options: Parameters<typeof runChild>[2],
): Promise<Result> {
  mkdirSync(dir)
  return await runChild<Result>(file, { dir, ...input }, options)
}

/** The child's side: takes the input, reports the result, and ends. */
export async function serveChild<Input>(work: (input: Input) => Promise<object>): Promise<void> {
  const result = await work(JSON.parse(process.argv[2]) as Input)
  await new Promise<void>((resolve) => process.send?.(result, () => resolve()))
  process.disconnect()
}
