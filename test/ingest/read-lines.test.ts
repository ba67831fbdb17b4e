import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readLineBytes, readLines } from '../../ingest/read-lines.ts'
import { inFolder } from '../support/test-core.ts'

/** Longer than what is read of a file at a time. */
const LONG = 'é'.repeat(1_500_000)

describe.each([
  ['plain', 'lines.jsonl', (text: string) => Buffer.from(text)],
  ['gzip', 'lines.jsonl.gz', (text: string) => gzipSync(text)],
])('lines of a %s file', (_, name, pack) => {
  const both = async (text: string) => {
    const lines: { bytes: string[]; texts: string[]; read: number } = { bytes: [], texts: [], read: 0 }
    await inFolder(async (dir) => {
      const file = join(dir, name)
      await writeFile(file, pack(text))
      for await (const some of readLineBytes(file, (read) => (lines.read += read)))
        lines.bytes.push(...some.map(String))
      for await (const some of readLines(file)) lines.texts.push(...some)
      expect(lines.read).toBe(pack(text).length)
    })
    return lines
  }

  it.each([
    ['nothing', '', []],
    ['a last line without its end', 'a\nb', ['a', 'b']],
    ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
    ['carriage returns, which are kept', 'a\r\nb\r\n', ['a\r', 'b\r']],
    ['a byte order mark', '\ufeffa\n\ufeffb\n', ['a', '\ufeffb']],
    ['lines over several pieces', `a\n${LONG}\nb\n${LONG}`, ['a', LONG, 'b', LONG]],
  ])('%s', async (_, text, expected) => {
    const lines = await both(text)
    expect(lines.bytes).toEqual(expected)
    expect(lines.texts).toEqual(expected)
  })
})

const readAll = async (file: string, read: (file: string) => AsyncIterable<unknown>) => {
  for await (const _ of read(file));
}

describe.each([
  ['readLines', (file: string) => readLines(file)],
  ['readLineBytes', (file: string) => readLineBytes(file, () => undefined)],
])('%s names the file', (_, read) => {
  it.each([
    ['is not there', 'none', 'there is no such file or folder'],
    ['is not there, packed', 'none.gz', 'there is no such file or folder'],
    ['is a folder', 'folder.gz', 'it is a folder'],
    ['is no gzip', 'text.gz', 'the compressed file is broken or ends in the middle'],
    ['breaks off', 'half.gz', 'the compressed file is broken or ends in the middle'],
  ])('that %s', (_what, name, why) =>
    inFolder(async (dir) => {
      await mkdir(join(dir, 'folder.gz'))
      await writeFile(join(dir, 'text.gz'), '{}')
      await writeFile(join(dir, 'half.gz'), gzipSync('{}\n'.repeat(100)).subarray(0, 20))
      await expect(readAll(join(dir, name), read)).rejects.toThrow(
        `${join(dir, name)} cannot be read: ${why}; give a file of access events (JSON lines, also as .gz)`,
      )
    }),
  )
})
