import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderKey } from '../../../commands/evaluation/cache-key.ts'
import { inFolder } from '../../support/test-core.ts'

it('the store of a labelled folder is that of its files as they are, not of any folder of its name', () =>
  inFolder(async (dir) => {
    const [one, other] = ['a', 'b'].map((place) => join(dir, place, 'march'))
    for (const folder of [one, other]) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'labels.json'), '{"campaigns":[]}')
    }
    const key = folderKey(one)
    expect(key).toMatch(/^march-[0-9a-f]{12}$/)
    expect(folderKey(`${one}/`)).toBe(key)
    expect(folderKey(other)).not.toBe(key)
    utimesSync(join(one, 'labels.json'), 1, 1)
    expect(folderKey(one)).not.toBe(key)
  }))
