import { expect, it } from 'vitest'
import { map } from '../../commands/map.ts'
import { parseMapping } from '../../ingest/adapters/mapped/parse-mapping.ts'

async function run(sample: string) {
  const [out, err] = [[] as string[], [] as string[]]
  async function* readFile() {
    yield Buffer.from(sample)
  }
  const status = await map(
    { command: 'map', sample: 's' },
    { stdout: { write: (text) => out.push(text) }, stderr: { write: (text) => err.push(text) }, readFile },
  )
  return { status, yaml: out.join(''), shown: err.join('') }
}

const CSV = `Date;User;Event name;Section;Record IDs;Rows;IP address
03.02.2026 10:11:12;ivanova;contact_viewed;Contacts;c1,c2;;10.0.0.1
03.02.2026 10:12:12;petrov;List exported;Contacts;;1200;10.0.0.2
03.02.2026 10:13:12;petrov;heartbeat;Settings;;;10.0.0.2
`

it('proposes a mapping for a CSV, and shows rows before and after', async () => {
  const { status, yaml, shown } = await run(CSV)
  expect(status).toBe(0)
  expect(parseMapping(yaml, 'm')).toMatchObject({
    ok: true,
    mapping: {
      time: { from: 'Date', zone: 'UTC' },
      actor: 'User',
      action: { from: 'Event name', words: { contact_viewed: 'view', 'List exported': 'export', heartbeat: 'ignore' } },
      objects: { from: 'Record IDs', split: ',' },
      count: 'Rows',
      ip: 'IP address',
    },
  })
  expect(shown).toContain('1 before: {"Date":"03.02.2026 10:11:12"')
  expect(shown).toContain('"action":"export","object_type":"contact","record_count":1200')
  expect(shown).toContain('3 after:  ignored (heartbeat)')
})

it('shows ten rows at the most', async () => {
  const [header, ...rows] = CSV.trim().split('\n')
  const { shown } = await run([header, ...Array.from({ length: 9 }, () => rows).flat()].join('\n'))
  expect(shown.match(/ before: /g)).toHaveLength(10)
})

it('finds nested fields and forms of time', async () => {
  const lines = [4, 5].map((minute) =>
    JSON.stringify({
      ts: `3/2/2026 4:0${minute} PM`,
      who: { id: 7 },
      event: { type: 'ContactOpened' },
      target: { id: 'p' },
    }),
  )
  const { yaml } = await run(lines.join('\n'))
  expect(parseMapping(yaml, 'm')).toMatchObject({
    ok: true,
    mapping: { time: { from: 'ts', format: 'M/D/YYYY h:mm A' }, actor: 'who.id', action: { from: 'event.type' } },
  })
})

it('says what it did not find', async () => {
  const { status, yaml, shown } = await run('a,b\n1,2\n')
  expect(status).toBe(1)
  expect(yaml).toContain('# time: no column looks like it')
  expect(shown).toBe('crmwatch: map: nothing looks like time, actor, action; add it by hand\n')
  expect((await run('')).status).toBe(1)
})
