import { existsSync } from 'node:fs'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../cli/parse-command.ts'
import { replay } from '../../commands/replay.ts'
import { configOf, load } from '../config/load.ts'
import { inFolder, NOW } from '../support/test-core.ts'

const EVENT = { event_uid: 'e1', time: NOW, actor_uid: 'a', action: 'view', object_uids: ['c1'] }

async function run(words: readonly string[]): Promise<{ code: number; said: string }> {
  const command = parseCommand(['replay', ...words])
  if (command.command !== 'replay') throw new Error(JSON.stringify(command))
  let said = ''
  const stderr = { write: (text: string) => (said += text) }
  const stdout = { write: () => true }
  const code = await replay(command, { config: configOf(load('')), stdout, stderr, now: () => NOW, monotonic: () => 0 })
  return { code, said }
}

describe('replay', () => {
  it('opens the file of the alerts before the work', () =>
    inFolder(async (dir) => {
      const out = join(dir, 'nodir', 'alerts')
      expect(await run(['--events', join(dir, 'not there'), '--alerts-out', out])).toEqual({
        code: 2,
        said: `crmwatch: replay: --alerts-out ${out} cannot be written: there is no folder ${join(dir, 'nodir')}\n`,
      })
    }))

  it('never overwrites what it reads', () =>
    inFolder(async (dir) => {
      const [events, link] = [join(dir, 'events'), join(dir, 'link')]
      await writeFile(events, JSON.stringify(EVENT))
      await symlink(events, link)
      for (const out of [events, link])
        expect(await run(['--events', events, '--alerts-out', out])).toEqual({
          code: 2,
          said: `crmwatch: replay: --alerts-out ${out} would overwrite a file that is read; name another\n`,
        })
      expect(await readFile(events, 'utf8')).toBe(JSON.stringify(EVENT))
    }))

  it('writes no alerts as an empty file, and nothing at all after a failure', () =>
    inFolder(async (dir) => {
      const [events, out] = [join(dir, 'events'), join(dir, 'alerts')]
      await expect(run(['--events', events, '--alerts-out', out])).rejects.toThrow(events)
      expect(existsSync(out)).toBe(false)
      await writeFile(events, JSON.stringify(EVENT))
      expect((await run(['--events', events, '--alerts-out', out])).code).toBe(0)
      expect(await readFile(out, 'utf8')).toBe('')
    }))

  it.each([
    ['an empty file', '', 'there is no line in it'],
    ['empty lines', '\n \n', 'there is no line in it'],
    ['a line that is refused', '{}\n', 'its only line was refused'],
    ['lines that are refused', '{}\n[]\n', 'all 2 lines were refused'],
  ])('says that there is no event to replay: %s', (_, text, why) =>
    inFolder(async (dir) => {
      const [events, other] = [join(dir, 'events'), join(dir, 'other')]
      await writeFile(events, text)
      await writeFile(other, '')
      const one = await run(['--events', events])
      expect(one.code).toBe(1)
      expect(one.said).toContain(
        `crmwatch: replay: no event in ${events}: ${why}; give a file of access events (JSON lines, also as .gz)\n`,
      )
      expect((await run(['--events', events, other])).said).toContain(`replay: no event in ${events}, ${other}: `)
      await writeFile(other, JSON.stringify(EVENT))
      expect((await run(['--events', events, other])).said).not.toContain('no event')
    }),
  )

  it('refuses times in other units than milliseconds, with their lines', () =>
    inFolder(async (dir) => {
      const events = join(dir, 'events')
      const times = [NOW, NOW * 1_000, NOW * 1_000_000, 9e15, Date.UTC(2100, 0, 1), '2100-01-01T00:00:00Z']
      const lines = times.map((time, n) => JSON.stringify({ ...EVENT, event_uid: `e${n}`, time }))
      await writeFile(events, lines.join('\n'))
      const { code, said } = await run(['--events', events])
      expect(code).toBe(0)
      expect(said).toContain('1 events (0 duplicates, 5 refused)')
      const reason = 'time lies after the year 2099; epoch times must be in milliseconds'
      for (const line of [2, 3, 4, 5, 6]) expect(said).toContain(`${events}:${line}: ${reason}\n`)
    }))

  it('writes of the sample one alert, as it stands when all 60 contacts are copied', () =>
    inFolder(async (dir) => {
      const out = join(dir, 'alerts')
      const sample = join(import.meta.dirname, '../../fixtures/events.ndjson')
      const { said } = await run(['--events', sample, '--alerts-out', out])
      expect(said).toContain('60 events (0 duplicates, 1 refused), 0 staff records, 1 alerts')
      expect(said).toContain('events.ndjson:61: time must be')
      const alerts = (await readFile(out, 'utf8')).trim().split('\n')
      expect(alerts).toHaveLength(1)
      expect(JSON.parse(alerts[0])).toMatchObject({
        severity: 'medium',
        opened_at: '2026-11-23T20:58:10.000Z',
        window: { to: '2026-11-23T21:00:34.000Z' },
      })
    }))

  it.each([
    ['--events DIR', (dir: string) => ['--events', dir]],
    ['--staff DIR', (dir: string) => ['--events', join(dir, 'events'), '--staff', dir]],
  ])('names the folder that is given for a file: %s', (_, words) =>
    inFolder(async (dir) => {
      await writeFile(join(dir, 'events'), JSON.stringify(EVENT))
      await expect(run(words(dir))).rejects.toThrow(`${dir} cannot be read: it is a folder`)
    }),
  )

  it('says of events that are not there what to give', () =>
    inFolder(async (dir) => {
      for (const events of [join(dir, 'none'), join(dir, 'none.gz')])
        await expect(run(['--events', events])).rejects.toThrow(
          `${events} cannot be read: there is no such file or folder; give a file of access events (JSON lines, also as .gz)`,
        )
    }))

  it('names the staff file that is not there', () =>
    inFolder(async (dir) => {
      const staff = join(dir, 'staff')
      await expect(run(['--events', dir, '--staff', staff])).rejects.toThrow(
        `${staff} cannot be read: there is no such file or folder`,
      )
    }))
})
