import type { Post } from '../../../net/post.ts'
import {
  type AlertCard,
  type CardOptions,
  createCard,
  TEST_TITLE,
  testText,
  titleOf,
  undeliveredText,
} from '../alert-card.ts'
import type { MaskPerson } from '../mask-person.ts'
import type { Message, Notifier } from '../notifier.ts'
import { clip, escapeMarkup } from '../plain-text.ts'
import { judgeAnswer } from './judge-answer.ts'

/** Slack's limits: https://docs.slack.dev/reference/block-kit/blocks (read 2026-11). Characters are UTF-16 units here, which is never more. */
export const SLACK_LIMITS = { blocks: 50, header: 150, section: 3_000, text: 4_000, url: 3_000 } as const

/** Alerts shown of a message; of more only the number. Two blocks each, so that all fit. */
const ALERTS_SHOWN = 20

export interface SlackOptions extends CardOptions {
  readonly url: URL
  readonly post: Post
  readonly maskPerson: MaskPerson
  readonly clean: (text: string) => string
}

/** An incoming webhook with Block Kit. Slack knows no idempotency key, so an attempt whose answer was lost shows twice. */
export function createSlackNotifier(options: SlackOptions): Notifier {
  return {
    async notify(message, signal) {
      const body = JSON.stringify(renderSlack(message, options))
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      return judgeAnswer(await options.post({ url: options.url, headers, body, signal }), options.clean)
    },
  }
}

type Block = Readonly<Record<string, unknown>>

export interface SlackMessage {
  /** What notifications show, and clients without blocks. */
  readonly text: string
  readonly blocks: readonly Block[]
  readonly unfurl_links: false
}

export function renderSlack(
  message: Message,
  options: CardOptions & { readonly maskPerson: MaskPerson },
): SlackMessage {
  switch (message.kind) {
    case 'test':
      return assemble(TEST_TITLE, [header(TEST_TITLE), section(escapeMarkup(testText(message.channel)))])
    case 'undelivered': {
      const { title, what, todo, link } = undeliveredText(message.note, options)
      return assemble(title, [
        header(title),
        section(escapeMarkup(what)),
        section(`*Do first:* ${escapeMarkup(todo)}`),
        ...open(link),
      ])
    }
    case 'alerts': {
      const cards = message.items.map((item) => createCard({ ...item, alert: options.maskPerson(item.alert) }, options))
      return cards.length === 1 ? renderOne(cards[0]) : renderMany(cards)
    }
  }
}

function renderOne(card: AlertCard): SlackMessage {
  const line = (label: string, text: string) => `*${label}:* ${clip(text, 400, escapeMarkup)}`
  return assemble(`${titleOf(card)}. ${card.what}`, [
    header(titleOf(card)),
    section(`${clip(card.news, 600, escapeMarkup)}\n${clip(card.what, SLACK_LIMITS.section - 700, escapeMarkup)}`),
    section(
      [
        line('Leaving', card.leaver),
        ...(card.position === '' ? [] : [line('Position', card.position)]),
        `*Severity:* ${card.severity}, score ${card.score}`,
        `*Since:* ${escapeMarkup(card.when)}`,
      ].join('\n'),
    ),
    section(`*Do first:* ${clip(card.firstStep, 2_000, escapeMarkup)}`),
    ...open(card.link),
    context(clip(card.alertUid, 300, escapeMarkup)),
  ])
}

function renderMany(cards: readonly AlertCard[]): SlackMessage {
  const title = `${cards.length} alerts`
  const shown = cards.slice(0, ALERTS_SHOWN).flatMap((card) => {
    const parts = [
      `*${clip(titleOf(card), 300, escapeMarkup)}* · ${clip(card.news, 600, escapeMarkup)}`,
      clip(card.what, 1_200, escapeMarkup),
      `*Leaving:* ${clip(card.leaver, 300, escapeMarkup)}`,
      `*Do first:* ${clip(card.firstStep, 600, escapeMarkup)}`,
      ...(card.link === null || card.link.length > 400 ? [] : [`<${escapeMarkup(card.link)}|Open the alert>`]),
    ]
    return [section(parts.join('\n')), { type: 'divider' }]
  })
  const more = cards.length - ALERTS_SHOWN
  return assemble(title, [header(title), ...shown, ...(more > 0 ? [context(`and ${more} more`)] : [])])
}

const assemble = (text: string, blocks: readonly Block[]): SlackMessage => ({
  text: clip(text, SLACK_LIMITS.text, escapeMarkup),
  blocks,
  unfurl_links: false,
})

const header = (text: string): Block => ({
  type: 'header',
  text: { type: 'plain_text', text: clip(text, SLACK_LIMITS.header), emoji: false },
})

/** `verbatim`: no address or channel name in the text becomes a link by itself. */
const mrkdwn = (text: string): Block => ({ type: 'mrkdwn', text, verbatim: true })
const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) })
const context = (text: string): Block => ({ type: 'context', elements: [mrkdwn(text)] })

const open = (link: string | null): Block[] =>
  link === null || link.length > SLACK_LIMITS.url
    ? []
    : [
        {
          type: 'actions',
          elements: [
            { type: 'button', text: { type: 'plain_text', text: 'Open the alert' }, url: link, style: 'primary' },
          ],
        },
      ]
