import type { Catalogue } from '../../messages/catalogue.ts'
import type { Alert } from '../../model/alert.ts'
import { isRuleField, type RuleField } from '../../model/custom-rule.ts'
import type { AlertNews, PersonMode, TriageNews } from '../../model/delivery.ts'
import type { FindingFacts } from '../../model/finding-facts.ts'
import { translateAlert } from '../translate-alert.ts'
import { alertPseudonym, pseudonymOf } from './pseudonym.ts'

export type MaskPerson = <News extends AlertNews>(news: News) => News

/** Makes what is told of an alert say of the person what the channel may know, in its sentences and labels too. */
export function createPersonMask(mode: PersonMode, key: string | null, words: Catalogue): MaskPerson {
  if (mode === 'name') return (news) => news
  if (mode === 'uid') return (news) => maskNews(news, byUid(news.alert), words)
  if (key === null) throw new Error('a pseudonym needs a key')
  return (news) => maskNews(news, byPseudonym(news.alert, key), words)
}

/** What is said of one alert's person, and of those beside whom it stands. */
interface Disguise {
  /** A text, without what the channel may not know the person by. */
  readonly hide: (text: string) => string
  /** Somebody's id. */
  readonly uid: (uid: string) => string
  /** What may be anybody's id, and anything else. */
  readonly anything: (text: string) => string
  readonly alertUid: (uid: string) => string
  readonly managerUid: string | null
}

/** Stands for a text of which no pseudonym can be made, since it is no id. */
const HIDDEN = '***'

function byUid(alert: Alert): Disguise {
  const hide = hiding(alert, alert.actor_uid)
  return {
    hide,
    uid: hide,
    anything: (text) => (text === alert.actor_uid ? text : HIDDEN),
    alertUid: (uid) => uid,
    managerUid: alert.staff?.manager_uid ?? null,
  }
}

function byPseudonym(alert: Alert, key: string): Disguise {
  const uid = (one: string) => pseudonymOf(alert.org_uid, one, key)
  return {
    hide: hiding(alert, uid(alert.actor_uid)),
    uid,
    anything: uid,
    alertUid: (one) => alertPseudonym(one, key),
    managerUid: null,
  }
}

function maskNews<News extends AlertNews>(news: News, disguise: Disguise, words: Catalogue): News {
  const { alert, triage } = news
  const { hide, uid, alertUid, managerUid } = disguise
  const actor_uid = uid(alert.actor_uid)
  const masked: Alert = {
    ...alert,
    alert_uid: alertUid(alert.alert_uid),
    follows: alert.follows === null ? null : alertUid(alert.follows),
    actor_uid,
    staff:
      alert.staff === null ? null : { ...alert.staff, actor_uid, name: null, email: null, manager_uid: managerUid },
    assignee: alert.assignee === null ? null : hide(alert.assignee),
    labels: alert.labels.map(hide),
    summary: hide(alert.summary),
    findings: alert.findings.map(({ facts, ...finding }) => ({
      ...finding,
      sentence: hide(finding.sentence),
      ...(facts === undefined ? {} : { facts: maskFacts(facts, disguise) }),
    })),
  }
  // Said anew from what is left of the facts; what was stored without its facts keeps the words above.
  const told = translateAlert(masked, words)
  return { ...news, alert: told, ...(triage === undefined ? {} : { triage: maskTriage(triage, hide) }) }
}

/** Labels are the analysts' own texts, and the person may be one of them. */
const maskTriage = (triage: readonly TriageNews[], hide: (text: string) => string): TriageNews[] =>
  triage.map(({ by, actions }) => ({
    by: hide(by),
    actions: actions.map((action) => {
      if ('label' in action) return { ...action, label: hide(action.label) }
      if (action.action !== 'assignee') return action
      const [from, to] = [action.from, action.to].map((one) => (one === null ? null : hide(one)))
      return { ...action, from, to }
    }),
  }))

/** A rule's title and what it groups by are texts of the operator's and the events' own. */
function maskFacts(facts: FindingFacts, disguise: Disguise): FindingFacts {
  if (facts.kind !== 'rule') return facts
  const group = facts.group.map(({ name, text }) => ({
    name,
    text: text === null ? null : maskGroup(name, text, disguise),
  }))
  return { ...facts, title: disguise.hide(facts.title), group }
}

/** Of an alias it is not known which fields it stands for. */
function maskGroup(name: string, text: string, { hide, uid, anything }: Disguise): string {
  if (!isRuleField(name)) return anything(text)
  const kind = OF_PERSONS[name]
  if (kind === undefined) return hide(text)
  return kind === 'uid' ? uid(text) : HIDDEN
}

/** Fields that say who it was: ids, those made from one among them, and texts that name people or may. */
const OF_PERSONS: Readonly<Partial<Record<RuleField, 'uid' | 'text'>>> = {
  actor_uid: 'uid',
  on_behalf_of_uid: 'uid',
  owner_uids: 'uid',
  recipient_uids: 'uid',
  event_uid: 'uid',
  logical_op_uid: 'uid',
  actor_name: 'text',
  query_text: 'text',
}

/**
 * Puts `instead` for what the person is called, where it stands as a word of its own: an id such as `3` is also part of
 * many numbers. The longest comes first, since an id may be part of an address; names and addresses are known in capitals
 * too.
 */
function hiding({ actor_uid, staff }: Alert, instead: string): (text: string) => string {
  const called = [staff?.name, staff?.email].flatMap((name) => (name ? [name] : []))
  const words = [
    { text: actor_uid, pattern: literal(actor_uid) },
    ...called.map((text) => ({ text, pattern: `(?i:${literal(text)})` })),
  ]
  const anyOf = words.toSorted((a, b) => b.text.length - a.text.length).map(({ pattern }) => pattern)
  const names = new RegExp(`(?<![\\p{L}\\p{N}])(?:${anyOf.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
  return (text) => text.replaceAll(names, () => instead)
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
