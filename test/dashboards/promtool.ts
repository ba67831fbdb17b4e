import { spawnSync } from 'node:child_process'
import { ROOT } from '../architecture/source-files.ts'

const PACKAGES = { promtool: 'prometheus', amtool: 'prometheus-alertmanager' } as const
type Tool = keyof typeof PACKAGES

/** Runs promtool from the project's root and returns what it said; throws when it is not there or objects. */
export const promtool = (args: readonly string[], input = ''): string => runTool('promtool', args, input)

/** The same for Alertmanager's tool. */
export const amtool = (args: readonly string[]): string => runTool('amtool', args, '')

function runTool(tool: Tool, args: readonly string[], input: string): string {
  const { error, status, stdout, stderr } = spawnSync(tool, [...args], { cwd: ROOT, input, encoding: 'utf8' })
  if (error !== undefined) {
    throw new Error(
      `${tool} cannot be run (${error.message}). Install it: on Debian, apt-get install ${PACKAGES[tool]}.`,
    )
  }
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`)
  return stdout + stderr
}
