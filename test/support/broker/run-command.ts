import { execFile } from 'node:child_process'

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. Rejects with the tail of what it printed; ENOENT stays visible as `code`. */
export function runCommand(program: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 32 << 20 }, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, stderr })
      if (error.code === 'ENOENT') return reject(error)
      const tail = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n')
      reject(new Error(`${program} ended with code ${String(error.code ?? error.signal)}:\n${tail}`, { cause: error }))
    })
  })
}
