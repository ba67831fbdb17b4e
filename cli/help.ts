import type { CommandSpec } from './command-spec.ts'
import { COMMANDS } from './commands.ts'

const WIDTH = 80

export function programHelp(): string {
  return `Usage: crmwatch [COMMAND] [OPTION]...

${wrap("Watches a CRM's access log and tells, within seconds and with reasons, that somebody is walking off with the customer base.", 0)}

Commands:
${table(COMMANDS.map((spec) => [spec.name, spec.summary]))}

Options:
${table([
  ['-h, --help', 'show this help, or that of a command'],
  ['-V, --version', 'show the version'],
])}

Exit status: 0 for success, 1 when something failed, 2 for a wrong command line
or configuration.

Run 'crmwatch COMMAND --help' for more on a command.
`
}

/** Help on a word that is only the first of several commands, such as `token`. */
export function groupHelp(group: string): string {
  const specs = COMMANDS.filter((spec) => spec.name.startsWith(`${group} `))
  return `Usage: crmwatch ${group} ACTION [OPTION]...

Actions:
${table(specs.map((spec) => [spec.name.slice(group.length + 1), spec.summary]))}

Run 'crmwatch ${group} ACTION --help' for more on an action.
`
}

export function commandHelp(spec: CommandSpec): string {
  const options = Object.entries(spec.options).map(([name, option]): [string, string] => [
    `--${name}${option.value === undefined ? '' : ` ${option.value}${option.many === true ? '...' : ''}`}`,
    option.repeatable === true ? `${option.help} May be repeated.` : option.help,
  ])
  const argument = spec.argument === undefined ? '' : ` ${spec.argument}`
  return `Usage: crmwatch ${spec.name} [OPTION]...${argument}

${wrap(spec.description, 0)}

Options:
${table([...options, ['-h, --help', 'Show this help.']])}

Examples:
${spec.examples.map((example) => `  ${example}`).join('\n')}
`
}

function table(rows: readonly (readonly [string, string])[]): string {
  const indent = 4 + Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name}`.padEnd(indent) + wrap(text, indent)).join('\n')
}

/** Breaks between words so that no line passes 80 columns; lines after the first are indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}
