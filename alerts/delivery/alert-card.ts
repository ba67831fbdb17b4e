import { firstStep } from '../../detectors/runbooks.ts'
import { day } from '../../detectors/sentence.ts'
import type { Alert, Severity } from '../../model/alert.ts'
import type { Undelivered } from '../../model/delivery.ts'
import { linkTo } from './message-document.ts'
import type { AlertItem } from './notifier.ts'
import { oneLine } from './plain-text.ts'
import { triageText } from './triage-text.ts'

/** What a person is told of an alert, as plain text on one line each. */
export interface AlertCard {
  readonly severity: Severity
  /** `New alert`, `Alert has risen from medium to high`, `Still not looked at`. */
  readonly news: string
  /** Name and id, id or pseudonym. */
  readonly who: string
  /** Role and team; empty when HR says nothing. */
  readonly position: string
  /** `yes, in notice since 3 March`, or that the person is no leaver. */
  readonly leaver: string
  readonly isLeaver: boolean
  /** What was done, in a sentence with numbers. */
  readonly what: string
  readonly score: string
  /** When it was seen first, by the local clock. */
  readonly when: string
  readonly firstStep: string
  readonly link: string | null
  readonly alertUid: string
}

export interface CardOptions {
  /** With `{alert_uid}` where the id goes; null: messages have no link. */
  readonly alertUrl: string | null
  /** Epoch ms as local date and time. */
  readonly showTime: (timeMs: number) => string
}

export function createCard(
  { alert, before, reason, triage }: AlertItem,
  { alertUrl, showTime }: CardOptions,
): AlertCard {
  const { staff } = alert
  return {
    severity: alert.severity,
    news: [newsOf(reason, alert, before), ...(triage ?? []).map(triageText)].filter((part) => part !== '').join('. '),
    who: oneLine(staff?.name ? `${staff.name} (${alert.actor_uid})` : alert.actor_uid) || 'an unreadable id',
    position: oneLine([staff?.role, staff?.team].filter((part) => typeof part === 'string' && part !== '').join(', ')),
    leaver: leaverText(alert),
    isLeaver: alert.leaver,
    what: oneLine(alert.summary) || 'Unusual access to customer data.',
    score: `${Math.round(alert.score)} of 100`,
    when: showTime(alert.opened_at),
    firstStep: firstStep(alert.detector),
    link: linkTo(alert, alertUrl),
    alertUid: alert.alert_uid,
  }
}

function newsOf(reason: AlertItem['reason'], alert: Alert, before: AlertItem['before']): string {
  switch (reason) {
    case 'opened':
      return alert.follows === null ? 'New alert' : 'New alert: it goes beyond one that was settled'
    case 'triaged':
      return ''
    case 'repeated':
      return 'Nobody has looked at this alert yet'
    case 'escalated':
      return 'Nobody has looked at this alert in time'
    case 'updated':
      if (before !== null && before.severity !== alert.severity)
        return `Alert went from ${before.severity} to ${alert.severity}`
      return before !== null && alert.leaver && !before.leaver ? 'The person is leaving now' : 'Alert has grown'
  }
}

function leaverText({ leaver, staff }: Alert): string {
  if (!leaver) return 'no, as far as HR says'
  const lastDay = staff?.last_working_day ? `last working day ${day(staff.last_working_day)}` : null
  const notice = staff?.status === 'notice' && staff.notice_on ? `in notice since ${day(staff.notice_on)}` : null
  return ['yes', notice, lastDay].filter((part) => part !== null).join(', ')
}

/** `High: Anna Example (u-17), leaving`. */
export const titleOf = (card: AlertCard): string =>
  `${SIGNS[card.severity]} ${capital(card.severity)}: ${card.who}${card.isLeaver ? ', leaving' : ''}`

const SIGNS: Readonly<Record<Severity, string>> = { low: '🔵', medium: '🟡', high: '🟠', critical: '🔴' }

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** What is said of a channel that could not be reached. */
export function undeliveredText(
  { channel, failure, answer_status, severity, alert_uid, since }: Undelivered,
  options: CardOptions,
) {
  const answer = answer_status === null ? '' : `, answer ${answer_status}`
  return {
    title: `crmwatch cannot reach the channel "${oneLine(channel)}"`,
    what: `${severity === null ? 'An alert' : `An alert of severity ${severity}`} was to be told there since ${options.showTime(since)} and was given up (${failure.replaceAll('_', ' ')}${answer}). Others may follow.`,
    todo: 'Mend the channel, see what it has missed with GET /v1/deliveries?status=given_up, and look at those alerts.',
    link: alert_uid === null ? null : linkTo({ alert_uid }, options.alertUrl),
  }
}

export const TEST_TITLE = 'Test message from crmwatch'
export const testText = (channel: string): string =>
  `This is a test of the channel "${oneLine(channel)}". Nothing has happened, and there is nothing to do.`
