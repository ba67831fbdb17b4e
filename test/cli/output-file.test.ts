import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type OutputFile, openOutputFile } from '../../cli/output-file.ts'
import { inFolder } from '../support/test-core.ts'

function opened(path: string): OutputFile {
  const result = openOutputFile(path)
  if (!result.ok) throw new Error(result.message)
  return result.file
}

describe('openOutputFile', () => {
  it('replaces what was there only when something is written', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'out')
      writeFileSync(path, 'a longer text')
      const unused = opened(path)
      unused.close()
      expect(readFileSync(path, 'utf8')).toBe('a longer text')
      const file = opened(path)
      file.write('short')
      file.close()
      expect(readFileSync(path, 'utf8')).toBe('short')
    }))

  it('puts further texts behind the first', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'out')
      writeFileSync(path, 'a longer text')
      const file = opened(path)
      for (const text of ['a', '', 'b', 'c']) file.write(text)
      file.close()
      expect(readFileSync(path, 'utf8')).toBe('abc')
    }))

  it('leaves no new file behind into which nothing was written', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'out')
      opened(path).close()
      expect(existsSync(path)).toBe(false)
      const file = opened(path)
      file.write('')
      file.close()
      expect(readFileSync(path, 'utf8')).toBe('')
    }))

  it('leaves none behind when the process ends on the way', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'out')
      const module = join(import.meta.dirname, '..', '..', 'cli', 'output-file.ts')
      const source = `
        import { existsSync } from 'node:fs'
        import { openOutputFile } from ${JSON.stringify(module)}
        openOutputFile(${JSON.stringify(path)})
        console.log(existsSync(${JSON.stringify(path)}))
        process.exit(130)`
      const child = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' })
      expect(child).toMatchObject({ status: 130, stdout: 'true\n', stderr: '' })
      expect(existsSync(path)).toBe(false)
    }))

  it('writes through a link to a file that is not there yet', () =>
    inFolder(async (dir) => {
      symlinkSync(join(dir, 'target'), join(dir, 'link'))
      const file = opened(join(dir, 'link'))
      file.write('text')
      file.close()
      expect(readFileSync(join(dir, 'target'), 'utf8')).toBe('text')
    }))

  it('says why a file cannot be written', () =>
    inFolder(async (dir) => {
      mkdirSync(join(dir, 'folder'))
      writeFileSync(join(dir, 'file'), '')
      const messageFor = (path: string) => {
        const result = openOutputFile(path)
        return result.ok ? null : result.message
      }
      const missing = join(dir, 'nodir', 'x')
      expect(messageFor(missing)).toBe(`${missing} cannot be written: there is no folder ${join(dir, 'nodir')}`)
      expect(messageFor(join(dir, 'folder'))).toBe(`${join(dir, 'folder')} cannot be written: it is a folder`)
      const below = join(dir, 'file', 'x')
      expect(messageFor(below)).toBe(`${below} cannot be written: a part of the path is not a folder`)
    }))
})
