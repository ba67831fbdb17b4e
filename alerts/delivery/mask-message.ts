import type { Catalogue } from '../../messages/catalogue.ts'
import type { PersonMode } from '../../model/delivery.ts'
import { createPersonMask } from './mask-person.ts'
import type { Message, Notifier } from './notifier.ts'
import { alertPseudonym, messagePseudonym } from './pseudonym.ts'

/** The notifier, which gets of every message only what its channel may know. */
export function withPersonMask(notifier: Notifier, mask: (message: Message) => Message): Notifier {
  return { ...notifier, notify: async (message, signal) => notifier.notify(mask(message), signal) }
}

/** The ids under which a channel is told of alerts and messages. */
export interface ToldUids {
  readonly alert: (uid: string) => string
  readonly message: (uid: string) => string
}

export function toldUids(mode: PersonMode, key: string | null): ToldUids {
  if (mode !== 'pseudonym') return { alert: (uid) => uid, message: (uid) => uid }
  if (key === null) throw new Error('a pseudonym needs a key')
  return { alert: (uid) => alertPseudonym(uid, key), message: (uid) => messagePseudonym(uid, key) }
}

/** Makes a message say of people what the channel may know: in what it tells, and in the ids that lead to it. */
export function createMessageMask(
  mode: PersonMode,
  key: string | null,
  words: Catalogue,
): (message: Message) => Message {
  const maskPerson = createPersonMask(mode, key, words)
  const told = toldUids(mode, key)
  return (message) => {
    const uid = told.message(message.uid)
    switch (message.kind) {
      case 'test':
        return { ...message, uid }
      case 'undelivered': {
        const { alert_uid } = message.note
        return {
          ...message,
          uid,
          note: { ...message.note, alert_uid: alert_uid === null ? null : told.alert(alert_uid) },
        }
      }
      case 'alerts':
        return { ...message, uid, items: message.items.map(maskPerson) }
    }
  }
}
