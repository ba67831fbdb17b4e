import type { Message, Notifier } from '../../../alerts/delivery/notifier.ts'
import { createNotifier } from '../../../commands/delivery/create-notifier.ts'
import { loadConfig } from '../../../config.ts'
import type { TopicMessage, TopicPublisher } from '../../../ingest/kafka/topic-publisher.ts'
import type { LookUp } from '../../../net/resolve-host.ts'
import { sampleAlert, T0 } from '../../store/sample-alert.ts'

export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const BOT_TOKEN = '123456:AAbb-secret_of_the_bot'
export const SLACK_PATH = '/services/T0AAAAAAA/B0BBBBBBB/secretOfTheWebhook'
export const NOW = T0 + 120_000

export interface Built {
  /** Name lookups, in order. */
  readonly lookUps: string[]
  /** What went to topics. */
  readonly published: TopicMessage[]
  readonly notifier: Notifier
}

export interface BuildOptions {
  readonly allowNetworks?: readonly string[]
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  readonly lookUp?: LookUp
  readonly now?: number
}

/** A notifier as the service makes it from its configuration. */
export function buildNotifier(channel: object, options: BuildOptions = {}): Built {
  const loaded = loadConfig({
    file: null,
    cwd: '/',
    readFile: () => {
      throw Object.assign(new Error('none'), { code: 'ENOENT' })
    },
    env: {
      CRMWATCH_CHANNELS: JSON.stringify({ it: channel }),
      CRMWATCH_DELIVERY_ALLOW_NETWORKS: (options.allowNetworks ?? ['127.0.0.0/8']).join(','),
      CRMWATCH_DELIVERY_ALERT_URL: 'https://crmwatch.example/alerts/{alert_uid}',
      CRMWATCH_DELIVERY_TIMEOUT_MS: String(options.timeoutMs ?? 10_000),
      ...options.env,
    },
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  const lookUps: string[] = []
  const lookUp = options.lookUp ?? (async () => [{ address: '127.0.0.1', family: 4 }])
  const published: TopicMessage[] = []
  const publisher: TopicPublisher = {
    async publish(_topic, messages) {
      published.push(...messages)
      return { kind: 'published' }
    },
    async [Symbol.asyncDispose]() {},
  }
  const notifier = createNotifier(loaded.config.channels.it, {
    config: loaded.config,
    version: '0.0.0',
    now: () => options.now ?? NOW,
    lookUp: (hostname) => {
      lookUps.push(hostname)
      return lookUp(hostname)
    },
    publisher,
  })
  return { lookUps, published, notifier }
}

export const alertMessage = (over: Parameters<typeof sampleAlert>[0] = {}): Message => ({
  kind: 'alerts',
  uid: 'd_0123456789abcdefghijkl',
  at: NOW,
  items: [{ alert: sampleAlert(over), before: null, reason: 'opened' }],
})

/** The channels that speak HTTP, each at `origin`, with an answer as the real one gives it. */
export const HTTP_CHANNELS: readonly {
  readonly name: string
  readonly at: (origin: string) => object
  readonly secrets: readonly string[]
  readonly body: (status: number) => string
}[] = [
  {
    name: 'slack',
    at: (origin) => ({ type: 'slack', url: `${origin}${SLACK_PATH}` }),
    secrets: [SLACK_PATH, 'secretOfTheWebhook'],
    body: (status) => (status < 300 ? 'ok' : 'invalid_payload'),
  },
  {
    name: 'telegram',
    at: (origin) => ({ type: 'telegram', bot_token: BOT_TOKEN, chat_id: '-100123', api_base: origin }),
    secrets: [BOT_TOKEN, 'AAbb-secret_of_the_bot'],
    body: (status) =>
      JSON.stringify(
        status < 300 ? { ok: true, result: { message_id: 7 } } : { ok: false, error_code: status, description: 'No' },
      ),
  },
  {
    name: 'webhook',
    at: (origin) => ({ type: 'webhook', url: `${origin}/in?key=secretOfTheQuery`, secret: WEBHOOK_SECRET }),
    secrets: [WEBHOOK_SECRET, 'secretOfTheQuery'],
    body: () => '{}',
  },
  {
    name: 'webhook with OCSF',
    at: (origin) => ({ type: 'webhook', url: `${origin}/in`, secret: WEBHOOK_SECRET, format: 'ocsf' }),
    secrets: [WEBHOOK_SECRET],
    body: () => '',
  },
]
