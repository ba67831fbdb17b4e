import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { map } from '../../commands/map.ts'
import { actOf, objectOf } from '../../ingest/adapters/act-words.ts'
import { openFile } from '../../ingest/adapters/files/open-file.ts'
import { parseMapping } from '../../ingest/adapters/mapped/parse-mapping.ts'
import { mapped } from '../../ingest/adapters/mapped.ts'
import { inFolder } from '../support/test-core.ts'
import { zipOf } from '../support/zip.ts'

async function* one(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

/** The logs of one file: several in a zip. */
async function run(samples: string | readonly string[]) {
  const [out, err] = [[] as string[], [] as string[]]
  async function* openLogs() {
    yield* [samples].flat().map((sample) => ({ name: null, chunks: one(sample) }))
  }
  const status = await map(
    { command: 'map', sample: 's' },
    { stdout: { write: (text) => out.push(text) }, stderr: { write: (text) => err.push(text) }, openLogs },
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

it('shows that a time after the year 2099 is refused', async () => {
  const { shown } = await run(CSV.replace('03.02.2026 10:12:12', '03.02.2100 10:12:12'))
  expect(shown).toContain(
    '2 after:  rejected: time_in_future: time lies after the year 2099; epoch times must be in milliseconds\n',
  )
})

it('proposes by the rows of all logs of a zip', async () => {
  const [header, view, list, heartbeat] = CSV.trim().split('\n')
  const { status, yaml } = await run([`${header}\n${view}\n`, `${header}\n${list}\n${heartbeat}\n`])
  expect(status).toBe(0)
  expect(yaml).toBe((await run(CSV)).yaml)
})

it('reads a zip, and ends with what is wrong with a packed sample', () =>
  inFolder(async (dir) => {
    const quiet = { stdout: { write: () => true }, stderr: { write: () => true } }
    const sample = join(dir, 'sample')
    const read = () => map({ command: 'map', sample }, { ...quiet, openLogs: (file) => openFile(file) })
    await writeFile(sample, zipOf([{ name: 'log.csv', data: Buffer.from(CSV) }]))
    expect(await read()).toBe(0)
    await writeFile(sample, gzipSync(CSV.repeat(100)).subarray(0, 100))
    await expect(read()).rejects.toThrow(
      `${sample} cannot be read: the compressed file is broken or ends in the middle; give a file`,
    )
  }))

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

it('names the sample that cannot be read, and says what to give', async () => {
  const parts = { stdout: { write: () => true }, stderr: { write: () => true } }
  await expect(
    map({ command: 'map', sample: '/nowhere/log.csv' }, { ...parts, openLogs: (file) => openFile(file) }),
  ).rejects.toThrow(
    "/nowhere/log.csv cannot be read: there is no such file or folder; give a file of the CRM's log (CSV, JSON or JSON lines, also gzip and zip)",
  )
})

it('guesses a word that comes only behind the rows that it reads, so that a late export is not ignored', async () => {
  const [header, ...rows] = CSV.trim().split('\n')
  const many = Array.from({ length: 400 }, () => rows).flat()
  const { yaml, shown } = await run([header, ...many].join('\n'))
  const mapping = parseMapping(yaml, 'm')
  expect(mapping).toMatchObject({
    ok: true,
    mapping: { action: { otherwise: 'guess' }, object: { otherwise: 'guess' } },
  })
  expect(yaml).toContain('# rows: the first 1,000 were read')
  expect(shown).toContain('the first 1,000 rows of the sample were read')
  const bound = mapped.bind({ mapping: yaml })
  const late = { Date: '03.02.2026 10:11:12', User: 'petrov', 'Event name': 'Exported client list', Rows: '1500' }
  expect(bound.ok && bound.readRow(late)).toMatchObject({ kind: 'events', events: [{ action: 'export' }] })
})

const timesOf = async (...times: readonly string[]) =>
  run(`When,User,Action\n${times.map((time) => `"${time}",ivanova,view`).join('\n')}\n`)

const timeOf = ({ yaml }: { readonly yaml: string }) => {
  const result = parseMapping(yaml, 'm')
  return result.ok ? result.mapping.time : result.faults
}

it('takes the month first when a date can be read in no other way', async () => {
  const result = await timesOf('11/02/2026 09:04', '11/13/2026 09:05')
  expect(timeOf(result)).toEqual({ from: 'When', zone: 'UTC', format: 'M/D/YYYY H:mm' })
  expect(result.yaml).not.toContain('is a guess, the other way')
  expect(timeOf(await timesOf('1/2/2026, 9:04:05 AM', '1/13/2026, 9:04:05 PM'))).toMatchObject({
    format: 'M/D/YYYY, h:mm:ss A',
  })
})

it('takes the day first when a date can be read in no other way', async () => {
  const result = await timesOf('11/02/2026 09:04', '13/11/2026 09:05')
  expect(timeOf(result)).toEqual({ from: 'When', zone: 'UTC' })
  expect(result.yaml).not.toContain('is a guess, the other way')
  expect(timeOf(await timesOf('13-2-2026 9:04'))).toMatchObject({ format: 'D-M-YYYY H:mm' })
  expect(timeOf(await timesOf('3.2.2026 9:04:11'))).toMatchObject({ format: 'D.M.YYYY H:mm:ss' })
})

it('says that it guesses where day and month both fit', async () => {
  const result = await timesOf('11/02/2026 09:04', '11/03/2026 09:05')
  expect(timeOf(result)).toEqual({ from: 'When', zone: 'UTC' })
  expect(result.yaml).toContain(
    '# time: day and month cannot be told apart by the values; day first is a guess, the other way is format: M/D/YYYY H:mm',
  )
  expect((await timesOf('3/2/2026 4:04 PM')).yaml).toContain('month first is a guess')
})

it('says that days without a time of day are no times', async () => {
  expect((await timesOf('2026-11-02', '2026-11-03')).yaml).toContain(
    '# time: the values are days without a time of day',
  )
})

it.each([
  ['Dutch', 'Datum;Medewerker;Actie;Klantnummer;Aantal', 'Datum', 'Medewerker', 'Actie', 'Klantnummer', 'Aantal'],
  ['Dutch', 'Tijd;Gebruiker;Handeling;Klant;Aantal rijen', 'Tijd', 'Gebruiker', 'Handeling', 'Klant', 'Aantal rijen'],
  ['German', 'Datum;Benutzer;Aktion;Kundennummer;Anzahl', 'Datum', 'Benutzer', 'Aktion', 'Kundennummer', 'Anzahl'],
  ['German', 'Uhrzeit;Mitarbeiter;Vorgang;Kunde;Anzahl', 'Uhrzeit', 'Mitarbeiter', 'Vorgang', 'Kunde', 'Anzahl'],
  ['Russian', 'Дата;Сотрудник;Действие;Клиент;Количество', 'Дата', 'Сотрудник', 'Действие', 'Клиент', 'Количество'],
  ['Russian', 'Время;Пользователь;Действие;Клиент;Строк', 'Время', 'Пользователь', 'Действие', 'Клиент', 'Строк'],
])('finds %s headings: %s', async (_, header, time, actor, action, objects, count) => {
  const { status, yaml } = await run(`${header}\n03.02.2026 10:11:12;u-17;view;c-1042;1\n`)
  expect(status).toBe(0)
  expect(parseMapping(yaml, 'm')).toMatchObject({
    ok: true,
    mapping: { time: { from: time }, actor, action: { from: action, words: { view: 'view' } }, objects, count },
  })
})

it('leaves a column of customers alone that holds names', async () => {
  const { yaml } = await run('Datum;Medewerker;Actie;Klant\n03.02.2026 10:11:12;u-17;view;Anna Jansen\n')
  expect(yaml).toContain('# not used: Klant')
})

it.each([
  ['Klantenlijst geëxporteerd', 'export', 'contact'],
  ['Kundenliste exportiert', 'export', 'contact'],
  ['Klant bekeken', 'view', 'contact'],
  ['Kunde geöffnet', 'view', 'contact'],
  ['Kontaktdaten kopiert', 'copy', 'contact'],
  ['Contact gekopieerd', 'copy', 'contact'],
  ['Liste gedruckt', 'print', 'unknown'],
  ['Datei heruntergeladen', 'download', 'file'],
  ['Kunde gelöscht', 'delete', 'contact'],
  ['Klant gewijzigd', 'update', 'contact'],
])('understands the word %s', (word, action, object) => {
  expect([actOf(word), objectOf(word)]).toEqual([action, object])
})
