import type { Catalogue } from '../../messages/catalogue.ts'
import { firstStepOf } from '../../messages/catalogues.ts'
import type { Alert } from '../../model/alert.ts'
import type { AlertItem, Message } from './notifier.ts'

export interface DocumentOptions {
  readonly alertUrl: string | null
  readonly words: Catalogue
  /** An alert as the API shows it. */
  readonly presentAlert: (alert: Alert) => object
}

/** A message as machines get it: `type`, `timestamp` and `data`, after Standard Webhooks. */
export function createDocument(
  message: Message,
  options: DocumentOptions,
): { type: string; timestamp: string; data: object } {
  const timestamp = new Date(message.at).toISOString()
  switch (message.kind) {
    case 'test':
      return { type: 'test', timestamp, data: { channel: message.channel } }
    case 'undelivered':
      return {
        type: 'channel.undelivered',
        timestamp,
        data: { ...message.note, since: new Date(message.note.since).toISOString() },
      }
    case 'alerts': {
      const { alert, before, reason, triage } = onlyItem(message.items)
      const data = {
        alert: options.presentAlert(alert),
        before,
        ...(reason === 'triaged' ? { triage } : {}),
        first_step: firstStepOf(options.words, alert.detector),
        link: linkTo(alert, options.alertUrl),
      }
      return { type: `alert.${reason}`, timestamp, data }
    }
  }
}

export const linkTo = ({ alert_uid }: Pick<Alert, 'alert_uid'>, alertUrl: string | null): string | null =>
  alertUrl?.replaceAll('{alert_uid}', () => encodeURIComponent(alert_uid.toWellFormed())) ?? null

/** Channels for machines are never grouped: a message is about one alert. */
export function onlyItem(items: readonly AlertItem[]): AlertItem {
  if (items.length !== 1) throw new Error(`a message for a machine is about one alert, not ${items.length}`)
  return items[0]
}
