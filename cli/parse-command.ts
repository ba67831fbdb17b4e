import { parseArgs } from 'node:util'
import { nearest } from '../config/nearest.ts'
import type { Command, UsageError } from './command.ts'
import type { CommandSpec } from './command-spec.ts'
import { COMMANDS } from './commands.ts'
import { createGiven, UsageMistake } from './given.ts'
import { commandHelp, groupHelp, programHelp } from './help.ts'
import { allowedFor, type OptionSpec } from './option-spec.ts'

/** Reads the arguments after the program's name. Never throws for what a user can type. */
export function parseCommand(argv: readonly string[]): Command | UsageError {
  const [first, ...rest] = argv
  if (first === '--help' || first === '-h') return { command: 'help', text: programHelp() }
  if (first === '--version' || first === '-V') return { command: 'version' }
  if (first === 'help') return helpOn(rest)
  if (first === undefined || first.startsWith('-')) return run(COMMANDS[0], argv)
  const found = findCommand(argv)
  if (found !== null) return run(found.spec, found.rest)
  return isGroup(first) ? groupWithoutAction(first, rest) : unknownCommand(first)
}

function findCommand(argv: readonly string[]): { spec: CommandSpec; rest: readonly string[] } | null {
  for (const spec of COMMANDS) {
    const words = spec.name.split(' ')
    if (words.every((word, index) => argv[index] === word)) return { spec, rest: argv.slice(words.length) }
  }
  return null
}

const isGroup = (word: string): boolean => COMMANDS.some((spec) => spec.name.startsWith(`${word} `))

function helpOn(words: readonly string[]): Command | UsageError {
  if (words.length === 0) return { command: 'help', text: programHelp() }
  const found = findCommand(words)
  if (found !== null) return { command: 'help', text: commandHelp(found.spec) }
  return isGroup(words[0]) ? { command: 'help', text: groupHelp(words[0]) } : unknownCommand(words[0])
}

function groupWithoutAction(group: string, [action]: readonly string[]): Command | UsageError {
  if (action === '--help' || action === '-h') return { command: 'help', text: groupHelp(group) }
  const actions = COMMANDS.filter((spec) => spec.name.startsWith(`${group} `)).map((spec) => spec.name.split(' ')[1])
  const message = action === undefined ? `'${group}' needs an action` : `unknown action '${action}' for '${group}'`
  return { command: 'usage-error', message: `${message}: ${actions.join(', ')}`, hint: seeHelp(group) }
}

function unknownCommand(word: string): UsageError {
  const near = nearest(word, new Set(COMMANDS.map((spec) => spec.name.split(' ')[0])))
  const suggestion = near === null ? '' : `; did you mean '${near}'?`
  return { command: 'usage-error', message: `unknown command '${word}'${suggestion}`, hint: seeHelp(null) }
}

const seeHelp = (name: string | null): string => `See 'crmwatch ${name === null ? '' : `${name} `}--help'.`

function run(spec: CommandSpec, args: readonly string[]): Command | UsageError {
  if (asksForHelp(args)) return { command: 'help', text: commandHelp(spec) }
  try {
    return spec.build(readOptions(spec, args))
  } catch (error) {
    if (!(error instanceof UsageMistake)) throw error
    return { command: 'usage-error', message: `${spec.name}: ${error.message}`, hint: seeHelp(spec.name) }
  }
}

const asksForHelp = (args: readonly string[]): boolean => {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')
}

function readOptions(spec: CommandSpec, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(spec.options).map(([name, option]) => [
      name,
      { type: option.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  )
  // Not strict, for parseArgs' own messages run over several lines; the checks are below.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  /** Where further words go: values of an option that takes several. */
  let taking: string[] | null = null
  /** The option before, when it takes one value each time. */
  let repeated: string | null = null
  let takenAt = -1
  for (const token of tokens) {
    if (token.index === takenAt) continue
    if (token.kind === 'option-terminator') {
      taking = null
    } else if (token.kind === 'positional') {
      if (taking === null && repeated !== null && spec.argument === undefined)
        throw new UsageMistake(
          `unexpected argument '${token.value}'; to give several, repeat the option: ${repeated} ${token.value}`,
        )
      ;(taking ?? positionals).push(token.value)
    } else if (taking !== null && BELOW_ZERO.test(token.rawName)) {
      takenAt = token.index
      taking.push(args[token.index])
    } else {
      const option = Object.hasOwn(spec.options, token.name) ? spec.options[token.name] : undefined
      if (option === undefined || !token.rawName.startsWith('--')) throw unknownOption(spec, token.rawName)
      if (values.has(token.name) && option.many !== true && option.repeatable !== true)
        throw new UsageMistake(`${token.rawName} is given twice`)
      const bucket = values.get(token.name) ?? []
      values.set(token.name, bucket)
      taking = option.many === true ? bucket : null
      repeated = option.repeatable === true ? token.rawName : null
      if (option.value === undefined) {
        if (token.value !== undefined) throw new UsageMistake(`${token.rawName} takes no value`)
      } else if (isMissing(option, token.value, token.inlineValue === true)) {
        throw new UsageMistake(`${token.rawName} needs ${allowedFor(option)}`)
      } else {
        bucket.push(String(token.value))
      }
    }
  }
  checkArguments(spec, positionals)
  return createGiven(spec.options, values, positionals)
}

/** Such as `-1`: no option, but a number that is out of bounds. */
const BELOW_ZERO = /^-\.?\d/

/** `--data --fresh` is a forgotten value, not a folder called `--fresh`; `--data=--fresh` is one. */
const isMissing = (option: OptionSpec, value: string | undefined, inline: boolean): boolean =>
  value === undefined || value === '' || (!inline && value.startsWith('-') && !isValueWithDash(option, value))

const isValueWithDash = ({ takes, orStdin }: OptionSpec, value: string): boolean =>
  (takes !== undefined && BELOW_ZERO.test(value)) || (orStdin === true && value === '-')

function unknownOption(spec: CommandSpec, rawName: string): UsageMistake {
  const near = nearest(
    rawName,
    Object.keys(spec.options).map((name) => `--${name}`),
  )
  return new UsageMistake(`unknown option ${rawName}${near === null ? '' : `; did you mean ${near}?`}`)
}

function checkArguments(spec: CommandSpec, positionals: readonly string[]): void {
  const allowed = spec.argument === undefined ? 0 : spec.argument.endsWith('...') ? Number.POSITIVE_INFINITY : 1
  if (positionals.length > allowed) throw new UsageMistake(`unexpected argument '${positionals[allowed]}'`)
}
