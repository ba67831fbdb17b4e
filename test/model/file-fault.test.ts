import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileFault, isFileFault, unreadable } from '../../model/file-fault.ts'
import { inFolder } from '../support/test-core.ts'

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const withCode = (code: string) => Object.assign(new Error('x'), { code })

describe('a fault of a file in words', () => {
  it('says what the system found', () =>
    inFolder(async (dir) => {
      expect(fileFault(thrownBy(() => readFileSync(join(dir, 'none'))))).toBe('there is no such file or folder')
      expect(fileFault(thrownBy(() => readFileSync(dir)))).toBe('it is a folder')
    }))

  it('says that gzip is broken', () => {
    const fault = thrownBy(() => gunzipSync(Buffer.from('not gzip')))
    expect(fileFault(fault)).toBe('the compressed file is broken or ends in the middle')
    expect(isFileFault(fault)).toBe(true)
  })

  it.each([
    ['EACCES', 'access is denied'],
    ['EPERM', 'access is denied'],
    ['ENOTDIR', 'a part of the path is not a folder'],
    ['EROFS', 'the file system is read-only'],
    ['ENAMETOOLONG', 'the name is too long'],
    ['ELOOP', 'its links lead in a circle'],
    ['EMFILE', 'too many files are open'],
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'the disk has an error'],
    ['EXDEV', 'EXDEV'],
  ])('has words for %s', (code, words) => {
    expect(fileFault(withCode(code))).toBe(words)
    expect(isFileFault(withCode(code))).toBe(true)
  })

  it.each([new Error('x'), withCode('ERR_INVALID_ARG_TYPE'), 'x', null])('is not %o', (error) => {
    expect(isFileFault(error)).toBe(false)
  })

  it('stands between the file and what is allowed', () => {
    expect(unreadable('a.csv', 'it is a folder', 'a file')).toBe('a.csv cannot be read: it is a folder; give a file')
  })
})
