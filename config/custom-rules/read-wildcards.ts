import type { FieldTest, PatternStep } from '../../model/custom-rule.ts'

type Token = { readonly is: 'text'; readonly text: string } | { readonly is: 'many' } | { readonly is: 'one' }

/**
 * A Sigma value with its wildcards as a test: `*` is any text, `?` one character, a backslash makes the next `*`, `?`
 * or backslash mean itself. `open` adds a `*` in front or behind, for `contains`, `startswith` and `endswith`.
 */
export function readWildcards(
  value: string,
  open: { readonly before: boolean; readonly after: boolean },
  cased: boolean,
): FieldTest {
  const tokens = tokensOf(cased ? value : value.toLowerCase())
  const many: Token = { is: 'many' }
  const all = joinMany([...(open.before ? [many] : []), ...tokens, ...(open.after ? [many] : [])])
  const [first, second, third] = all
  if (first === undefined) return { is: 'among', texts: [''], cased }
  if (all.length === 1 && first.is === 'many') return { is: 'present' }
  if (all.length === 1 && first.is === 'text') return { is: 'among', texts: [first.text], cased }
  if (all.length === 2 && first.is === 'text' && second.is === 'many') return { is: 'starts', text: first.text, cased }
  if (all.length === 2 && first.is === 'many' && second.is === 'text') return { is: 'ends', text: second.text, cased }
  if (all.length === 3 && first.is === 'many' && second.is === 'text' && third.is === 'many') {
    return { is: 'contains', text: second.text, cased }
  }
  return { is: 'pattern', pattern: { steps: stepsOf(all), ignoreCase: !cased, multiline: false } }
}

function tokensOf(value: string): Token[] {
  const tokens: Token[] = []
  let text = ''
  const flush = () => {
    if (text !== '') tokens.push({ is: 'text', text })
    text = ''
  }
  for (let i = 0; i < value.length; i++) {
    const sign = value[i]
    if (sign === '\\' && /[*?\\]/.test(value.charAt(i + 1))) text += value[++i]
    else if (sign === '*' || sign === '?') {
      flush()
      tokens.push({ is: sign === '*' ? 'many' : 'one' })
    } else text += sign
  }
  flush()
  return tokens
}

const joinMany = (tokens: readonly Token[]): Token[] =>
  tokens.filter((token, i) => token.is !== 'many' || tokens[i - 1]?.is !== 'many')

const ANY: PatternStep = { op: 'char', ranges: [], negated: true }

function stepsOf(tokens: readonly Token[]): PatternStep[] {
  const steps: PatternStep[] = [{ op: 'start' }]
  for (const token of tokens) {
    if (token.is === 'one') steps.push(ANY)
    else if (token.is === 'many') {
      const at = steps.length
      steps.push({ op: 'fork', first: at + 1, second: at + 3 }, ANY, { op: 'fork', first: at, second: at })
    } else {
      for (const character of token.text) {
        const point = character.codePointAt(0) ?? 0
        steps.push({ op: 'char', ranges: [point, point], negated: false })
      }
    }
  }
  return [...steps, { op: 'end' }, { op: 'done' }]
}
