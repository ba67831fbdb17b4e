import type { MessageWords } from '../../../messages/catalogue.ts'
import type { Post, PostResult } from '../../../net/post.ts'
import { type AlertCard, type CardOptions, createCard, testText, undeliveredText } from '../alert-card.ts'
import { type Attempt, failed, type Message, type Notifier } from '../notifier.ts'
import { clip, escapeMarkup } from '../plain-text.ts'
import { judgeAnswer } from './judge-answer.ts'

/** Of a message's text, in UTF-16 units: https://core.telegram.org/bots/api#sendmessage. Tags and escapes count here, though not there. */
export const TELEGRAM_TEXT_LIMIT = 4_096

export interface TelegramOptions extends CardOptions {
  readonly apiBase: URL
  readonly botToken: string
  readonly chatId: string
  readonly post: Post
  readonly clean: (text: string) => string
}

/** The Bot API's sendMessage. Telegram knows no idempotency key, so an attempt whose answer was lost shows twice. */
export function createTelegramNotifier(options: TelegramOptions): Notifier {
  const url = new URL(
    `${options.apiBase.pathname.replace(/\/$/, '')}/bot${options.botToken}/sendMessage`,
    options.apiBase,
  )
  return {
    async notify(message, signal) {
      const body = JSON.stringify({
        chat_id: options.chatId,
        text: renderTelegram(message, options),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      })
      const result = await options.post({ url, headers: { 'content-type': 'application/json' }, body, signal })
      return judgeTelegram(result, options.clean)
    },
  }
}

export function renderTelegram(message: Message, options: CardOptions): string {
  const { messages } = options.words
  switch (message.kind) {
    case 'test':
      return `<b>${messages.test.title}</b>\n${clip(testText(message.channel, options.words), 1_000, escapeMarkup)}`
    case 'undelivered': {
      const { title, what, todo, link } = undeliveredText(message.note, options)
      return join([
        `<b>${clip(title, 300, escapeMarkup)}</b>`,
        escapeMarkup(what),
        doFirst(todo, messages),
        ...open(link, messages),
      ])
    }
    case 'alerts': {
      const cards = message.items.map((item) => createCard(item, options))
      return cards.length === 1 ? renderOne(cards[0], messages) : renderMany(cards, messages)
    }
  }
}

const join = (parts: readonly string[]): string => parts.join('\n\n')
const title = (card: AlertCard): string => `<b>${clip(card.title, 300, escapeMarkup)}</b>`
const leaving = (card: AlertCard, { labels }: MessageWords): string =>
  `${labels.leaving}: ${clip(card.leaver, 300, escapeMarkup)}`
const doFirst = (step: string, { labels }: MessageWords, limit = 800): string =>
  `<b>${labels.doFirst}:</b> ${clip(step, limit, escapeMarkup)}`
const open = (link: string | null, words: MessageWords): string[] => {
  const href = link === null ? null : escapeMarkup(link).replaceAll('"', '&quot;')
  return href === null || href.length > 500 ? [] : [`<a href="${href}">${words.open}</a>`]
}

const renderOne = (card: AlertCard, words: MessageWords): string =>
  join([
    `${title(card)}\n<i>${clip(card.news, 400, escapeMarkup)}</i>`,
    clip(card.what, 1_500, escapeMarkup),
    [
      leaving(card, words),
      ...(card.position === '' ? [] : [clip(card.position, 300, escapeMarkup)]),
      `${words.labels.score}: ${card.score}`,
      `${words.labels.since}: ${escapeMarkup(card.when)}`,
    ].join('\n'),
    ...(card.why.length === 0
      ? []
      : [[`<b>${words.labels.why}:</b>`, ...card.why.map((text) => `• ${clip(text, 250, escapeMarkup)}`)].join('\n')]),
    doFirst(card.firstStep, words),
    ...open(card.link, words),
  ])

/** As many alerts as fit, and the number of those that do not. */
function renderMany(cards: readonly AlertCard[], words: MessageWords): string {
  let text = `<b>${words.alerts(cards.length)}</b>`
  for (const [index, card] of cards.entries()) {
    const part = [
      title(card),
      `<i>${clip(card.news, 400, escapeMarkup)}</i>`,
      clip(card.what, 300, escapeMarkup),
      leaving(card, words),
      doFirst(card.firstStep, words, 250),
      ...open(card.link, words),
    ].join('\n')
    if (text.length + part.length + 40 > TELEGRAM_TEXT_LIMIT) return join([text, words.more(cards.length - index)])
    text = join([text, part])
  }
  return text
}

interface TelegramAnswer {
  readonly ok?: unknown
  readonly description?: unknown
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown }
}

/** Telegram says in the body how long to wait, and when a group has become a supergroup, under which id it now is. */
function judgeTelegram(result: PostResult, clean: (text: string) => string): Attempt {
  const attempt = judgeAnswer(result, clean)
  if (result.kind !== 'answered') return attempt
  const answer = parseAnswer(result.body)
  if (attempt.outcome === 'delivered') {
    return answer?.ok === true ? attempt : failed('refused', true, 'an answer that is not the Bot API’s', result.status)
  }
  const description = typeof answer?.description === 'string' ? clean(answer.description) : attempt.answer
  const seconds = answer?.parameters?.retry_after
  const moved = answer?.parameters?.migrate_to_chat_id
  return {
    ...attempt,
    answer: typeof moved === 'number' ? `${description}; set chat_id to "${moved}"` : description,
    retryAfterMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : attempt.retryAfterMs,
  }
}

function parseAnswer(body: string): TelegramAnswer | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}
