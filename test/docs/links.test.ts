import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listFiles, ROOT } from '../architecture/source-files.ts'
import { anchorsOf, blocksOf, codeOf, documents, linksOf, resolveFrom } from './documents.ts'

const files = new Set(listFiles())
const names = new Set([...files].map((file) => posix.basename(file)))

/** Named in the documents, but made by whoever runs the service or by the service itself. */
const ELSEWHERE = new Set([
  'crmwatch.yaml',
  'crmwatch.duckdb',
  'crmwatch.duckdb.wal',
  'events.jsonl',
  'staff.jsonl',
  'labels.json',
  'events.ndjson',
])
const IN_REPOSITORY = /^\.?[a-z][\w.-]*(\/[\w.-]+)*\/?$/

/** Whether an inline code is meant as a path of this repository. */
const isPath = (code: string): boolean =>
  IN_REPOSITORY.test(code) &&
  (/\.(ts|sql|md|ya?ml|json|ndjson|jsonl|duckdb|wal)$/.test(code) || (code.endsWith('/') && !code.startsWith('.cache')))

describe.each(documents)('%s', (file) => {
  it('links to what is there', () => {
    const broken = linksOf(file).filter((target) => {
      if (/^https?:/.test(target)) return false
      const [path, anchor] = target.split('#')
      const to = path === '' ? file : resolveFrom(file, path)
      if (!existsSync(join(ROOT, to))) return true
      return anchor !== undefined && !anchorsOf(to).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('names files that exist', () => {
    const missing = codeOf(file)
      .filter(isPath)
      .filter((path) => !ELSEWHERE.has(path))
      .filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, resolveFrom(file, path))))
      .filter((path) => path.includes('/') || !names.has(path))
    expect(missing).toEqual([])
  })
})

it('reads the documents', () => {
  expect(documents).toContain('README.md')
  expect(linksOf('README.md')).toContain('docs/api.md')
  expect(blocksOf('docs/store.md').length).toBeGreaterThan(5)
})

it('knows the commands it shows', async () => {
  const { parseCommand } = await import('../../cli/parse-command.ts')
  const shown = documents
    .flatMap(blocksOf)
    .filter((block) => block.language === 'console')
    .flatMap((block) => block.text.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => /^\$ (?:\w+=\S+ )*npm run crmwatch -- (.+)$/.exec(line)?.slice(1) ?? [])
  expect(shown.length).toBeGreaterThan(3)
  const wrong = shown.filter((line) => parseCommand(line.split(/\s+/)).command === 'usage-error')
  expect(wrong).toEqual([])
})
