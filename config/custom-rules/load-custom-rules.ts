import { CUSTOM_RULE_LIMITS } from '../../model/custom-rule.ts'
import { fileFault } from '../../model/file-fault.ts'
import type { Fault } from '../fault.ts'
import { showValue } from '../fault.ts'
import { type CustomRulesResult, readCustomRules } from './read-custom-rules.ts'
import type { RuleFile } from './read-rule.ts'

export interface RuleFileSources {
  /** `custom_rules`: paths or globs. */
  readonly patterns: readonly string[]
  /** Paths of the files that a pattern names, relative ones from where the service was started. */
  readonly glob: (pattern: string) => readonly string[]
  /** Throws when the file cannot be read. */
  readonly readFile: (path: string) => string
}

/** Finds, reads and links the rules that the configuration names; a pattern without a file is a fault. */
export function loadCustomRules({ patterns, glob, readFile }: RuleFileSources): CustomRulesResult {
  const faults: Fault[] = []
  const files = new Map<string, RuleFile>()
  for (const [i, pattern] of patterns.entries()) {
    const paths = glob(pattern)
    if (paths.length === 0) {
      const found = `${showValue(pattern)}, which names no file`
      faults.push({
        path: `custom_rules[${i}]`,
        origin: { kind: 'default' },
        found,
        allowed: 'paths or globs of rule files',
      })
    }
    for (const path of [...paths].sort()) {
      if (files.has(path)) continue
      const text = readText(path, readFile)
      if (typeof text === 'string') files.set(path, { file: path, text })
      else faults.push({ path: '', origin: { kind: 'file', file: path, line: 1, column: 1 }, ...text })
    }
  }
  if (files.size > CUSTOM_RULE_LIMITS.files) {
    const allowed = `at most ${CUSTOM_RULE_LIMITS.files}`
    faults.push({ path: 'custom_rules', origin: { kind: 'default' }, found: `${files.size} files`, allowed })
  }
  return faults.length > 0 ? { ok: false, faults } : readCustomRules([...files.values()])
}

function readText(path: string, readFile: (path: string) => string): string | Pick<Fault, 'found' | 'allowed'> {
  try {
    const text = readFile(path)
    if (Buffer.byteLength(text) <= CUSTOM_RULE_LIMITS.fileBytes) return text
    return { found: 'a larger file', allowed: `at most ${CUSTOM_RULE_LIMITS.fileBytes} bytes` }
  } catch (error) {
    return { found: `a file that cannot be read: ${fileFault(error)}`, allowed: 'a YAML file' }
  }
}
