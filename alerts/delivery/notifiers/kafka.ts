import { untilEnded } from '../../../net/until-ended.ts'
import { failed, type Message, type Notifier } from '../notifier.ts'
import { oneLine } from '../plain-text.ts'

/** A topic's producer: says what became of the message, and never rejects. */
export type PublishToTopic = (message: {
  readonly key: string
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}) => Promise<{ readonly ok: true } | { readonly ok: false; readonly code: string; readonly detail: string }>

export interface KafkaOptions {
  readonly publish: PublishToTopic
  readonly createBody: (message: Message) => object
  readonly clean: (text: string) => string
}

/** A topic, keyed by alert, so that what is told of one alert stays in order. The header `message_uid` marks duplicates. */
export function createKafkaNotifier({ publish, createBody, clean }: KafkaOptions): Notifier {
  return {
    async notify(message, signal) {
      const key = message.kind === 'alerts' ? message.items[0].alert.alert_uid : message.kind
      const headers = { message_uid: message.uid, 'content-type': 'application/json' }
      const value = JSON.stringify(createBody(message))
      const outcome = await Promise.race([publish({ key, value, headers }), untilEnded(signal)])
      if (outcome === null) return failed('timeout', true, 'no answer in time')
      if (outcome.ok) return { outcome: 'delivered', status: null, answer: 'taken by the brokers' }
      const refused = outcome.code === 'authentication_failed' || outcome.code === 'authorization_failed'
      const detail = clean(oneLine(`${outcome.code}: ${outcome.detail}`))
      return failed(refused ? 'credentials_refused' : 'unreachable', true, detail)
    },
  }
}
