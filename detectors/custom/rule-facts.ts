import { clipText } from '../../model/clip-text.ts'
import type { CorrelationRule } from '../../model/custom-rule.ts'
import type { FindingFacts } from '../../model/finding-facts.ts'
import type { Domain } from './correlation-inputs.ts'

/** Per name in the rule's group-by; the text is null when it is not known. */
export type GroupText = { readonly domain: Domain; readonly text: string | null }

/** What a rule's sentence says of the rule, and of the group in which it held. */
export function factsOfRule(rule: CorrelationRule, group: readonly GroupText[]): FindingFacts {
  return {
    kind: 'rule',
    title: rule.title,
    type: rule.type,
    rules: rule.inputs.length,
    fields: [...rule.fields],
    timespan_ms: rule.timespanMs,
    condition: rule.condition.map(({ op, value }) => ({ op, value })),
    group: group.flatMap(({ domain, text }, n) =>
      // Whose alert it is stands above it already.
      domain === 'actor' ? [] : [{ name: rule.groupBy[n], text: text === null ? null : clipText(text, LONGEST_TEXT) }],
    ),
  }
}

const LONGEST_TEXT = 256
