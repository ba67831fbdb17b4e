import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPattern } from '../../../config/custom-rules/read-pattern.ts'
import { matchesPattern } from '../../../detectors/custom/match-pattern.ts'

const FLAGS = { ignoreCase: false, multiline: false, dotAll: false }

function matches(source: string, text: string, flags = FLAGS): boolean {
  const result = readPattern(source, flags)
  if (!result.ok) throw new Error(`${source}: ${result.found}`)
  return matchesPattern(result.pattern, text)
}

const leaf = fc.constantFrom(
  'a',
  'b',
  'é',
  '.',
  '\\d',
  '\\W',
  '\\s',
  '\\.',
  '[ab]',
  '[^a]',
  '[a-c\\d]',
  '[]a]',
  '(?:)',
  '^',
  '$',
)
const expression = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?')).map(([a, q]) => `(?:${a})${q}`),
  ),
})).node
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', '1', '.', ' ', '\n', ']'), maxLength: 12 })

describe('regular expressions', () => {
  test('match as the platform’s own do', () => {
    fc.assert(
      fc.property(expression, text, fc.boolean(), fc.boolean(), fc.boolean(), (source, sample, i, m, s) => {
        // The platform reads `[]a]` as an empty class and a text; everybody else as a class of two.
        const platform = source.replaceAll('[]a]', '[\\]a]')
        const flags = `u${i ? 'i' : ''}${m ? 'm' : ''}${s ? 's' : ''}`
        const expected = new RegExp(platform, flags).test(sample)
        expect(matches(source, sample, { ignoreCase: i, multiline: m, dotAll: s })).toBe(expected)
      }),
      { numRuns: 3_000 },
    )
  })

  test('take time in proportion to the text where others never end', () => {
    expect(matches('^(a+)+$', `${'a'.repeat(4_000)}b`)).toBe(false)
    expect(matches('(a|a)*(a|a)*c', 'a'.repeat(4_000))).toBe(false)
  })

  test.each([
    ['\\x41\\u0042', 'AB', true],
    ['a\\tb', 'a\tb', true],
    ['x{2', 'x{2', true],
    ['^\u{1f600}.$', '\u{1f600}\u{1f601}', true],
    ['[-a]', '-', true],
  ])('%s on %s: %s', (source, sample, expected) => {
    expect(matches(source, sample)).toBe(expected)
  })

  test.each([
    ['a(b', 1, 'a bracket that is not closed'],
    ['ab)', 2, 'a bracket that was never opened'],
    ['[ab', 0, 'a class that is not closed'],
    ['[[:alpha:]]', 1, 'a named class'],
    ['[b-a]', 2, 'a range that is none'],
    ['a**', 2, 'a quantifier of a quantifier'],
    ['a++', 2, 'a possessive quantifier'],
    ['*a', 0, 'a quantifier of nothing'],
    ['^*', 0, 'an anchor that is repeated'],
    ['a{3,2}', 0, 'a quantifier with max below min'],
    ['(?=a)', 0, '(?='],
    ['(?<n>a)', 0, '(?<'],
    ['a\\1', 1, '\\1'],
    ['\\bword', 0, '\\b'],
    ['a\\', 1, 'a backslash at the end'],
    ['(?:a{100}){100}', 0, 'too large an expression'],
    ['a'.repeat(1_001), 0, '1001 characters'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 51, 'brackets nested too deep'],
  ])('%s is refused at %i: %s', (source, at, found) => {
    expect(readPattern(source, FLAGS)).toMatchObject({ ok: false, at, found })
  })
})
