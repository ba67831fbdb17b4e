import { expect, it } from 'vitest'
import { type ConfigFindings, checkConfig } from '../../cli/check-config.ts'

function run(
  env: Record<string, string>,
  found: ConfigFindings = { faults: [], notes: [] },
  yaml: string | null = null,
) {
  const out: string[] = []
  const err: string[] = []
  const readFile = (): string => {
    if (yaml !== null) return yaml
    throw Object.assign(new Error('missing'), { code: 'ENOENT' })
  }
  const sources = { file: null, env, cwd: '/etc/app', readFile }
  const [stdout, stderr] = [out, err].map((lines) => ({ write: (text: string) => lines.push(text) }))
  const status = checkConfig(sources, stdout, stderr, () => found)
  return { status, out: out.join(''), err: err.join('') }
}

it('prints the configuration in force with its secrets masked', () => {
  const { status, out, err } = run({ CRMWATCH_ADMIN_TOKEN: 'correct-horse-battery', CRMWATCH_HTTP_HOST: '0.0.0.0' })
  expect(status).toBe(0)
  expect(out).toContain('  token: "********"\n')
  expect(out).toContain('  host: 0.0.0.0\n')
  expect(out).toContain('    password: null\n')
  expect(out + err).not.toContain('correct-horse')
  expect(err).toBe('note: http.host: reachable from other machines, and HTTP is not encrypted: put TLS in front\n')
})

it('prints one line per fault and exits with 2', () => {
  const { status, out, err } = run({ CRMWATCH_HTTP_PORT: 'x', CRMWATCH_LOG_LEVEL: 'loud' })
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err.split('\n')).toEqual([
    'CRMWATCH_HTTP_PORT: http.port: found "x"; allowed: a whole number from 0 to 65535',
    'CRMWATCH_LOG_LEVEL: log.level: found "loud"; allowed: one of fatal, error, warn, info, debug, trace, silent',
    'crmwatch: 2 faults in the configuration',
    '',
  ])
})

it('exits with 2 for a file that the start would fail for, and with 0 where only a folder is missing', () => {
  const note = { path: 'sources.crm.folder.path', text: '/nowhere cannot be read: there is no such file or folder' }
  const fault = {
    path: 'staff.file',
    found: 'staff.csv: the file cannot be read: there is no such file or folder',
    allowed: 'JSON lines or CSV',
  }
  expect(run({}, { faults: [], notes: [note] })).toMatchObject({
    status: 0,
    err: 'note: sources.crm.folder.path: /nowhere cannot be read: there is no such file or folder\n',
  })
  expect(run({}, { faults: [fault], notes: [] })).toEqual({
    status: 2,
    out: '',
    err: 'staff.file: found staff.csv: the file cannot be read: there is no such file or folder; allowed: JSON lines or CSV\ncrmwatch: 1 fault in the configuration\n',
  })
})

it('says of a file that the configuration names where it does', () => {
  const staff = { path: 'staff.file', found: 'staff.csv: it is a folder', allowed: 'JSON lines or CSV' }
  const map = { path: 'sources.crm.user_map', found: 'u.csv: it is a folder', allowed: 'a CSV' }
  const dir = { path: 'data.dir', found: '/x: it is a file', allowed: 'a folder' }
  const yaml = 'staff:\n  file: staff.csv\nsources:\n  crm:\n    adapter: mapped\n    user_map: u.csv\n'
  const { status, err } = run({ CRMWATCH_DATA_DIR: '/x' }, { faults: [staff, map, dir], notes: [] }, yaml)
  expect(status).toBe(2)
  expect(err.split('\n')).toEqual([
    'crmwatch.yaml:2:9: staff.file: found staff.csv: it is a folder; allowed: JSON lines or CSV',
    'crmwatch.yaml:6:15: sources.crm.user_map: found u.csv: it is a folder; allowed: a CSV',
    'CRMWATCH_DATA_DIR: data.dir: found /x: it is a file; allowed: a folder',
    'crmwatch: 3 faults in the configuration',
    '',
  ])
})

it.each([15, 513])('refuses an administrator’s token of %i characters, as the start would', (characters) => {
  const token = 'x'.repeat(characters)
  const allowed = '16 to 512 printable ASCII characters without spaces'
  const { status, err } = run({}, undefined, `admin:\n  token: ${token}\n`)
  expect(status).toBe(2)
  expect(err).toMatch(
    /^crmwatch.yaml:2:10: admin.token: found [^;]*; allowed: 16 to 512 printable ASCII characters without spaces\n/,
  )
  expect(err).not.toContain(token)
  expect(run({ CRMWATCH_ADMIN_TOKEN: token }).err).toMatch(
    new RegExp(`^CRMWATCH_ADMIN_TOKEN: admin.token: .*${allowed}\n`),
  )
})

it.each([16, 512])('takes an administrator’s token of %i characters', (characters) => {
  expect(run({}, undefined, `admin:\n  token: ${'x'.repeat(characters)}\n`).status).toBe(0)
})
