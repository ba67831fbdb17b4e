import { createHmac } from 'node:crypto'
import type { Alert } from '../../model/alert.ts'
import type { AlertNews, PersonMode, TriageNews } from '../../model/delivery.ts'
import type { FindingFacts } from '../../model/finding-facts.ts'

export type MaskPerson = <News extends AlertNews>(news: News) => News

/** Makes what is told of an alert say of the person what the channel may know, in its sentences and labels too. */
export function createPersonMask(mode: PersonMode, key: string | null): MaskPerson {
  if (mode === 'name') return (news) => news
  if (mode === 'uid') return (news) => ({ ...news, alert: { ...news.alert, staff: withoutNames(news.alert.staff) } })
  if (key === null) throw new Error('a pseudonym needs a key')
  return (news) => {
    const { alert, triage } = news
    const pseudonym = pseudonymOf(alert.org_uid, alert.actor_uid, key)
    const names = namesOf(alert)
    const hide = (text: string) => text.replaceAll(names, () => pseudonym)
    const staff = withoutNames(alert.staff)
    const masked: Alert = {
      ...alert,
      actor_uid: pseudonym,
      staff: staff === null ? null : { ...staff, actor_uid: pseudonym, manager_uid: null },
      summary: hide(alert.summary),
      labels: alert.labels.map(hide),
      findings: alert.findings.map(({ facts, ...finding }) => ({
        ...finding,
        sentence: hide(finding.sentence),
        ...(facts === undefined ? {} : { facts: hideInFacts(facts, hide) }),
      })),
    }
    return { ...news, alert: masked, ...(triage === undefined ? {} : { triage: hideInTriage(triage, hide) }) }
  }
}

/** Labels are the analysts' own texts. */
const hideInTriage = (triage: readonly TriageNews[], hide: (text: string) => string): TriageNews[] =>
  triage.map(({ by, actions }) => ({
    by,
    actions: actions.map((action) => ('label' in action ? { ...action, label: hide(action.label) } : action)),
  }))

/** A rule's title and what it groups by are texts of the operator's and the events' own. */
function hideInFacts(facts: FindingFacts, hide: (text: string) => string): FindingFacts {
  if (facts.kind !== 'rule') return facts
  const group = facts.group.map(({ name, text }) => ({ name, text: text === null ? null : hide(text) }))
  return { ...facts, title: hide(facts.title), group }
}

const withoutNames = (staff: Alert['staff']): Alert['staff'] =>
  staff === null ? null : { ...staff, name: null, email: null }

/** `p-` and 12 digits of base 32: the same for a person as long as the key stays the same, and nobody's id without it. */
export function pseudonymOf(org: string, actor: string, key: string): string {
  const digest = createHmac('sha256', key).update(`${org}\u0000${actor}`).digest()
  return `p-${Array.from(digest.subarray(0, 12), (byte) => BASE32[byte & 31]).join('')}`
}

const BASE32 = 'abcdefghijkmnpqrstuvwxyz23456789'

/**
 * What the person is called, where it stands as a word of its own: an id such as `3` is also part of many numbers. The
 * longest comes first, since an id may be part of an address; names and addresses are known in capitals too.
 */
function namesOf({ actor_uid, staff }: Alert): RegExp {
  const called = [staff?.name, staff?.email].flatMap((name) => (name ? [name] : []))
  const words = [
    { text: actor_uid, pattern: literal(actor_uid) },
    ...called.map((text) => ({ text, pattern: `(?i:${literal(text)})` })),
  ]
  const anyOf = words.toSorted((a, b) => b.text.length - a.text.length).map(({ pattern }) => pattern)
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${anyOf.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
