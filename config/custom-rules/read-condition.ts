import { CUSTOM_RULE_LIMITS, type Expression } from '../../model/custom-rule.ts'
import { type RuleText, showName, suggest } from './rule-text.ts'

interface Token {
  readonly text: string
  readonly at: number
}

/**
 * Reads a Sigma condition: `and`, `or`, `not`, brackets, `1 of` or `all of` a pattern or `them`. `not` binds closest,
 * then `and`, then `or`. Null when it is at fault.
 */
export function readCondition(
  text: RuleText,
  node: unknown,
  path: string,
  condition: string,
  selections: ReadonlyMap<string, Expression>,
): Expression | null {
  const tokens: Token[] = [...condition.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({
    text: match[0],
    at: match.index,
  }))
  const names = [...selections.keys()]
  let at = 0
  let failed = false
  const peek = (): string => tokens[at]?.text.toLowerCase() ?? ''
  const fail = (found: string, allowed: string, token: Token | undefined = tokens[at]): null => {
    if (!failed) text.fault(node, path, found, allowed, token?.at ?? condition.length)
    failed = true
    return null
  }

  const joined = (op: 'and' | 'or', part: (depth: number) => Expression | null, depth: number): Expression | null => {
    const of: Expression[] = []
    do {
      const one = part(depth)
      if (one === null) return null
      of.push(one)
    } while (peek() === op && ++at > 0)
    return of.length === 1 ? of[0] : { op, of }
  }
  const disjunction = (depth: number): Expression | null => joined('or', conjunction, depth)
  const conjunction = (depth: number): Expression | null => joined('and', negation, depth)

  const negation = (depth: number): Expression | null => {
    if (depth > CUSTOM_RULE_LIMITS.nesting)
      return fail('a condition nested too deep', `${CUSTOM_RULE_LIMITS.nesting} levels`)
    if (peek() !== 'not') return primary(depth)
    at++
    const of = negation(depth + 1)
    return of === null ? null : { op: 'not', of }
  }

  const primary = (depth: number): Expression | null => {
    const token = tokens[at]
    if (token === undefined) return fail('the end of the condition', 'a selection, not, 1 of, all of or (')
    if (token.text === '(') {
      at++
      const inner = disjunction(depth + 1)
      if (inner === null) return null
      if (peek() !== ')')
        return fail(at < tokens.length ? showName(tokens[at].text) : 'the end of the condition', 'and, or or )')
      at++
      return inner
    }
    if (tokens[at + 1]?.text.toLowerCase() === 'of') return quantified(token)
    at++
    const known = selections.get(token.text)
    if (known !== undefined) return known
    if (['and', 'or', 'of', ')', '|'].includes(token.text.toLowerCase())) {
      return fail(showName(token.text), 'a selection, not, 1 of, all of or (', token)
    }
    return fail(`an unknown selection ${showName(token.text)}`, suggest(token.text, names), token)
  }

  const quantified = (token: Token): Expression | null => {
    const quantity = token.text.toLowerCase()
    if (!['1', 'any', 'all'].includes(quantity))
      return fail(`${showName(token.text)} of`, '1 of, any of or all of', token)
    at += 2
    const pattern = tokens[at]
    if (pattern === undefined || ['(', ')', '|'].includes(pattern.text)) {
      return fail('nothing to choose from', 'them, or a pattern such as selection*', pattern ?? token)
    }
    at++
    const chosen = names.filter((name) =>
      pattern.text.toLowerCase() === 'them' ? !name.startsWith('_') : globOf(pattern.text).test(name),
    )
    const of = chosen.flatMap((name) => selections.get(name) ?? [])
    if (of.length === 0)
      return fail(`${showName(pattern.text)}, which no selection matches`, suggest(pattern.text, names), pattern)
    return of.length === 1 ? of[0] : { op: quantity === 'all' ? 'and' : 'or', of }
  }

  const expression = disjunction(0)
  if (expression === null) return null
  if (at === tokens.length) return expression
  if (peek() === '|') return fail('a pipe', 'a correlation rule of its own that refers to this rule and counts')
  return fail(showName(tokens[at].text), 'and or or')
}

/** The names come from the same rule, so a plain `.*` per star costs nobody else anything. */
const globOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`)
