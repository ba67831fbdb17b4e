import { expect, it } from 'vitest'
import { type ConfigFindings, checkConfig } from '../../cli/check-config.ts'

function run(env: Record<string, string>, found: ConfigFindings = { faults: [], notes: [] }) {
  const out: string[] = []
  const err: string[] = []
  const readFile = (): string => {
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
  const note = { path: 'sources.crm.folder.path', text: '/nowhere cannot be read (ENOENT)' }
  const fault = {
    path: 'staff.file',
    found: 'staff.csv: the file cannot be read (ENOENT)',
    allowed: 'JSON lines or CSV',
  }
  expect(run({}, { faults: [], notes: [note] })).toMatchObject({
    status: 0,
    err: 'note: sources.crm.folder.path: /nowhere cannot be read (ENOENT)\n',
  })
  expect(run({}, { faults: [fault], notes: [] })).toEqual({
    status: 2,
    out: '',
    err: 'staff.file: found staff.csv: the file cannot be read (ENOENT); allowed: JSON lines or CSV\ncrmwatch: 1 fault in the configuration\n',
  })
})
