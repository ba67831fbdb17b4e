import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecords } from '../../../../ingest/adapters/files/read-records.ts'

interface Settings {
  readonly lists?: readonly string[]
  readonly keyOf?: (name: string) => string
  readonly encoding?: string
  readonly delimiter?: 'auto' | ';'
  /** Bytes per chunk that the file comes in. */
  readonly step?: number
}

async function* inChunks(bytes: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

async function read(content: string | Buffer, settings: Settings = {}) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const layout = { lists: settings.lists ?? [], keyOf: settings.keyOf }
  const options = {
    format: 'auto',
    encoding: settings.encoding ?? 'auto',
    delimiter: settings.delimiter ?? 'auto',
  } as const
  const found: unknown[] = []
  for await (const records of readRecords(inChunks(bytes, settings.step ?? 7), layout, options)) {
    for (const record of records) {
      expect(record.position).toBe(found.length + 1)
      found.push(record.row ?? record.reason)
    }
  }
  return found
}

it('gives the records of a one-line document as they stand in it, however long it is', async () => {
  // As PHP writes JSON: parsed and written again it would be other bytes.
  const record = '{"path":"a\\/b","n":1.0}'
  const rawOf = async (more: number) => {
    const document = Buffer.from(`{"list":[${record},{"filler":"${'x'.repeat(more)}"}]}`)
    const found: string[] = []
    const layout = { lists: ['list'] }
    const options = { format: 'json', encoding: 'auto', delimiter: 'auto' } as const
    for await (const records of readRecords(inChunks(document, 4096), layout, options))
      for (const { raw } of records) found.push(raw.toString())
    return found[0]
  }
  expect([await rawOf(10), await rawOf(100_000)]).toEqual([record, record])
})

const AB = [{ a: '1', b: 'x' }]

describe('readRecords of CSV', () => {
  it.each<[string, string | Buffer, unknown[]]>([
    ['plain', 'a,b\n1,x\n', AB],
    ['without a last line end', 'a,b\n1,x', AB],
    ['with CRLF and blank lines', '\r\na,b\r\n\r\n1,x\r\n\r\n', AB],
    ['with a BOM', '\ufeffa,b\n1,x\n', AB],
    ['in UTF-16 with a BOM', Buffer.from('\ufeffa,b\n1,x\n', 'utf16le'), AB],
    ['in UTF-16 without one', Buffer.from('a,b\n1,x\n', 'utf16le'), AB],
    ['gzipped', gzipSync('a,b\n1,x\n'), AB],
    ['gzipped twice over', Buffer.concat([gzipSync('a,b\n'), gzipSync('1,x\n')]), AB],
    ['with semicolons', 'a;b\n1;x\n', AB],
    ['with tabs', 'a\tb\n1\tx\n', AB],
    ['quoted, with lines and quotes inside', '"a","b"\n"1","x\n""y"", z"\n', [{ a: '1', b: 'x\n"y", z' }]],
    [
      'with a quote inside a cell',
      'a,b\n1,5" pipe\n2,y\n',
      [
        { a: '1', b: '5" pipe' },
        { a: '2', b: 'y' },
      ],
    ],
    ['with too few and too many cells', 'a,b\n1\n2,y,z\n', [{ a: '1' }, { a: '2', b: 'y' }]],
    ['with a column named twice', 'a,a\n1,2\n', [{ a: '1' }]],
    ['with a column named as a prototype', '__proto__,a\n1,2\n', [{ a: '2' }]],
    ['with formula cells', 'a,b\n=1+2,"=HYPERLINK(""x"",""y"")"\n', [{ a: '=1+2', b: '=HYPERLINK("x","y")' }]],
    ['with bytes that are no UTF-8', Buffer.from('a,b\n1,\xff\xfe\n', 'latin1'), [{ a: '1', b: 'ÿþ' }]],
    ['with only a header', 'a,b\n', []],
    ['that is empty', '', []],
    ['with a quote that is never closed', 'a,b\n"1,x\n2,y\n', ['invalid_csv', { a: '2', b: 'y' }]],
    ['that ends in a quote', 'a,b\n1,"x"', AB],
    ['that ends behind an opening quote', 'a,b\n1,"', ['invalid_csv']],
  ])('%s', async (_name, content, expected) => {
    for (const step of [1, 2, 7, 1_000_000]) expect(await read(content, { step })).toEqual(expected)
  })

  it('in windows-1252 as a German Excel writes it, when there is no mark and it is no UTF-8', async () => {
    const bytes = Buffer.from('Größe;Name\r\n1;Jana Müller\r\n2;Zoë\r\n', 'latin1')
    const withEuro = Buffer.concat([bytes, Buffer.from([0x33, 0x3b, 0x80, 0x92, 0x0d, 0x0a])])
    for (const step of [1, 7, 1_000_000])
      expect(await read(withEuro, { step })).toEqual([
        { Größe: '1', Name: 'Jana Müller' },
        { Größe: '2', Name: 'Zoë' },
        { Größe: '3', Name: '€’' },
      ])
  })

  it('in windows-1252 whose first such letter stands far behind, and says of how many records', async () => {
    const rows = Array.from({ length: 200_000 }, (_, n) => `${n},Anna\n`).join('')
    const bytes = Buffer.from(`id,name\n${rows}x,Müller\ny,Weiß\n`, 'latin1')
    let records = 0
    let last: unknown
    const options = { format: 'auto', encoding: 'auto', delimiter: 'auto' } as const
    const onNotUtf8 = (some: number) => {
      records += some
    }
    for await (const some of readRecords(inChunks(bytes, 65_536), { lists: [] }, options, onNotUtf8))
      last = some.at(-1)?.row ?? last
    expect(records).toBe(2)
    expect(last).toEqual({ id: 'y', name: 'Weiß' })
  })

  it('keeps the UTF-8 of a record in which a letter was cut off', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\nОльга,'), Buffer.from('При').subarray(0, 5)])
    expect(await read(bytes)).toEqual([{ a: 'Ольга', b: 'ПрÐ' }])
    expect(await read(bytes, { encoding: 'utf-8' })).toEqual([{ a: 'Ольга', b: 'Пр\ufffd' }])
  })

  it('in a named encoding', async () => {
    const cyrillic = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xcf, 0xf0, 0xe8])])
    expect(await read(cyrillic, { encoding: 'windows-1251' })).toEqual([{ a: '1', b: 'При' }])
  })

  it('with columns under other names', async () => {
    expect(await read('A,b\n1,x\n', { keyOf: (name) => name.toLowerCase() })).toEqual(AB)
  })

  it('goes on behind a record that is too large', async () => {
    const huge = 'x'.repeat(1_100_000)
    expect(await read(`a,b\n1,${huge}\n2,y\n`, { step: 65_536 })).toEqual(['too_large', { a: '2', b: 'y' }])
    expect(await read(`a,b\n1,"${huge}"\n2,y\n`, { step: 65_536 })).toEqual(['too_large', { a: '2', b: 'y' }])
    expect(await read(`a,b\n1,"x\n${'2,y\n'.repeat(300_000)}`, { step: 65_536 })).toHaveLength(300_001)
  })

  it('reads what was written, however it is cut into chunks', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('"', ',', '\n', 'a', 'é', ' ', ';') })
      .filter((text) => text.trim() !== '')
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), async (cells, step) => {
        const text = `a,b\n${cells.map((row) => row.map(quote).join(',')).join('\n')}\n`
        expect(await read(text, { step })).toEqual(cells.map(([a, b]) => ({ a, b })))
      }),
    )
  })
})

const ONE = { a: 1 }
const TWO = { b: [{ c: '}]"\\' }] }

describe('readRecords of JSON', () => {
  it.each<[string, string | Buffer, unknown[]]>([
    ['lines', '{"a":1}\n\n{"b":[{"c":"}]\\"\\\\"}]}\n', [ONE, TWO]],
    ['lines with CRLF and a BOM', '\ufeff{"a":1}\r\n{"a":1}', [ONE, ONE]],
    [
      'lines with numbers that begin with zeros',
      '{"id":007,"t":"0 01","n":[00.5,-01,0,0.5,10]}\n{"id":08}\n',
      [{ id: '007', t: '0 01', n: ['00.5', '-01', 0, 0.5, 10] }, { id: '08' }],
    ],
    ['such a number behind quotes in a text', '{"a":"\\\\\\"01\\\\","id":01}\n', [{ a: '\\"01\\', id: '01' }]],
    ['a list with such a number', '[\n{"a":{"id" : 089}},\n{"a":1}\n]', [{ a: { id: '089' } }, ONE]],
    ['such a number beside another fault', '{"a":1}\n{"id":007,,}\n', [ONE, 'invalid_json']],
    ['a line that is broken', '{"a":1}\n{"a":\n{"a":1}\n', [ONE, 'invalid_json', ONE]],
    ['a first line that is broken', '{"a"\n{"a":1}\n', ['invalid_json', ONE]],
    ['a line that is no object', '{"a":1}\n7\n"x"\nnull\n', [ONE, 'invalid_event', 'invalid_event', 'invalid_event']],
    ['a list on one line', '[{"a":1},{"a":1}]', [ONE, ONE]],
    ['a list over lines', '[\n {"a":1},\n {"b":[{"c":"}]\\"\\\\"}]}\n]\n', [ONE, TWO]],
    [
      'a list with what is no object',
      '[\n{"a":1}, 7, "x,y", [ {"a":1} ], null\n, {"a":1}]',
      [ONE, 'invalid_event', 'invalid_event', 'invalid_event', 'invalid_event', ONE],
    ],
    ['an object over lines', '{\n  "a": 1\n}\n', [ONE]],
    ['objects one after the other', '{\n"a": 1\n}\n{\n"a": 1\n}', [ONE, ONE]],
    ['an empty list', '[]', []],
    [
      'an object with a list',
      '{\n"more": {"x": [1]},\n"records": [\n{"a":1}, {"b":[{"c":"}]\\"\\\\"}]}\n],\n"next": "]}"\n}',
      [ONE, TWO],
    ],
    ['an object with a list on one line', '{"records":[{"a":1}]}\n', [ONE]],
    ['an object with a list further down', '{\n"result": {"total": 1, "items": [\n{"a":1}\n]}\n}', [ONE]],
    ['pages in a list', '[\n{"records":[{"a":1}]},\n{"records":[{"a":1}]}\n]', [ONE, ONE]],
    ['pages as lines', '{"records":[{"a":1}]}\n{"records":[]}\n{"records":[{"a":1}]}\n', [ONE, ONE]],
    ['a list that breaks off', '[\n{"a":1},\n{"a":', [ONE, 'truncated']],
    ['an object with a list that breaks off', '{\n"records": [\n{"a":1},\n', [ONE, 'truncated']],
    ['an item that is no JSON', '[\n{"a":1},\n{a:1},\n{"a":1}\n]', [ONE, 'invalid_json', ONE]],
    ['words between objects', '{\n"a":1\n}\nnot json\n{\n"a":1\n}', [ONE, 'invalid_event', ONE]],
    ['gzip', gzipSync('{"a":1}\n'), [ONE]],
  ])('%s', async (_name, content, expected) => {
    for (const step of [1, 3, 7, 1_000_000]) {
      expect(await read(content, { step, lists: ['records', 'result.items'] })).toEqual(expected)
    }
  })

  it('of a gzip file that breaks off, as far as it goes', async () => {
    const broken = gzipSync('{"a":1}\n'.repeat(6)).subarray(0, 24)
    for (const step of [1, 7, 1_000]) {
      const found = await read(broken, { step })
      expect(found.at(-1)).toBe('truncated')
      expect(found.slice(0, -1)).toEqual(Array(found.length - 1).fill(ONE))
    }
  })

  it('in documents larger than what is looked at first', async () => {
    const items = Array.from({ length: 9_000 }, (_, n) => ({ n, text: 'a "quoted" {bracket} \\' }))
    for (const text of [
      JSON.stringify(items),
      JSON.stringify(items, null, 1),
      JSON.stringify({ x: 1, records: items }),
    ]) {
      expect(await read(text, { step: 4_099, lists: ['records'] })).toEqual(items)
    }
  })

  it('refuses a record that is too large, and goes on', async () => {
    const huge = JSON.stringify({ text: 'x'.repeat(1_100_000) })
    expect(await read(`{"a":1}\n${huge}\n{"a":1}`, { step: 65_536 })).toEqual([ONE, 'too_large', ONE])
    expect(await read(`[\n{"a":1},\n${huge},\n{"a":1}]`, { step: 65_536 })).toEqual([ONE, 'too_large', ONE])
  })

  it('with keys under other names, the first that is filled counting', async () => {
    const keyOf = (name: string) => name.toLowerCase()
    expect(await read('{"A":"","a":1,"__proto__":{"x":1}}', { keyOf })).toEqual([ONE])
  })
})

describe('readRecords', () => {
  it('throws for no content', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', 'a', '1', ' ') }),
      fc.json(),
    )
    const contents = fc.oneof(
      texts.map((text) => Buffer.from(text)),
      texts.map((text) => Buffer.from(text, 'utf16le')),
      texts.chain((text) => fc.nat(40).map((cut) => gzipSync(text).subarray(0, cut))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1, max: 50 }), async (content, step) => {
        await read(content, { step, lists: ['a', 'a.a'] })
      }),
      { numRuns: 500 },
    )
  })

  it('passes on an error of the file itself', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('a,b\n')
      throw new Error('the disk is gone')
    }
    const options = { format: 'auto', encoding: 'auto', delimiter: 'auto' } as const
    await expect(async () => {
      for await (const records of readRecords(failing(), { lists: [] }, options)) expect(records).toEqual([])
    }).rejects.toThrow('the disk is gone')
  })
})
