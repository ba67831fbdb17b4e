import type { CustomRuleSet } from '../../model/custom-rule.ts'

/** `actor`: state that is parted by actor, forgotten with one and folded again. `shared`: every event once, as it comes. */
export type StateScope = 'actor' | 'shared'

/**
 * In which scopes each rule keeps state: one that is told, in its own; one that others refer to, in theirs. A rule that
 * keeps actors apart and stands in a shared chain has state for the chain alone, for it is not seen again by a refold.
 */
export function scopesOf(
  rules: CustomRuleSet,
  ownScopes: readonly (StateScope | null)[],
): readonly ReadonlySet<StateScope>[] {
  const scopes = rules.map(() => new Set<StateScope>())
  for (let at = rules.length - 1; at >= 0; at--) {
    const rule = rules[at]
    const own = ownScopes[at]
    if (rule.kind === 'detection' || own === null) continue
    if (rule.reported) scopes[at].add(own)
    for (const input of rule.inputs) for (const scope of scopes[at]) scopes[input.rule].add(scope)
  }
  return scopes
}
