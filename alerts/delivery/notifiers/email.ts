import nodemailer from 'nodemailer'
import type { MessageWords } from '../../../messages/catalogue.ts'
import { type LookUp, resolveHost } from '../../../net/resolve-host.ts'
import { createAddressGuard } from '../../../net/special-networks.ts'
import { untilEnded } from '../../../net/until-ended.ts'
import { type AlertCard, type CardOptions, createCard, testText, undeliveredText } from '../alert-card.ts'
import { type Attempt, failed, type Message, type Notifier } from '../notifier.ts'
import { clip, oneLine } from '../plain-text.ts'

export interface EmailOptions extends CardOptions {
  /** `smtp:` wants STARTTLS, `smtps:` speaks TLS from the start. */
  readonly server: { readonly protocol: 'smtp:' | 'smtps:'; readonly host: string; readonly port: number }
  readonly login: { readonly user: string; readonly pass: string } | null
  readonly from: string
  readonly to: readonly string[]
  readonly lookUp: LookUp
  readonly allowedNetworks: readonly string[]
  readonly timeoutMs: number
  readonly clean: (text: string) => string
}

/** A mail in plain text. Its Message-ID is the message's uid, by which mail programs know a duplicate. */
export function createEmailNotifier(options: EmailOptions): Notifier {
  const isAllowed = createAddressGuard(options.allowedNetworks)
  return {
    async notify(message, signal) {
      const host = await Promise.race([resolveHost(options.server.host, options.lookUp, isAllowed), untilEnded(signal)])
      if (host === null) return TIMED_OUT
      if (host.kind === 'unknown') return failed('unreachable', true, 'the name cannot be looked up')
      if (host.kind === 'refused') {
        return failed('address_refused', true, 'its address is private and not in delivery.allow_networks')
      }
      const [{ address }] = host.addresses
      const transport = nodemailer.createTransport(smtpOptions(options, address, host.hostname))
      try {
        const sent = transport.sendMail(renderEmail(message, options))
        // Whoever ends the attempt does not wait for what becomes of it.
        sent.catch(() => undefined)
        const info = await Promise.race([sent, untilEnded(signal)])
        if (info === null) return TIMED_OUT
        return { outcome: 'delivered', status: null, answer: options.clean(oneLine(info.response)) }
      } catch (error) {
        return judgeSmtpError(error, options.clean)
      } finally {
        transport.close()
      }
    },
  }
}

/** How to speak to the server, at the address that was checked; the certificate is to be the name's. */
export function smtpOptions(
  { server, login, timeoutMs }: Pick<EmailOptions, 'server' | 'login' | 'timeoutMs'>,
  address: string,
  hostname: string,
) {
  const isPublic = createAddressGuard([])
  return {
    host: address,
    port: server.port,
    secure: server.protocol === 'smtps:',
    // A server in an allowed private network may do without TLS, as on the machine itself.
    requireTLS: server.protocol === 'smtp:' && isPublic(address),
    tls: { servername: hostname },
    auth: login ?? undefined,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

const TIMED_OUT = failed('timeout', true, 'no answer in time')

/** RFC 5321: 4yz passes by itself, 5yz stays; but a refused login is something that the operator mends. */
export function judgeSmtpError(error: unknown, clean: (text: string) => string): Attempt {
  const code = textOf(error, 'code') ?? 'unknown error'
  const response = textOf(error, 'response')
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) || null : null
  const answer = clean(oneLine(response ?? code)).slice(0, 200)
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'EOAUTH2')
    return failed('credentials_refused', true, answer, status)
  if (code === 'ETLS') return failed('tls_failed', true, answer, status)
  if (code === 'ETIMEDOUT') return failed('timeout', true, answer, status)
  if (status !== null && status >= 500) return failed('refused', false, answer, status)
  if (status !== null && status >= 400) return failed('server_error', true, answer, status)
  return failed('unreachable', true, answer, status)
}

function textOf(error: unknown, field: 'code' | 'response'): string | null {
  const value =
    typeof error === 'object' && error !== null && field in error ? (error as Record<string, unknown>)[field] : null
  return typeof value === 'string' && value !== '' ? value : null
}

export interface EmailText {
  readonly from: string
  readonly to: string[]
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly references?: string
  readonly headers: Readonly<Record<string, string>>
}

export function renderEmail(message: Message, options: CardOptions & Pick<EmailOptions, 'from' | 'to'>): EmailText {
  const common = {
    from: options.from,
    to: [...options.to],
    messageId: `<${message.uid}@crmwatch.invalid>`,
    // RFC 3834: keeps absence notes from answering.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
  const { messages } = options.words
  const { labels } = messages
  switch (message.kind) {
    case 'test':
      return { ...common, subject: messages.test.title, text: `${testText(message.channel, options.words)}\n` }
    case 'undelivered': {
      const { title, what, todo, link } = undeliveredText(message.note, options)
      return { ...common, subject: subjectOf(title), text: paragraphs([what, `${labels.doFirst}: ${todo}`, link]) }
    }
    case 'alerts': {
      const cards = message.items.map((item) => createCard(item, options))
      const texts = cards.map((card) =>
        paragraphs([
          ...(cards.length === 1 ? [] : [`== ${card.heading}`]),
          `${card.news}.`,
          card.what,
          factsOf(card, labels),
          ...(card.why.length === 0 ? [] : [[`${labels.why}:`, ...card.why.map((text) => `- ${text}`)].join('\n')]),
          `${labels.doFirst}: ${card.firstStep}`,
          card.link,
        ]),
      )
      const [first] = cards
      const subject = cards.length === 1 ? first.heading : messages.alerts(cards.length)
      // Mail programs show what is told of one alert as one conversation.
      const references =
        cards.length === 1
          ? { references: `<${encodeURIComponent(first.alertUid.toWellFormed())}@crmwatch.invalid>` }
          : {}
      return { ...common, ...references, subject: subjectOf(`[crmwatch] ${subject}`), text: texts.join('\n\n') }
    }
  }
}

/** One fact a line, the values below each other. */
function factsOf(card: AlertCard, labels: MessageWords['labels']): string {
  const facts = [
    [labels.person, card.who],
    ...(card.position === '' ? [] : [[labels.position, card.position]]),
    [labels.leaving, card.leaver],
    [labels.severity, card.severity],
    [labels.score, card.score],
    [labels.since, card.when],
    [labels.alert, card.alertUid],
  ]
  const width = Math.max(...facts.map(([label]) => label.length))
  return facts.map(([label, value]) => `${`${label}:`.padEnd(width + 1)} ${value}`).join('\n')
}

const subjectOf = (text: string): string => clip(oneLine(text), 200)
const paragraphs = (parts: readonly (string | null)[]): string =>
  `${parts.filter((part) => part !== null).join('\n\n')}\n`
