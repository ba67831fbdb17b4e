import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scanSource } from './scan-source.ts'
import { isSource, listFiles, readText } from './source-files.ts'

const files = listFiles()
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|gz|zst|lz4|snappy|duckdb|jar|pdf)$/
/** Assembled from parts, for this file is read as well. */
const MACHINE_PATH = new RegExp(`(^|[\\s"'\`(=:,])/(${['work', 'root', 'Users'].join('|')})/`, 'm')
const REGISTRY_HOST = new RegExp(['registry', 'npmjs'].join('\\.'))
const MODIFIERS = ['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails']

const offending = (pattern: RegExp): string[] =>
  files.filter((file) => !BINARY.test(file) && pattern.test(readText(file)))

describe('house rules', () => {
  it('names files for the one thing they export', () => {
    const vague = /(^|[-.])(utils?|helpers?|common|managers?|misc)([-.]|$)/
    expect(files.filter((file) => isSource(file) && vague.test(posix.basename(file)))).toEqual([])
  })

  it('names files in kebab-case', () => {
    const wrong = files.filter((file) => isSource(file) && !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(posix.basename(file)))
    expect(wrong).toEqual([])
  })

  it('runs every test', () => {
    const wrong = files
      .filter((file) => file.startsWith('test/') && isSource(file))
      .flatMap((file) => scanSource(readText(file), file).testModifiers.map((name) => ({ file, name })))
      .filter(({ name }) => MODIFIERS.includes(name))
    expect(wrong).toEqual([])
  })

  it.each(['it.only', 'describe.skip', 'test.concurrent.only', 'it.skipIf'])('would see %s', (expression) => {
    const { testModifiers } = scanSource(`${expression}('x', () => {})`, 'x.ts')
    expect(testModifiers.some((name) => MODIFIERS.includes(name))).toBe(true)
  })

  it('carries no path of the machine it was written on', () => {
    expect(offending(MACHINE_PATH)).toEqual([])
  })

  it('names no package registry', () => {
    expect(offending(REGISTRY_HOST)).toEqual([])
  })
})
