import type { Catalogue } from '../../messages/catalogue.ts'
import { firstStepOf } from '../../messages/catalogues.ts'
import type { Alert, Severity } from '../../model/alert.ts'
import type { Undelivered } from '../../model/delivery.ts'
import { wholeScore } from '../../model/score.ts'
import { reasonsOf } from '../translate-alert.ts'
import { linkTo } from './message-document.ts'
import type { AlertItem } from './notifier.ts'
import { oneLine } from './plain-text.ts'
import { triageText } from './triage-text.ts'

/** What a person is told of an alert, as plain text on one line each. */
export interface AlertCard {
  /** `🟠 High: Anna Example (u-17), leaving`. */
  readonly title: string
  /** The title without its sign. */
  readonly heading: string
  readonly severity: string
  /** `New alert`, `Alert went from medium to high`, `Nobody has looked at this alert yet`. */
  readonly news: string
  /** Name and id, id or pseudonym. */
  readonly who: string
  /** Role and team; empty when HR says nothing. */
  readonly position: string
  /** `yes, in notice since 3 March`, the same of today alone, or that the person is no leaver. */
  readonly leaver: string
  /** What was done, in a sentence with numbers. */
  readonly what: string
  /** What makes up the risk, the largest part first. */
  readonly why: readonly string[]
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
  readonly words: Catalogue
}

/** Reasons that a message names. */
const REASONS_SHOWN = 3

export function createCard(
  { alert, before, reason, triage }: AlertItem,
  { alertUrl, showTime, words }: CardOptions,
): AlertCard {
  const { staff, severity } = alert
  const { messages, severities, numbers } = words
  const who = oneLine(staff?.name ? `${staff.name} (${alert.actor_uid})` : alert.actor_uid) || messages.unreadableId
  const heading = messages.title(severity, who, alert.leaver)
  const done = (triage ?? []).map((one) => triageText(one, words))
  return {
    title: `${SIGNS[severity]} ${heading}`,
    heading,
    severity: severities[severity],
    news: [newsOf(reason, alert, before, words), ...done].filter((part) => part !== '').join('. '),
    who,
    position: oneLine([staff?.role, staff?.team].filter((part) => typeof part === 'string' && part !== '').join(', ')),
    leaver: leaverText(alert, words),
    what: oneLine(alert.summary) || messages.nothingSaid,
    why: reasonsOf(alert, words)
      .slice(0, REASONS_SHOWN)
      .map(({ text }) => oneLine(text)),
    score: messages.score(numbers.whole(wholeScore(alert.score))),
    when: showTime(alert.opened_at),
    firstStep: firstStepOf(words, alert.detector),
    link: linkTo(alert, alertUrl),
    alertUid: alert.alert_uid,
  }
}

function newsOf(
  reason: AlertItem['reason'],
  alert: Alert,
  before: AlertItem['before'],
  { messages: { news } }: Catalogue,
): string {
  switch (reason) {
    case 'opened':
      return alert.follows === null ? news.opened : news.openedBeyond
    case 'triaged':
      return ''
    case 'repeated':
      return news.repeated
    case 'escalated':
      return news.escalated
    case 'updated':
      if (before !== null && before.severity !== alert.severity) return news.wentFrom(before.severity, alert.severity)
      return before !== null && alert.leaver && !before.leaver ? news.leavingNow : news.grown
  }
}

function leaverText({ leaver, staff }: Alert, { messages, numbers }: Catalogue): string {
  const since = staff?.status === 'notice' && staff.notice_on ? numbers.day(staff.notice_on) : null
  const leaving = messages.leaving(since, staff?.last_working_day ? numbers.day(staff.last_working_day) : null)
  if (leaver) return leaving
  // Of the time before HR's first word an alert has what was said later.
  return staff?.status === 'notice' || staff?.status === 'left' ? messages.leavingSince(leaving) : messages.notLeaving
}

const SIGNS: Readonly<Record<Severity, string>> = { low: '🔵', medium: '🟡', high: '🟠', critical: '🔴' }

/** What is said of a channel that could not be reached. */
export function undeliveredText(
  { channel, failure, answer_status, severity, alert_uid, since }: Undelivered,
  { alertUrl, showTime, words }: CardOptions,
) {
  const { title, what, todo } = words.messages.undelivered
  return {
    title: title(oneLine(channel)),
    what: what({ severity, since: showTime(since), failure, answer: answer_status }),
    todo,
    link: alert_uid === null ? null : linkTo({ alert_uid }, alertUrl),
  }
}

export const testText = (channel: string, { messages }: Catalogue): string => messages.test.text(oneLine(channel))
