import { CUSTOM_RULE_LIMITS, type Pattern, type PatternStep } from '../../model/custom-rule.ts'

export type PatternResult =
  | { readonly ok: true; readonly pattern: Pattern }
  /** `at` counts from the start of the expression. */
  | { readonly ok: false; readonly at: number; readonly found: string; readonly allowed: string }

export interface PatternFlags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
}

/** What a regular expression is made of. */
type Part =
  | { readonly is: 'char'; readonly ranges: readonly number[]; readonly negated: boolean }
  | { readonly is: 'all'; readonly of: readonly Part[] }
  | { readonly is: 'either'; readonly of: readonly Part[] }
  | { readonly is: 'repeat'; readonly of: Part; readonly min: number; readonly max: number | null }
  | { readonly is: 'start' | 'end' }

const code = (character: string): number => character.codePointAt(0) ?? 0
const DIGIT = [code('0'), code('9')]
const WORD = [...DIGIT, code('A'), code('Z'), code('_'), code('_'), code('a'), code('z')]
const SPACE = [9, 13, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f].concat([
  0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
])
const LINE_ENDS = [10, 10, 13, 13, 0x2028, 0x2029]
const CLASSES: Readonly<Record<string, readonly number[]>> = { d: DIGIT, w: WORD, s: SPACE }
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, v: 11 }
const LAST_POINT = 0x10ffff

/**
 * Reads a regular expression of the kind Sigma allows (characters, classes, groups, alternatives, quantifiers,
 * anchors, and `\d \w \s`) into a program whose running time is linear in the text: no text that somebody sends can
 * make it slow. Look-around, back references and word boundaries are refused.
 */
export function readPattern(source: string, flags: PatternFlags): PatternResult {
  if (source.length > CUSTOM_RULE_LIMITS.patternLength) {
    return refused(0, `${source.length} characters`, `at most ${CUSTOM_RULE_LIMITS.patternLength}`)
  }
  const inline = /^\(\?([ims]+)\)/.exec(source)
  const set = inline?.[1] ?? ''
  const { ignoreCase, multiline, dotAll } = {
    ignoreCase: flags.ignoreCase || set.includes('i'),
    multiline: flags.multiline || set.includes('m'),
    dotAll: flags.dotAll || set.includes('s'),
  }
  const parsed = parse(source, inline?.[0].length ?? 0, dotAll)
  if (!parsed.ok) return parsed
  const steps = assemble(parsed.part)
  if (steps === null) {
    return refused(
      0,
      'too large an expression',
      `at most ${CUSTOM_RULE_LIMITS.patternSteps} steps, repetitions written out`,
    )
  }
  return { ok: true, pattern: { steps, ignoreCase, multiline } }
}

type Refusal = Extract<PatternResult, { ok: false }>
const refused = (at: number, found: string, allowed: string): Refusal => ({ ok: false, at, found, allowed })

function parse(source: string, from: number, dotAll: boolean): { ok: true; part: Part } | Refusal {
  let at = from
  let fault: Refusal | null = null
  const fail = (position: number, found: string, allowed: string): null => {
    fault ??= refused(position, found, allowed)
    return null
  }
  const peek = () => source.charAt(at)

  const alternatives = (depth: number): Part | null => {
    if (depth > CUSTOM_RULE_LIMITS.nesting)
      return fail(at, 'brackets nested too deep', `${CUSTOM_RULE_LIMITS.nesting} levels`)
    const options: Part[] = []
    do {
      const option = sequence(depth)
      if (option === null) return null
      options.push(option)
    } while (peek() === '|' && ++at > 0)
    return options.length === 1 ? options[0] : { is: 'either', of: options }
  }

  const sequence = (depth: number): Part | null => {
    const parts: Part[] = []
    while (at < source.length && peek() !== '|' && peek() !== ')') {
      const part = repeated(depth)
      if (part === null) return null
      parts.push(part)
    }
    return { is: 'all', of: parts }
  }

  const repeated = (depth: number): Part | null => {
    const begin = at
    const part = single(depth)
    if (part === null) return null
    const bounds = quantifier()
    if (bounds === null) return part
    if (part.is === 'start' || part.is === 'end') return fail(begin, 'an anchor that is repeated', 'an anchor once')
    if (bounds.max !== null && bounds.max < bounds.min)
      return fail(begin, 'a quantifier with max below min', '{min,max}')
    // Whether as much or as little as possible is taken makes no difference to whether it matches.
    if (peek() === '?') at++
    else if (peek() === '+') return fail(at, 'a possessive quantifier', 'a plain one')
    const second = at
    if (quantifier() !== null)
      return fail(second, 'a quantifier of a quantifier', 'one, or brackets around the inner one')
    return { is: 'repeat', of: part, ...bounds }
  }

  const quantifier = (): { min: number; max: number | null } | null => {
    const match = /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})/.exec(source.slice(at, at + 12))
    if (match === null) return null
    at += match[0].length
    const [, sign, min, comma, max] = match
    if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : null }
    return { min: Number(min), max: comma === undefined ? Number(min) : max === undefined ? null : Number(max) }
  }

  const single = (depth: number): Part | null => {
    const begin = at
    const point = source.codePointAt(at) ?? 0
    at += point > 0xffff ? 2 : 1
    switch (String.fromCodePoint(point)) {
      case '.':
        return dotAll ? { is: 'char', ranges: [], negated: true } : { is: 'char', ranges: LINE_ENDS, negated: true }
      case '^':
        return { is: 'start' }
      case '$':
        return { is: 'end' }
      case '(': {
        if (source.startsWith('?:', at)) at += 2
        else if (peek() === '?')
          return fail(begin, `${source.slice(begin, begin + 3)}`, 'a plain group: (...) or (?:...)')
        const inner = alternatives(depth + 1)
        if (inner === null) return null
        if (peek() !== ')') return fail(begin, 'a bracket that is not closed', '(...)')
        at++
        return inner
      }
      case '[':
        return characterClass(begin)
      case '\\':
        return escapedPart(begin)
      case '*':
      case '+':
      case '?':
        return fail(begin, 'a quantifier of nothing', 'something before it, or a backslash')
      default:
        return { is: 'char', ranges: [point, point], negated: false }
    }
  }

  const escapedPart = (begin: number): Part | null => {
    const set = escaped(begin)
    return set === null ? null : { is: 'char', ranges: set.ranges, negated: false }
  }

  /** The character or class after a backslash. */
  const escaped = (begin: number): { ranges: readonly number[]; point: number | null } | null => {
    const letter = peek()
    if (letter === '') return fail(begin, 'a backslash at the end', 'a character after it')
    at++
    const known = CLASSES[letter.toLowerCase()]
    if (known !== undefined) return { ranges: letter === letter.toLowerCase() ? known : complement(known), point: null }
    const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(source.slice(at - 1, at + 4))
    if (hex !== null) {
      at += hex[0].length - 1
      const point = Number.parseInt(hex[1] ?? hex[2], 16)
      return { ranges: [point, point], point }
    }
    const control = CONTROLS[letter]
    if (control !== undefined) return { ranges: [control, control], point: control }
    if (/[A-Za-z0-9]/.test(letter)) {
      return fail(begin, `\\${letter}`, 'an escaped sign, or one of \\d \\w \\s \\D \\W \\S \\t \\n \\r \\xHH')
    }
    const point = source.codePointAt(at - 1) ?? 0
    if (point > 0xffff) at++
    return { ranges: [point, point], point }
  }

  const characterClass = (begin: number): Part | null => {
    const negated = peek() === '^'
    if (negated) at++
    const ranges: number[] = []
    let first = true
    while (at < source.length && (peek() !== ']' || first)) {
      first = false
      if (source.startsWith('[:', at)) return fail(at, 'a named class', 'characters and ranges')
      const low = classMember()
      if (low === null) return null
      if (peek() === '-' && source.charAt(at + 1) !== ']' && at + 1 < source.length) {
        const dash = at++
        const high = classMember()
        if (high === null) return null
        if (low.point === null || high.point === null || high.point < low.point) {
          return fail(dash, 'a range that is none', 'a lower and a higher character')
        }
        ranges.push(low.point, high.point)
      } else ranges.push(...low.ranges)
    }
    if (peek() !== ']') return fail(begin, 'a class that is not closed', '[...]')
    at++
    return { is: 'char', ranges, negated }
  }

  const classMember = (): { ranges: readonly number[]; point: number | null } | null => {
    const point = source.codePointAt(at) ?? 0
    const begin = at
    at += point > 0xffff ? 2 : 1
    return point === code('\\') ? escaped(begin) : { ranges: [point, point], point }
  }

  const part = alternatives(0)
  if (part !== null && at < source.length)
    fail(at, 'a bracket that was never opened', '(...), or a backslash before it')
  return fault ?? { ok: true, part: part ?? { is: 'all', of: [] } }
}

/** All code points outside of `ranges`, which stand in rising order. */
function complement(ranges: readonly number[]): number[] {
  const outside: number[] = []
  let next = 0
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i] > next) outside.push(next, ranges[i] - 1)
    next = ranges[i + 1] + 1
  }
  return next <= LAST_POINT ? [...outside, next, LAST_POINT] : outside
}

/** Writes the parts as steps, each going on with the next unless it is a fork; null when there are too many. */
function assemble(root: Part): PatternStep[] | null {
  const steps: PatternStep[] = []
  const full = () => steps.length > CUSTOM_RULE_LIMITS.patternSteps

  const write = (part: Part): void => {
    if (full()) return
    switch (part.is) {
      case 'char':
        steps.push({ op: 'char', ranges: part.ranges, negated: part.negated })
        return
      case 'start':
      case 'end':
        steps.push({ op: part.is })
        return
      case 'all':
        part.of.forEach(write)
        return
      case 'either':
        either(part.of)
        return
      case 'repeat':
        repeat(part.of, part.min, part.max)
    }
  }

  const either = (options: readonly Part[]): void => {
    const ends: number[] = []
    for (const [i, option] of options.entries()) {
      const fork = steps.length
      if (i < options.length - 1) steps.push({ op: 'fork', first: fork + 1, second: 0 })
      write(option)
      if (i === options.length - 1) break
      ends.push(steps.length)
      steps.push({ op: 'fork', first: 0, second: 0 })
      steps[fork] = { op: 'fork', first: fork + 1, second: steps.length }
    }
    for (const end of ends) steps[end] = { op: 'fork', first: steps.length, second: steps.length }
  }

  const repeat = (part: Part, min: number, max: number | null): void => {
    for (let i = 0; i < min && !full(); i++) write(part)
    if (max === null) {
      const loop = steps.length
      steps.push({ op: 'fork', first: loop + 1, second: 0 })
      write(part)
      steps.push({ op: 'fork', first: loop, second: loop })
      steps[loop] = { op: 'fork', first: loop + 1, second: steps.length }
      return
    }
    const forks: number[] = []
    for (let i = min; i < max && !full(); i++) {
      forks.push(steps.length)
      steps.push({ op: 'fork', first: steps.length + 1, second: 0 })
      write(part)
    }
    for (const fork of forks) steps[fork] = { op: 'fork', first: fork + 1, second: steps.length }
  }

  write(root)
  steps.push({ op: 'done' })
  return full() ? null : steps
}
