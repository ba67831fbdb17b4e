import { createHmac } from 'node:crypto'
import type { Alert } from '../../model/alert.ts'
import type { PersonMode } from '../../model/delivery.ts'

export type MaskPerson = (alert: Alert) => Alert

/** Makes the alert say of the person what the channel may know, in its sentences too. */
export function createPersonMask(mode: PersonMode, key: string | null): MaskPerson {
  if (mode === 'name') return (alert) => alert
  if (mode === 'uid') return (alert) => ({ ...alert, staff: withoutNames(alert.staff) })
  if (key === null) throw new Error('a pseudonym needs a key')
  return (alert) => {
    const pseudonym = pseudonymOf(alert.org_uid, alert.actor_uid, key)
    const names = [alert.actor_uid, alert.staff?.name, alert.staff?.email].filter((name) => typeof name === 'string')
    const hide = (text: string) => names.reduce((rest, name) => replaceWord(rest, name, pseudonym), text)
    const staff = withoutNames(alert.staff)
    return {
      ...alert,
      actor_uid: pseudonym,
      staff: staff === null ? null : { ...staff, actor_uid: pseudonym, manager_uid: null },
      summary: hide(alert.summary),
      labels: alert.labels.map(hide),
      findings: alert.findings.map((finding) => ({ ...finding, sentence: hide(finding.sentence) })),
    }
  }
}

const withoutNames = (staff: Alert['staff']): Alert['staff'] =>
  staff === null ? null : { ...staff, name: null, email: null }

/** `p-` and 12 digits of base 32: the same for a person as long as the key stays the same, and nobody's id without it. */
export function pseudonymOf(org: string, actor: string, key: string): string {
  const digest = createHmac('sha256', key).update(`${org}\u0000${actor}`).digest()
  return `p-${Array.from(digest.subarray(0, 12), (byte) => BASE32[byte & 31]).join('')}`
}

const BASE32 = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Where the name stands as a word of its own: an id such as `3` is also part of many numbers. */
function replaceWord(text: string, word: string, replacement: string): string {
  if (word === '') return text
  const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu'), () => replacement)
}
