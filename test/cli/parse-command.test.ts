import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { parseCommand } from '../../cli/parse-command.ts'

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '))

describe('parseCommand', () => {
  it.each([
    ['', { command: 'serve', config: null }],
    ['serve', { command: 'serve', config: null }],
    ['--config a.yaml', { command: 'serve', config: 'a.yaml' }],
    ['demo', { command: 'demo', dataDir: './data/demo', port: null, seed: 1, fresh: false, once: false, pace: null }],
    [
      'demo --data d --port 0 --seed 7 --fresh --once --pace 2.5',
      { command: 'demo', dataDir: 'd', port: 0, seed: 7, fresh: true, once: true, pace: 2.5 },
    ],
    [
      'replay --events a b --staff s --events=c d --alerts-out o --data d --timezone Europe/Berlin --config k',
      {
        command: 'replay',
        events: ['a', 'b', 'c', 'd'],
        staff: 's',
        alertsOut: 'o',
        dataDir: 'd',
        config: 'k',
        timezone: 'Europe/Berlin',
      },
    ],
    [
      'import a b --token t',
      {
        command: 'import',
        files: ['a', 'b'],
        source: null,
        again: false,
        url: 'http://127.0.0.1:8080',
        token: 't',
      },
    ],
    [
      'import -- --odd',
      {
        command: 'import',
        files: ['--odd'],
        source: null,
        again: false,
        url: 'http://127.0.0.1:8080',
        token: null,
      },
    ],
    ['map --sample -', { command: 'map', sample: '-' }],
    ['map --sample=-', { command: 'map', sample: '-' }],
    ['check-config --config=k', { command: 'check-config', config: 'k' }],
    [
      'token create --name n --role viewer --org o',
      { command: 'token-create', name: 'n', role: 'viewer', org: 'o', config: null },
    ],
    [
      `token create --name ${'n'.repeat(100)} --role admin --org ${'o'.repeat(256)}`,
      { command: 'token-create', name: 'n'.repeat(100), role: 'admin', org: 'o'.repeat(256), config: null },
    ],
    ['token list', { command: 'token-list', config: null }],
    ['token revoke u', { command: 'token-revoke', tokenUid: 'u', config: null }],
    ['--version', { command: 'version' }],
    ['-V', { command: 'version' }],
  ])('reads `%s`', (line, command) => {
    expect(parse(line)).toEqual(command)
  })

  it.each([
    ['servr', `unknown command 'servr'; did you mean 'serve'?`],
    ['zzzzzzzzzz', `unknown command 'zzzzzzzzzz'`],
    ['serve now', `serve: unexpected argument 'now'`],
    ['serve -c x', 'serve: unknown option -c'],
    ['serve --conifg x', 'serve: unknown option --conifg; did you mean --config?'],
    ['serve --config', 'serve: --config needs a FILE'],
    ['serve --config=', 'serve: --config needs a FILE'],
    ['serve --config a --config b', 'serve: --config is given twice'],
    ['demo --fresh=yes', 'demo: --fresh takes no value'],
    ['demo --data --fresh', 'demo: --data needs a DIR'],
    ['serve --config -', 'serve: --config needs a FILE'],
    ['map --sample --', 'map: --sample needs a FILE'],
    ['demo --port 70000', `demo: --port takes a whole number from 0 to 65535, not '70000'`],
    ['demo --seed 0x1', `demo: --seed takes a whole number from 0 to 4294967295, not '0x1'`],
    ['replay', 'replay: --events FILE is missing'],
    ['replay --events', 'replay: --events needs a FILE'],
    [
      'replay --events a --timezone Mars/Base',
      `replay: --timezone takes an IANA time zone such as Europe/Berlin, not 'Mars/Base'`,
    ],
    [
      'replay --events a --timezone +01:00',
      `replay: --timezone takes an IANA time zone such as Europe/Berlin, not '+01:00'`,
    ],
    ['replay a', `replay: unexpected argument 'a'`],
    ['import', 'import: FILE is missing'],
    ['token', `'token' needs an action: create, list, revoke`],
    ['token make', `unknown action 'make' for 'token': create, list, revoke`],
    [
      'token create --name n --role boss',
      `token create: --role is one of ingest, viewer, analyst, admin, metrics, not 'boss'`,
    ],
    ['token create --role viewer --name= ', 'token create: --name needs a NAME'],
    ['token create --role viewer --name a\nb', 'token create: --name takes text on one line, and not only blanks'],
    [
      'token create --role metrics --name a --org acme',
      'token create: --role metrics goes without --org: a metrics token reads /metrics, which is of all tenants',
    ],
    [
      `token create --name n --role admin --org ${'x'.repeat(257)}`,
      'token create: --org takes at most 256 characters, not 257',
    ],
    [
      `token create --name ${'x'.repeat(101)} --role admin`,
      'token create: --name takes at most 100 characters, not 101',
    ],
    ['token revoke', 'token revoke: TOKEN_UID is missing'],
    [
      'tune --detector a=off b=off',
      "tune: unexpected argument 'b=off'; to give several, repeat the option: --detector b=off",
    ],
    [
      'tune --floor a/b=1 c/d=2',
      "tune: unexpected argument 'c/d=2'; to give several, repeat the option: --floor c/d=2",
    ],
    ['tune --detector a=off --json b=off', "tune: unexpected argument 'b=off'"],
    ['tune --detector a', "tune: --detector takes ID=on|off, not 'a'"],
    ['tune --detector', 'tune: --detector needs ID=on or ID=off'],
    ['tune --budget', 'tune: --budget needs a number from 0.1 to 100'],
    ['tune --budget --json', 'tune: --budget needs a number from 0.1 to 100'],
    ['tune --budget -1', "tune: --budget takes a number from 0.1 to 100, not '-1'"],
    ['tune --budget 2 -15', "tune: --budget takes a number from 0.1 to 100, not '-15'"],
    ['tune --budget 2,200', "tune: --budget takes a number from 0.1 to 100, not '200'"],
    ['tune --budget 2 -x', 'tune: unknown option -x'],
    ['tune --leaver-budget -1', "tune: --leaver-budget takes a number from 0.1 to 100, not '-1'"],
    ['tune --days -28', "tune: --days takes a whole number from 1 to 3650, not '-28'"],
    ['demo --port', 'demo: --port needs a whole number from 0 to 65535'],
    ['demo --pace -2', "demo: --pace takes a number from 0.1 to 1000000, not '-2'"],
    ['demo --data -1', 'demo: --data needs a DIR'],
    ['evaluate --seeds', 'evaluate: --seeds needs whole numbers up to 4294967295 such as 11,12 or 11-16'],
    ['evaluate --seeds 1 --budgets -1', "evaluate: --budgets takes a number from 0.1 to 100, not '-1'"],
    ['evaluate --seeds 1 --budget -1', "evaluate: --budget takes a number from 0.1 to 100, not '-1'"],
  ])('refuses `%s` in one line', (line, message) => {
    const result = parse(line)
    expect(result).toMatchObject({ command: 'usage-error', message })
    expect(result.command === 'usage-error' && result.hint).toMatch(/^See 'crmwatch .*--help'\.$/)
  })

  it('does not take names of Object for options', () => {
    expect(parse('serve --constructor')).toMatchObject({ command: 'usage-error' })
  })
})

describe('help', () => {
  it.each(['--help', '-h', 'help'])('of the program by `%s` names every command', (line) => {
    const result = parse(line)
    const text = result.command === 'help' ? result.text : ''
    for (const spec of COMMANDS) expect(text).toContain(`\n  ${spec.name} `)
  })

  it.each(COMMANDS.map((spec) => [spec.name, spec] as const))('of `%s` names every option', (name, spec) => {
    for (const line of [`${name} --help`, `${name} -h`, `help ${name}`]) {
      const result = parse(line)
      const text = result.command === 'help' ? result.text : ''
      expect(text).toMatch(new RegExp(`^Usage: crmwatch ${name} `))
      for (const option of Object.keys(spec.options)) expect(text).toContain(`\n  --${option}`)
      const prose = text.split('\nExamples:')[0].split('\n')
      expect(prose.filter((row) => row.length > 80)).toEqual([])
    }
  })

  it('shows `...` where several values may follow, and says which option may be repeated', () => {
    const helpOf = (name: string) => {
      const result = parse(`${name} --help`)
      return result.command === 'help' ? result.text.replaceAll(/\s+/g, ' ') : ''
    }
    expect(helpOf('tune')).toContain('--budget N... Budgets')
    expect(helpOf('tune')).toContain(
      '--detector ID=on|off Switch a detector on or off, such as after-hours=off. May be repeated.',
    )
    expect(helpOf('tune')).toContain('--floor ID/TEST=N Another floor')
    expect(helpOf('convert')).toContain(
      '--option KEY=VALUE A setting of the adapter, such as org=acme. May be repeated.',
    )
    expect(parse('tune --detector a=off --detector b=on --floor a/b=1 --floor c/d=2')).toMatchObject({
      detectors: { a: 'off', b: 'on' },
      floors: { 'a/b': '1', 'c/d': '2' },
    })
  })

  it.each(COMMANDS.flatMap((spec) => spec.examples))('shows an example that parses: %s', (example) => {
    const words = example.split(' ')
    const start = words.indexOf('crmwatch')
    expect(parseCommand(words.slice(start + 1)).command).not.toBe('usage-error')
  })

  it('of `token` lists its actions', () => {
    for (const line of ['token --help', 'help token']) {
      expect(parse(line)).toMatchObject({ command: 'help', text: expect.stringContaining('\n  create ') })
    }
  })
})
