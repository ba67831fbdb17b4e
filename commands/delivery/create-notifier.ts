import type { CardOptions } from '../../alerts/delivery/alert-card.ts'
import { createMessageMask, withPersonMask } from '../../alerts/delivery/mask-message.ts'
import { createDocument } from '../../alerts/delivery/message-document.ts'
import type { Message, Notifier } from '../../alerts/delivery/notifier.ts'
import { createEmailNotifier } from '../../alerts/delivery/notifiers/email.ts'
import { createKafkaNotifier } from '../../alerts/delivery/notifiers/kafka.ts'
import { createSlackNotifier } from '../../alerts/delivery/notifiers/slack.ts'
import { createTelegramNotifier } from '../../alerts/delivery/notifiers/telegram.ts'
import { createWebhookNotifier } from '../../alerts/delivery/notifiers/webhook.ts'
import { createOcsfEvent } from '../../alerts/delivery/ocsf-finding.ts'
import { webhookKey } from '../../alerts/delivery/sign-webhook.ts'
import { presentAlert } from '../../api/present.ts'
import type { ChannelSetting, Config } from '../../config.ts'
import type { TopicPublisher } from '../../ingest/kafka/topic-publisher.ts'
import { catalogueOf } from '../../messages/catalogues.ts'
import { createTimeFormat } from '../../messages/numbers.ts'
import { createPost } from '../../net/post.ts'
import type { LookUp } from '../../net/resolve-host.ts'
import { createSecretCleaner } from './clean-secrets.ts'

export interface NotifierParts {
  readonly config: Config
  readonly version: string
  readonly now: () => number
  readonly lookUp: LookUp
  /** Null without brokers, and then no channel is a topic. */
  readonly publisher: TopicPublisher | null
}

const SMTP_PORT = 587
const SMTPS_PORT = 465

/** The notifier of a configured channel, which is told of people what the channel may know. */
export function createNotifier(channel: ChannelSetting, parts: NotifierParts): Notifier {
  const { delivery, language } = parts.config
  const mode = channel.person ?? delivery.person
  const mask = createMessageMask(mode, delivery.pseudonym_key, catalogueOf(language))
  return withPersonMask(createPlainNotifier(channel, parts), mask)
}

/** It says all of what it is told. */
function createPlainNotifier(channel: ChannelSetting, parts: NotifierParts): Notifier {
  const { config, now, lookUp, version } = parts
  const { allow_networks: allowedNetworks, alert_url: alertUrl, timeout_ms: timeoutMs } = config.delivery
  const clean = createSecretCleaner(channel)
  const post = createPost({
    lookUp,
    allowedNetworks,
    allowedBy: 'delivery.allow_networks',
    now,
    userAgent: `crmwatch/${version}`,
  })
  const words = catalogueOf(config.language)
  const card: CardOptions = { alertUrl, showTime: createTimeFormat(config.language, config.timezone), words }
  const createBody = (format: 'crmwatch' | 'ocsf' | undefined) => (message: Message) =>
    format === 'ocsf'
      ? createOcsfEvent(message, { alertUrl, version, words })
      : createDocument(message, { alertUrl, words, presentAlert: (alert) => presentAlert(alert, words) })

  switch (channel.type) {
    case 'slack':
      return createSlackNotifier({ ...card, url: new URL(channel.url), post, clean })
    case 'telegram':
      return createTelegramNotifier({
        ...card,
        apiBase: new URL(channel.api_base ?? 'https://api.telegram.org'),
        botToken: channel.bot_token,
        chatId: channel.chat_id,
        post,
        clean,
      })
    case 'webhook': {
      const key = webhookKey(channel.secret)
      if (key === null) throw new Error('the configuration lets no such secret pass')
      return createWebhookNotifier({
        url: new URL(channel.url),
        key,
        post,
        createBody: createBody(channel.format),
        clean,
        now,
      })
    }
    case 'email': {
      const { protocol, hostname, port } = new URL(channel.smtp)
      const implicitTls = protocol === 'smtps:'
      return createEmailNotifier({
        ...card,
        server: {
          protocol: implicitTls ? 'smtps:' : 'smtp:',
          host: hostname,
          port: port === '' ? (implicitTls ? SMTPS_PORT : SMTP_PORT) : Number(port),
        },
        login:
          channel.username === undefined || channel.password === undefined
            ? null
            : { user: channel.username, pass: channel.password },
        from: channel.from ?? `crmwatch@${channel.to[0].replace(/^.*@/, '')}`,
        to: channel.to,
        lookUp,
        allowedNetworks,
        timeoutMs,
        clean,
      })
    }
    case 'kafka': {
      const { publisher } = parts
      if (publisher === null) throw new Error('the configuration lets no topic pass without brokers')
      return createKafkaNotifier({
        async publish(message) {
          const outcome = await publisher.publish(channel.topic, [message])
          return outcome.kind === 'published' ? { ok: true } : { ok: false, ...outcome.failure }
        },
        createBody: createBody(channel.format),
        clean,
      })
    }
  }
}
