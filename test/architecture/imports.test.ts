import { describe, expect, it } from 'vitest'
import { resolveImport, type SourceScan, scanSource } from './scan-source.ts'
import { isSource, listFiles, readText } from './source-files.ts'

/** What each folder may import of the others, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[] | 'anything'>> = {
  model: [],
  net: ['model'],
  detectors: ['model'],
  messages: ['detectors', 'model'],
  store: ['model'],
  config: ['model'],
  fixtures: ['model'],
  alerts: ['messages', 'store', 'detectors', 'net', 'model'],
  ingest: ['alerts', 'messages', 'store', 'detectors', 'net', 'model'],
  api: ['ingest', 'alerts', 'messages', 'store', 'detectors', 'model'],
  dashboards: ['model'],
  cli: ['config', 'api', 'ingest', 'alerts', 'messages', 'store', 'detectors', 'fixtures', 'model'],
  commands: ['cli', 'config', 'api', 'ingest', 'alerts', 'messages', 'store', 'detectors', 'fixtures', 'net', 'model'],
  main: ['commands', 'cli', 'config', 'api', 'ingest', 'alerts', 'messages', 'store', 'detectors', 'fixtures', 'model'],
  start: ['cli'],
  bench: 'anything',
  test: 'anything',
  'vitest.config': 'anything',
}

/** Packages that only one part may know; tests and benchmarks are free. */
const ONE_HOME: readonly { readonly name: string; readonly packages: RegExp; readonly home: RegExp }[] = [
  { name: 'DuckDB in store/', packages: /^@duckdb\//, home: /^store\// },
  { name: 'kafkajs in ingest/kafka/', packages: /^kafkajs$/, home: /^ingest\/kafka\// },
  {
    name: 'nodemailer in its notifier',
    packages: /^nodemailer/,
    home: /^alerts\/delivery\/notifiers\/email\.ts$/,
  },
  {
    name: 'fastify in api/ and the composition root',
    packages: /^(fastify$|@fastify\/)/,
    home: /^(api\/|commands\/service\.ts$|main\.ts$)/,
  },
]

/** Where the process, the clock and timers may be touched. */
const EDGES = /^(main\.ts$|start\.ts$|vitest\.config\.ts$|cli\/|bench\/|test\/)/
const EDGE_EXCEPTIONS: Readonly<Record<string, string>> = {
  'ingest/kafka/runtime.ts': 'the Kafka client’s one default clock and sleep; tests and main.ts may pass others',
}

const FREE = /^(test|bench)\//
const files = listFiles().filter(isSource)
const scans = new Map(files.map((file): [string, SourceScan] => [file, scanSource(readText(file), file)]))

const areaOf = (file: string): string => (file.includes('/') ? file.split('/')[0] : file.replace(/\.tsx?$/, ''))

/** Every import of one file of ours by another. */
const edges = [...scans].flatMap(([from, scan]) =>
  scan.imports.flatMap((specifier) => {
    const to = resolveImport(from, specifier)
    return to === null ? [] : [{ from, to }]
  }),
)

describe('imports', () => {
  it('finds the sources', () => {
    expect(files).toContain('model/event.ts')
    expect(edges).toContainEqual({ from: 'model/staff.ts', to: 'model/event.ts' })
  })

  it('stands in a folder whose place in the order is known', () => {
    expect(files.filter((file) => !Object.hasOwn(ALLOWED, areaOf(file)))).toEqual([])
  })

  it('go one way between the folders', () => {
    const wrong = edges.filter(({ from, to }) => {
      const allowed = ALLOWED[areaOf(from)] ?? []
      return areaOf(from) !== areaOf(to) && allowed !== 'anything' && !allowed.includes(areaOf(to))
    })
    expect(wrong).toEqual([])
  })

  it('form no circle', () => {
    expect(findCircles()).toEqual([])
  })

  it.each(ONE_HOME)('keep $name', ({ packages, home }) => {
    const wrong = files.filter(
      (file) => !home.test(file) && !FREE.test(file) && scans.get(file)?.imports.some((name) => packages.test(name)),
    )
    expect(wrong).toEqual([])
  })

  it('leave the process, the clock and timers to the edges', () => {
    const wrong = files
      .filter((file) => !EDGES.test(file) && !Object.hasOwn(EDGE_EXCEPTIONS, file))
      .flatMap((file) => (scans.get(file)?.ambient ?? []).map((use) => `${file}: ${use}`))
    expect(wrong).toEqual([])
  })

  it('has no exception that is no longer needed', () => {
    expect(Object.keys(EDGE_EXCEPTIONS).filter((file) => (scans.get(file)?.ambient.length ?? 0) === 0)).toEqual([])
  })
})

describe('scanSource', () => {
  it.each([
    [`import type { A } from './a.ts'`, ['./a.ts']],
    [`import './a.ts'\nexport * from './b.ts'\nexport type { C } from './c.ts'`, ['./a.ts', './b.ts', './c.ts']],
    [`type A = import('./a.ts').A\nconst b = await import('./b.ts')`, ['./a.ts', './b.ts']],
    [`// import './a.ts'\nconst text = "import './b.ts'"`, []],
  ])('reads the imports of %j', (text, imports) => {
    expect(scanSource(text, 'x.ts').imports).toEqual(imports)
  })

  it.each([
    ['process.env.HOME', ['process.env']],
    ['const t = Date.now()', ['Date.now']],
    ['setTimeout(() => {}, 1)', ['setTimeout']],
    ['new Date()', ['new Date()']],
    [`import { setTimeout as sleep } from 'node:timers/promises'`, ['node:timers/promises']],
    ['new Date(0); clock.now(); // Date.now()', []],
  ])('sees what %j touches', (text, ambient) => {
    expect(scanSource(text, 'x.ts').ambient).toEqual(ambient)
  })
})

/** Each circle once, as the files along it. */
function findCircles(): string[] {
  const circles: string[] = []
  const finished = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
      return
    }
    if (finished.has(file)) return
    for (const edge of edges) if (edge.from === file) visit(edge.to, [...trail, file])
    finished.add(file)
  }
  for (const file of files) visit(file, [])
  return circles
}
