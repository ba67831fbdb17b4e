import type { Conflict, Note } from '../config/conflict.ts'
import { showConfig } from '../config/show-config.ts'
import { type Config, type ConfigSources, type Fault, formatFault, loadConfig } from '../config.ts'
import type { Output } from './output.ts'

/** What a look at the files that a configuration names has found. */
export interface ConfigFindings {
  readonly faults: readonly Conflict[]
  readonly notes: readonly Note[]
}

/** Prints what is wrong with the configuration, or the one in force; returns the exit status. */
export function checkConfig(
  sources: ConfigSources,
  stdout: Output,
  stderr: Output,
  checkFiles: (config: Config) => ConfigFindings = () => ({ faults: [], notes: [] }),
): 0 | 2 {
  const result = loadConfig(sources)
  if (!result.ok) {
    printFaults(result.faults, stderr)
    return 2
  }
  const files = checkFiles(result.config)
  for (const note of [...result.notes, ...files.notes]) stderr.write(`note: ${note.path}: ${note.text}\n`)
  if (files.faults.length > 0) {
    printFaults(
      files.faults.map((fault) => ({ ...fault, origin: result.originOf(fault.path) })),
      stderr,
    )
    return 2
  }
  stdout.write(`# The configuration in force: defaults, ${result.file ?? 'no file'}, environment.\n`)
  stdout.write(showConfig(result.config))
  return 0
}

/** One line per fault and a count; for every command that loads the configuration. */
export function printFaults(faults: readonly Fault[], stderr: Output): void {
  for (const fault of faults) stderr.write(`${formatFault(fault)}\n`)
  stderr.write(`crmwatch: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the configuration\n`)
}
