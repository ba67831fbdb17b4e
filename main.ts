#!/usr/bin/env node
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkConfig, printFaults } from './cli/check-config.ts'
import type { Command, ImportCommand } from './cli/command.ts'
import { parseCommand } from './cli/parse-command.ts'
import { readProcess } from './cli/read-process.ts'
import { checkFiles } from './commands/check-files.ts'
import { convert } from './commands/convert.ts'
import { createLogger } from './commands/create-logger.ts'
import { demo } from './commands/demo.ts'
import { evaluate } from './commands/evaluate.ts'
import { importInto } from './commands/import.ts'
import { map } from './commands/map.ts'
import { notifyTest } from './commands/notify-test.ts'
import { replay } from './commands/replay.ts'
import { serve } from './commands/serve.ts'
import { importSource } from './commands/sources/import-source.ts'
import { createToken, listTokens, revokeToken } from './commands/tokens.ts'
import { tune } from './commands/tune.ts'
import { type Config, type ConfigSources, loadConfig } from './config.ts'
import { checkDetectors } from './detectors/check-settings.ts'
import { openFile, openStream } from './ingest/adapters/files/open-file.ts'
import { checkSources } from './ingest/sources/check-sources.ts'
import { errorCode } from './model/error-code.ts'
import { loggableError } from './model/loggable-error.ts'

const version: string = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).version
const now = () => Date.now()
const monotonic = () => performance.now()
const after = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const { stdout, stderr, env } = process

const sourcesFor = (file: string | null): ConfigSources => ({
  file,
  env,
  cwd: process.cwd(),
  readFile: (path) => readFileSync(path, 'utf8'),
  checkDetectors,
  checkSources,
  glob: (pattern) => globSync(pattern),
})

/** The configuration, or the faults on standard error. */
function configOf(file: string | null, overrides: Record<string, string> = {}): Config | null {
  const sources = sourcesFor(file)
  const result = loadConfig({ ...sources, env: { ...sources.env, ...overrides } })
  if (result.ok) return result.config
  printFaults(result.faults, stderr)
  return null
}

const openLogs = (file: string) => (file === '-' ? openStream(process.stdin) : openFile(file))
const loggerOf = (config: Config) => createLogger(config, stderr.isTTY === true)

const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const
type Interrupt = keyof typeof EXIT_STATUS

function onInterrupt(act: (signal: Interrupt) => void): void {
  process.on('SIGINT', act)
  process.on('SIGTERM', act)
}

/** Ends the process at the first SIGINT or SIGTERM, with what is to be done on exit. */
const exitWhenInterrupted = (): void => onInterrupt((signal) => process.exit(EXIT_STATUS[signal]))

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false
    onInterrupt((signal) => {
      if (asked) process.exit(EXIT_STATUS[signal])
      asked = true
      resolve()
    })
  })

/** Services end when they have put away what they hold, all else at once. */
const RUN_ON: readonly Command['command'][] = ['serve', 'demo']

function importFiles(command: ImportCommand): Promise<number> {
  const parts = { token: command.token ?? env.CRMWATCH_TOKEN ?? '', stdout, stderr, monotonic, sleep }
  return command.source === null ? importInto(command, parts) : importSource(command, command.source, parts)
}

async function run(command: Command): Promise<number> {
  if (!RUN_ON.includes(command.command)) exitWhenInterrupted()
  switch (command.command) {
    case 'help':
      stdout.write(command.text)
      return 0
    case 'version':
      stdout.write(`crmwatch ${version}\n`)
      return 0
    case 'check-config':
      return checkConfig(sourcesFor(command.config), stdout, stderr, checkFiles)
    case 'import':
      return importFiles(command)
    case 'convert':
      return convert(command, {
        write: async (text) => {
          if (!stdout.write(text)) await once(stdout, 'drain')
        },
        stderr,
        openLogs,
      })
    case 'map':
      return map(command, { stdout, stderr, openLogs })
    case 'demo':
      return demo(command, {
        configFor: (overrides) => configOf(null, overrides),
        createLogger: loggerOf,
        version,
        logLevel: env.CRMWATCH_LOG_LEVEL,
        now,
        monotonic,
        readProcess,
        breathe,
        after,
        sleep,
        interrupted: interrupted(),
        stdout,
        stderr,
      })
  }
  const config = configOf(command.config)
  if (config === null) return 2
  switch (command.command) {
    case 'serve':
      return serve({
        config,
        logger: loggerOf(config),
        version,
        now,
        after,
        readProcess,
        breathe,
        interrupted: interrupted(),
        stdout,
      })
    case 'replay':
      return replay(command, { config, stdout, stderr, now, monotonic })
    case 'evaluate':
      return evaluate(command, { config, stdout, stderr, now, monotonic })
    case 'tune':
      return tune(command, { config, configOf, stdout, stderr, now, monotonic })
    case 'notify-test':
      return notifyTest(command, { config, logger: loggerOf(config), version, now, after, stdout, stderr })
    case 'token-create':
      return createToken(command, config, now(), stdout)
    case 'token-list':
      return listTokens(config, stdout)
    case 'token-revoke':
      return revokeToken(command, config, now(), stdout, stderr)
  }
}

function tell(error: unknown): void {
  const { message, frames } = loggableError(error)
  stderr.write(`crmwatch: ${message}\n`)
  if (env.CRMWATCH_LOG_LEVEL === 'debug') stderr.write(frames.map((frame) => `${frame}\n`).join(''))
}

// What crmwatch writes holds personal data and is for its own user alone, whatever the mode of the folder that it goes to.
process.umask(0o077)
// Node itself would print all that the error says.
process.on('uncaughtException', (error) => {
  tell(error)
  process.exit(1)
})

const command = parseCommand(process.argv.slice(2))
if (command.command === 'usage-error') {
  stderr.write(`crmwatch: ${command.message}\n${command.hint}\n`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await run(command)
  } catch (error) {
    // Whoever read the output has seen enough, as `head` does.
    if (errorCode(error) === 'EPIPE') process.exit(0)
    tell(error)
    process.exitCode = 1
  }
  process.exit()
}
