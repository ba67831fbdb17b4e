import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { openSources } from '../../../commands/sources/open-sources.ts'
import { runSources } from '../../../commands/sources/run-sources.ts'
import { rowOptions } from '../../ingest/sources/source-core.ts'
import { inFolder, NOW, openTestCore } from '../../support/test-core.ts'

it('takes a changed user map, and keeps the former where the new one cannot be used', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const file = join(dir, 'users.csv')
    await writeFile(file, 'native_uid,actor_uid\n1,anna\n')
    const config = { sources: { crm: { adapter: 'suitecrm', user_map: file } } }
    const sources = openSources(config)
    const lines: string[] = []
    const due: (() => void)[] = []
    await using _running = await runSources({
      config,
      sources,
      core,
      rowOptions,
      logger: pino({ base: null }, { write: (line: string) => lines.push(line) }),
      now: () => NOW,
      after: () => () => undefined,
      later: (_ms, callback) => due.push(callback),
      onFile: () => undefined,
      onPull: () => undefined,
      lookUp: async () => [],
      random: () => 0.5,
      version: '0.0.0',
    })
    const look = () => due.shift()?.()
    const staffOf = (uid: string) => sources.byName.get('crm')?.users.fromFile?.staffOf(uid)
    expect(staffOf('2')).toBeNull()
    await writeFile(file, 'native_uid,actor_uid\n1,anna\n2,bert\n')
    look()
    expect(staffOf('2')).toBe('bert')
    await writeFile(file, 'native,actor\nsecret-person,anna\n')
    look()
    look()
    expect(staffOf('2')).toBe('bert')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('the first line must name the columns native_uid and actor_uid')
    expect(lines[0]).not.toContain('secret-person')
  })
})

it('does not start with a user map that cannot be used', () => {
  const config = { sources: { crm: { adapter: 'suitecrm', user_map: 'nowhere.csv' } } }
  expect(() => openSources(config)).toThrow(
    'sources.crm.user_map: nowhere.csv: the file cannot be read: there is no such file or folder; give a CSV with native_uid and actor_uid',
  )
})
