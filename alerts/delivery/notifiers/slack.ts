import type { MessageWords } from '../../../messages/catalogue.ts'
import type { Post } from '../../../net/post.ts'
import { type AlertCard, type CardOptions, createCard, testText, undeliveredText } from '../alert-card.ts'
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

export function renderSlack(message: Message, options: CardOptions): SlackMessage {
  const { messages } = options.words
  switch (message.kind) {
    case 'test':
      return assemble(messages.test.title, [
        header(messages.test.title),
        section(escapeMarkup(testText(message.channel, options.words))),
      ])
    case 'undelivered': {
      const { title, what, todo, link } = undeliveredText(message.note, options)
      return assemble(title, [
        header(title),
        section(escapeMarkup(what)),
        section(`*${messages.labels.doFirst}:* ${escapeMarkup(todo)}`),
        ...open(link, messages.open),
      ])
    }
    case 'alerts': {
      const cards = message.items.map((item) => createCard(item, options))
      return cards.length === 1 ? renderOne(cards[0], messages) : renderMany(cards, messages)
    }
  }
}

function renderOne(card: AlertCard, { labels, open: openWord }: MessageWords): SlackMessage {
  const line = (label: string, text: string) => `*${label}:* ${clip(text, 400, escapeMarkup)}`
  return assemble(`${card.title}. ${card.what}`, [
    header(card.title),
    section(`${clip(card.news, 600, escapeMarkup)}\n${clip(card.what, SLACK_LIMITS.section - 700, escapeMarkup)}`),
    section(
      [
        line(labels.leaving, card.leaver),
        ...(card.position === '' ? [] : [line(labels.position, card.position)]),
        `*${labels.severity}:* ${card.severity}`,
        `*${labels.score}:* ${card.score}`,
        `*${labels.since}:* ${escapeMarkup(card.when)}`,
      ].join('\n'),
    ),
    ...why(card, labels.why),
    section(`*${labels.doFirst}:* ${clip(card.firstStep, 2_000, escapeMarkup)}`),
    ...open(card.link, openWord),
    context(clip(card.alertUid, 300, escapeMarkup)),
  ])
}

function renderMany(
  cards: readonly AlertCard[],
  { labels, alerts, more: moreWord, open: openWord }: MessageWords,
): SlackMessage {
  const title = alerts(cards.length)
  const shown = cards.slice(0, ALERTS_SHOWN).flatMap((card) => {
    const parts = [
      `*${clip(card.title, 300, escapeMarkup)}* · ${clip(card.news, 600, escapeMarkup)}`,
      clip(card.what, 1_200, escapeMarkup),
      `*${labels.leaving}:* ${clip(card.leaver, 300, escapeMarkup)}`,
      `*${labels.doFirst}:* ${clip(card.firstStep, 600, escapeMarkup)}`,
      ...(card.link === null || card.link.length > 400 ? [] : [`<${escapeMarkup(card.link)}|${openWord}>`]),
    ]
    return [section(parts.join('\n')), { type: 'divider' }]
  })
  const more = cards.length - ALERTS_SHOWN
  return assemble(title, [header(title), ...shown, ...(more > 0 ? [context(moreWord(more))] : [])])
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

const why = ({ why: reasons }: AlertCard, label: string): Block[] =>
  reasons.length === 0
    ? []
    : [section([`*${label}:*`, ...reasons.map((text) => `• ${clip(text, 400, escapeMarkup)}`)].join('\n'))]

const open = (link: string | null, words: string): Block[] =>
  link === null || link.length > SLACK_LIMITS.url
    ? []
    : [
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: words }, url: link, style: 'primary' }],
        },
      ]
