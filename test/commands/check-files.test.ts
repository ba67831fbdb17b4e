import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkFiles } from '../../commands/check-files.ts'
import type { SourceSetting } from '../../config.ts'
import { openDatabase } from '../../store/database.ts'
import { inFolder } from '../support/test-core.ts'

const check = (source: Partial<SourceSetting>, file: string | null = null, dir = '/nowhere/data') =>
  checkFiles({
    sources: { crm: { adapter: 'mapped', ...source } },
    staff: { file },
    org: { default: 'default' },
    data: { dir },
  })

it('finds nothing wrong with files and folders that are there', () =>
  inFolder(async (dir) => {
    await mkdir(join(dir, 'incoming'))
    await writeFile(join(dir, 'users.csv'), 'native_uid,actor_uid\n1,u-1\n')
    await writeFile(join(dir, 'staff.csv'), 'actor_uid,status\nu-1,active\n')
    const source = { user_map: join(dir, 'users.csv'), folder: { path: join(dir, 'incoming') } }
    expect(check(source, join(dir, 'staff.csv'))).toEqual({ faults: [], notes: [] })
    expect(check({})).toEqual({ faults: [], notes: [] })
  }))

it('notes a folder that is not there, without which the service starts', () => {
  expect(check({ folder: { path: '/nowhere/incoming' } })).toEqual({
    faults: [],
    notes: [
      {
        path: 'sources.crm.folder.path',
        text: '/nowhere/incoming cannot be read: there is no such file or folder; files are taken once it can be',
      },
    ],
  })
})

it('notes a file that is given for a folder', () =>
  inFolder(async (dir) => {
    const path = join(dir, 'file')
    await writeFile(path, '')
    expect(check({ folder: { path } }).notes).toEqual([
      { path: 'sources.crm.folder.path', text: `${path} cannot be read: it is a file; files are taken once it can be` },
    ])
  }))

it('finds a user map and a staff file for which the start would fail', () =>
  inFolder(async (dir) => {
    const broken = join(dir, 'staff.csv')
    await writeFile(broken, 'Petrov;Ivan\n')
    const { faults } = check({ user_map: '/nowhere/users.csv' }, broken)
    expect(faults).toMatchObject([
      {
        path: 'sources.crm.user_map',
        found: '/nowhere/users.csv: the file cannot be read: there is no such file or folder',
      },
      { path: 'staff.file', found: expect.stringMatching(/staff\.csv: Column 1 of the CSV header is not one of/) },
    ])
    expect(check({ user_map: dir }, dir).faults.map(({ found }) => found)).toEqual([
      `${dir}: the file cannot be read: it is a folder`,
      `${dir}: the file cannot be read: it is a folder`,
    ])
    expect(check({}, '/nowhere/staff.csv').faults[0].found).toBe(
      '/nowhere/staff.csv: the file cannot be read: there is no such file or folder',
    )
  }))

it('finds a data folder for which the start would fail, in its words, and makes none', () =>
  inFolder(async (dir) => {
    const file = join(dir, 'file')
    await writeFile(file, '')
    const said = async (path: string) => {
      const [{ found, allowed }] = check({}, null, path).faults
      const started = await openDatabase({ dir: path }).then(String, (error: Error) => error.message)
      return { found, allowed, started }
    }
    expect(await said(file)).toEqual({
      found: `${file}: it is a file`,
      allowed: 'a folder that is there or can be made',
      started: `The folder ${file} cannot be used: it is a file; give a folder that is there or can be made.`,
    })
    expect(await said(join(file, 'below'))).toMatchObject({
      found: `${join(file, 'below')}: ${file} is a file`,
      started: expect.stringContaining(`${file} is a file; give a folder that is there or can be made.`),
    })
    expect(check({}, null, join(dir, 'new'))).toEqual({ faults: [], notes: [] })
    expect(existsSync(join(dir, 'new'))).toBe(false)
  }))
