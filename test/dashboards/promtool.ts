import { spawnSync } from 'node:child_process'
import { ROOT } from '../architecture/source-files.ts'

/** Runs promtool from the project's root and returns what it said; throws when it is not there or objects. */
export function promtool(args: readonly string[], input = ''): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', [...args], { cwd: ROOT, input, encoding: 'utf8' })
  if (error !== undefined) {
    throw new Error(`promtool cannot be run (${error.message}). Install it: on Debian, apt-get install prometheus.`)
  }
  if (status !== 0) throw new Error(`promtool ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`)
  return stdout + stderr
}
