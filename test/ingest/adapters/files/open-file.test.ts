import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openFile, openStream } from '../../../../ingest/adapters/files/open-file.ts'
import { MOST_ZIP_ENTRIES } from '../../../../ingest/adapters/files/zip-entries.ts'
import { inFolder } from '../../../support/test-core.ts'
import { zipOf } from '../../../support/zip.ts'

/** Names and texts of what is in a file with this content, and the bytes read of it. */
const contentsOf = (content: Buffer) =>
  inFolder(async (dir) => {
    const path = join(dir, 'file')
    await writeFile(path, content)
    const entries: { name: string | null; text: string }[] = []
    let bytes = 0
    for await (const { name, chunks } of openFile(path, (read) => (bytes += read))) {
      const parts: Buffer[] = []
      for await (const chunk of chunks) parts.push(chunk)
      entries.push({ name, text: Buffer.concat(parts).toString() })
    }
    return { entries, bytes }
  })

const csv = Buffer.from('a,b\n1,2\n')

it.each([
  ['plain', csv],
  ['gzip', gzipSync(csv)],
])('gives the one log of a %s file', async (_form, content) => {
  expect(await contentsOf(content)).toEqual({ entries: [{ name: null, text: 'a,b\n1,2\n' }], bytes: content.length })
})

it('takes a text that only begins as a zip does for what it is', async () => {
  expect((await contentsOf(Buffer.from('PK,b\n'))).entries).toEqual([{ name: null, text: 'PK,b\n' }])
})

it('gives the logs of a zip in their order, without folders and what macOS adds', async () => {
  const zip = zipOf([
    { name: 'logs/', data: Buffer.alloc(0) },
    { name: 'logs/b.csv', data: csv },
    { name: '__MACOSX/logs/._b.csv', data: Buffer.from('x') },
    { name: '.DS_Store', data: Buffer.from('x') },
    { name: 'a.json.gz', data: gzipSync('[]') },
  ])
  expect((await contentsOf(zip)).entries).toEqual([
    { name: 'logs/b.csv', text: 'a,b\n1,2\n' },
    { name: 'a.json.gz', text: '[]' },
  ])
})

const flood = Buffer.alloc(80_000_000, '0')

it.each([
  ['ends in the middle', zipOf([{ name: 'a', data: csv }]).subarray(0, 60), 'the zip is broken or ends in the middle'],
  ['is encrypted', zipOf([{ name: 'a', data: csv, encrypted: true }]), 'the zip is encrypted'],
  [
    'has an entry larger than it says',
    zipOf([{ name: 'a', data: csv, declaredBytes: 3 }]),
    'an entry of the zip is larger than it says',
  ],
  [
    'has an entry smaller than it says',
    zipOf([{ name: 'a', data: csv, declaredBytes: 300 }]),
    'an entry of the zip is smaller than it says',
  ],
  [
    'has too many entries',
    zipOf(Array.from({ length: MOST_ZIP_ENTRIES + 1 }, () => ({ name: 'a', data: csv }))),
    'the zip has more than 10000 entries',
  ],
  ['is a bomb', zipOf([{ name: 'a', data: flood }]), 'the file unpacks to more than 250 times its size'],
])('refuses a zip that %s', async (_what, content, message) => {
  await expect(contentsOf(content)).rejects.toThrow(message)
})

it('refuses gzip that is a bomb', async () => {
  await expect(contentsOf(gzipSync(flood))).rejects.toThrow('the file unpacks to more than 250 times its size')
})

const streamed = async (content: Buffer, step: number) => {
  async function* bytes() {
    for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step)
  }
  const parts: Buffer[] = []
  for await (const { chunks } of openStream(bytes())) for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

it.each([1, 1_000])('gives the log of a stream, plain or gzip, in chunks of %i', async (step) => {
  expect(await streamed(csv, step)).toBe('a,b\n1,2\n')
  expect(await streamed(gzipSync(csv), step)).toBe('a,b\n1,2\n')
  expect(await streamed(Buffer.from('PK,b\n'), step)).toBe('PK,b\n')
  expect(await streamed(Buffer.alloc(0), step)).toBe('')
})

it.each([1, 1_000])(
  'refuses a zip that is streamed, since its directory stands at the end: chunks of %i',
  async (step) => {
    await expect(streamed(zipOf([{ name: 'a', data: csv }]), step)).rejects.toThrow('a zip is read from a file alone')
  },
)
