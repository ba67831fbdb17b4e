import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDemoFolder } from '../../commands/demo-folder.ts'
import { openDatabase } from '../../store/database.ts'
import { inFolder } from '../support/test-core.ts'

const first = { now: 1_000, seed: 1 }
const second = { now: 2_000, seed: 2 }

it('goes on with the story of its folder, and begins anew when asked to', () =>
  inFolder(async (parent) => {
    const dir = join(parent, 'demo')
    expect(await openDemoFolder(dir, { fresh: false, beginning: first })).toEqual(first)
    expect(await openDemoFolder(dir, { fresh: false, beginning: second })).toEqual(first)
    expect(await openDemoFolder(dir, { fresh: true, beginning: second })).toEqual(second)
  }))

it.each([false, true])('says that a file is given for its folder (fresh: %s)', (fresh) =>
  inFolder(async (parent) => {
    const dir = join(parent, 'file')
    writeFileSync(dir, '')
    await expect(openDemoFolder(dir, { fresh, beginning: first })).rejects.toThrow(
      `The folder ${dir} cannot be used: it is a file; give a folder that is there or can be made.`,
    )
  }),
)

it('deletes its own files alone', () =>
  inFolder(async (dir) => {
    await (await openDatabase({ dir }))[Symbol.asyncDispose]()
    writeFileSync(join(dir, 'story.json'), JSON.stringify(first))
    writeFileSync(join(dir, 'admin-token'), 'cw_1')
    writeFileSync(join(dir, 'notes.txt'), 'mine')
    mkdirSync(join(dir, 'sub'))
    await openDemoFolder(dir, { fresh: true, beginning: second })
    expect(readdirSync(dir).sort()).toEqual(['notes.txt', 'story.json', 'sub'])
    expect(JSON.parse(readFileSync(join(dir, 'story.json'), 'utf8'))).toEqual(second)
  }))

it.each([false, true])('leaves a store alone that is no demo’s (fresh: %s)', (fresh) =>
  inFolder(async (dir) => {
    await (await openDatabase({ dir }))[Symbol.asyncDispose]()
    const before = readFileSync(join(dir, 'crmwatch.duckdb'))
    await expect(openDemoFolder(dir, { fresh, beginning: first })).rejects.toThrow(
      `The store in ${dir} is no demo's: simulated people would be mixed into it. Name another folder with --data.`,
    )
    expect(readFileSync(join(dir, 'crmwatch.duckdb')).equals(before)).toBe(true)
    expect(existsSync(join(dir, 'story.json'))).toBe(false)
  }),
)
