import type { CustomRuleSet, Expression, RuleField, ValueRef } from '../../model/custom-rule.ts'

export const ORIGIN_FIELDS = ['src_ip', 'user_agent', 'session_uid', 'device_uid'] as const

/** Texts that the store otherwise keeps on disk alone, and that these rules want in memory. */
export interface TextsNeeded {
  readonly origins: readonly (typeof ORIGIN_FIELDS)[number][]
  /** Ids of records; counting different ones needs none. */
  readonly objects: boolean
}

export function textsNeededBy(rules: CustomRuleSet): TextsNeeded {
  const asked = new Set<RuleField>()
  const ask = (refs: readonly ValueRef[]) => {
    for (const ref of refs) if (ref.from === 'event') asked.add(ref.field)
  }
  for (const rule of rules) {
    if (rule.kind === 'detection') {
      for (const field of fieldsOf(rule.where)) asked.add(field)
      continue
    }
    for (const { groupBy } of rule.inputs) ask(groupBy)
    for (let n = 0; n < rule.fields.length; n++) {
      const refs = rule.inputs.map(({ values }) => values[n])
      // Records are counted by their codes where all of the values are records.
      if (!refs.every((ref) => ref.from === 'event' && ref.field === 'object_uids')) ask(refs)
    }
  }
  return { origins: ORIGIN_FIELDS.filter((field) => asked.has(field)), objects: asked.has('object_uids') }
}

function* fieldsOf(expression: Expression): Generator<RuleField> {
  if (expression.op === 'test') yield expression.field
  else if (expression.op === 'not') yield* fieldsOf(expression.of)
  else for (const part of expression.of) yield* fieldsOf(part)
}
