import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderEmail } from '../../../alerts/delivery/notifiers/email.ts'
import { renderSlack, SLACK_LIMITS } from '../../../alerts/delivery/notifiers/slack.ts'
import { renderTelegram, TELEGRAM_TEXT_LIMIT } from '../../../alerts/delivery/notifiers/telegram.ts'
import { clip, escapeMarkup, oneLine } from '../../../alerts/delivery/plain-text.ts'
import { catalogueOf } from '../../../messages/catalogues.ts'
import { createTimeFormat } from '../../../messages/numbers.ts'
import { anyMessage, anyText } from './any-alert.ts'

const options = {
  alertUrl: 'https://crmwatch.example/alerts/{alert_uid}',
  showTime: createTimeFormat('en', 'Europe/Berlin'),
  words: catalogueOf('en'),
}
const links = fc.constantFrom(null, options.alertUrl, `https://crmwatch.example/${'long/'.repeat(900)}{alert_uid}`)

interface Text {
  readonly type: string
  readonly text: string
}
interface Block {
  readonly type: string
  readonly text?: Text
  readonly elements?: readonly (Text & { readonly url?: string; readonly text: string | Text })[]
}

/** Every `<` of mrkdwn starts a link of ours, and every `&` an escape. */
const isEscaped = (text: string): boolean =>
  !/[<>]/.test(text.replaceAll(/<https:\/\/crmwatch\.example\/[^<>|\s]*\|Open the alert>/g, '')) &&
  !/&(?!(amp|lt|gt);)/.test(text)

describe('Slack', () => {
  it('gets no more than it takes, escaped, for any alert', () => {
    fc.assert(
      fc.property(anyMessage, links, (message, alertUrl) => {
        const { text, blocks } = renderSlack(message, { ...options, alertUrl })
        expect(blocks.length).toBeLessThanOrEqual(50)
        expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.text)
        expect(text.length).toBeGreaterThan(0)
        for (const block of blocks as unknown as readonly Block[]) {
          if (block.type === 'header') {
            expect(block.text?.type).toBe('plain_text')
            expect(block.text?.text.length).toBeLessThanOrEqual(150)
          }
          if (block.type === 'section') {
            expect(block.text?.text.length).toBeGreaterThan(0)
            expect(block.text?.text.length).toBeLessThanOrEqual(3_000)
            expect(isEscaped(block.text?.text ?? '')).toBe(true)
          }
          for (const element of block.elements ?? []) {
            expect(element.url?.length ?? 0).toBeLessThanOrEqual(3_000)
            if (typeof element.text === 'string') {
              expect(element.text.length).toBeLessThanOrEqual(3_000)
              expect(isEscaped(element.text)).toBe(true)
            }
          }
        }
        expect(JSON.stringify(blocks)).not.toMatch(/\\ud[89a-f]/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('Telegram', () => {
  it('gets no more than it takes, as HTML that it can read, for any alert', () => {
    fc.assert(
      fc.property(anyMessage, links, (message, alertUrl) => {
        const text = renderTelegram(message, { ...options, alertUrl })
        expect(text.length).toBeLessThanOrEqual(TELEGRAM_TEXT_LIMIT)
        expect(openTags(text)).toEqual([])
        expect(text.isWellFormed()).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  /** Tags left open, or a word of what is wrong: https://core.telegram.org/bots/api#html-style */
  function openTags(html: string): string[] {
    const open: string[] = []
    const rest = html.replaceAll(/<(\/?)([a-z]+)(?: href="https:[^"<>]*")?>/g, (_tag, slash, name) => {
      if (!['b', 'i', 'a'].includes(name)) open.push(`unknown ${name}`)
      else if (slash === '') open.push(name)
      else if (open.pop() !== name) open.push(`crossed ${name}`)
      return ''
    })
    if (/[<>]/.test(rest)) open.push('stray')
    if (/&(?!(amp|lt|gt|quot);)/.test(html)) open.push('bare &')
    return open
  }
})

describe('mail', () => {
  it('has a subject on one line, whatever the person is called', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const mail = renderEmail(message, { ...options, from: 'crmwatch@example.com', to: ['a@example.com'] })
        expect(mail.subject).not.toMatch(/\p{Cc}/u)
        expect(mail.subject.length).toBeLessThanOrEqual(200)
        expect(`${mail.messageId}${mail.references ?? ''}`).not.toMatch(/[\r\n\s]/)
      }),
    )
  })
})

describe('clip', () => {
  it('keeps to the limit, cuts no escape and no character, and leaves what fits as it is', () => {
    fc.assert(
      fc.property(anyText(200).map(oneLine), fc.integer({ min: 1, max: 250 }), (text, limit) => {
        const clipped = clip(text, limit, escapeMarkup)
        expect(clipped.length).toBeLessThanOrEqual(limit)
        expect(clipped).not.toMatch(/&(?!(amp|lt|gt);)/)
        expect(clipped.isWellFormed()).toBe(true)
        if (escapeMarkup(text).length <= limit) expect(clipped).toBe(escapeMarkup(text))
      }),
    )
  })
})
