import type { Post } from '../../../net/post.ts'
import type { Message, Notifier } from '../notifier.ts'
import { signWebhook } from '../sign-webhook.ts'
import { judgeAnswer } from './judge-answer.ts'

export interface WebhookOptions {
  readonly url: URL
  readonly key: Buffer
  readonly post: Post
  /** The message as the receiver wants it. */
  readonly createBody: (message: Message) => object
  readonly clean: (text: string) => string
  readonly now: () => number
}

/** A signed webhook after Standard Webhooks; `webhook-id` is the same at every attempt. */
export function createWebhookNotifier(options: WebhookOptions): Notifier {
  return {
    async notify(message, signal) {
      const body = JSON.stringify(options.createBody(message))
      const headers = {
        'content-type': 'application/json',
        ...signWebhook(options.key, message.uid, options.now(), body),
      }
      return judgeAnswer(await options.post({ url: options.url, headers, body, signal }), options.clean)
    },
  }
}
