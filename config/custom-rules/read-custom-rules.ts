import { CUSTOM_RULE_LIMITS, type CustomRuleSet } from '../../model/custom-rule.ts'
import type { Fault } from '../fault.ts'
import { linkRules } from './link-rules.ts'
import { type RuleFile, readRuleFile } from './read-rule.ts'

export type CustomRulesResult =
  | { readonly ok: true; readonly rules: CustomRuleSet }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * Reads Sigma rules from the texts of their files: detections and correlations, several to a file when parted by `---`,
 * which may refer to each other across files. All faults come at once, each with file, line, column and path.
 */
export function readCustomRules(files: readonly RuleFile[]): CustomRulesResult {
  const read = files.map(readRuleFile)
  const drafts = read.flatMap((file) => file.drafts)
  // References into a rule that is at fault itself would only be blamed for it.
  const sound = read.every((file) => file.faults.length === 0)
  const rules = sound ? linkRules(drafts) : []
  const faults = read.flatMap((file) => file.faults)
  if (drafts.length > CUSTOM_RULE_LIMITS.rules) {
    faults.push({
      path: 'custom_rules',
      origin: { kind: 'default' },
      found: `${drafts.length} rules`,
      allowed: `at most ${CUSTOM_RULE_LIMITS.rules}`,
    })
  }
  return faults.length === 0 ? { ok: true, rules } : { ok: false, faults }
}
