import { expect, it } from 'vitest'
import { configKeys } from '../../config/keys.ts'
import { listFiles, readText } from '../architecture/source-files.ts'

it('every setting is read by somebody', () => {
  const readers = ['main.ts', ...listFiles('commands'), 'config.ts'].map(readText).join('\n')
  const unread = configKeys()
    .map(({ path }) => path)
    .filter((path) => !new RegExp(`\\b${path.split('.').at(-1)}\\b`).test(readers))
  expect(unread).toEqual([])
})
