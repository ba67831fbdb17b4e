import { nearest } from '../config/nearest.ts'
import { DETECTORS } from '../detectors/registry.ts'

/**
 * Says of an id that no detector has what was meant perhaps and what is allowed, without repeating it; null for an id
 * that one has, be it switched off. `rules`: ids of the findings of custom rules, as far as they are loaded.
 */
export function createDetectorCheck(rules: readonly string[]): (id: string) => string | null {
  const builtIn = DETECTORS.map((detector): string => detector.id)
  const known = new Set([...builtIn, ...rules])
  const allowed = rules.length === 0 ? builtIn : [...builtIn, 'or custom: and the name of a rule that is loaded']
  return (id) => {
    if (known.has(id)) return null
    const near = nearest(id, known)
    const meant = near === null ? '' : `did you mean '${near}'? `
    return `there is no such detector; ${meant}allowed: ${allowed.join(', ')}`
  }
}
