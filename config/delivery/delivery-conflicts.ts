import type { Conflict, Note } from '../conflict.ts'
import type { Config } from '../schema.ts'
import { readsAsEvents } from '../topic-use.ts'

/** What is allowed each for itself and makes no sense together, of channels, routes and `delivery`. */
export function findDeliveryConflicts({ channels, delivery, kafka }: Config): Conflict[] {
  const conflicts: Conflict[] = []
  const add = (path: string, found: string, allowed: string) => conflicts.push({ path, found, allowed })
  for (const [name, channel] of Object.entries(channels)) {
    const path = `channels.${name}`
    if ((channel.person ?? delivery.person) === 'pseudonym' && delivery.pseudonym_key === null) {
      add(`${path}.person`, 'pseudonym', 'a key in delivery.pseudonym_key to make pseudonyms from')
    }
    if (channel.type === 'kafka') {
      if (kafka.brokers.length === 0) add(`${path}.type`, 'kafka without brokers', 'brokers in kafka.brokers')
      if (
        readsAsEvents(kafka, channel.topic) ||
        channel.topic === kafka.staff_topic ||
        channel.topic === kafka.dead_letter_topic
      ) {
        add(`${path}.topic`, 'a topic that is used otherwise', 'a topic that is not read and takes no dead letters')
      }
    }
    if (channel.type === 'email') {
      const { username, password } = new URL(channel.smtp)
      if (username !== '' || password !== '') {
        add(`${path}.smtp`, 'an address with a user or password', 'an address without, and `username` and `password`')
      }
      if ((channel.username === undefined) !== (channel.password === undefined)) {
        add(
          `${path}.${channel.username === undefined ? 'username' : 'password'}`,
          'nothing',
          'both username and password, or none',
        )
      }
    }
  }
  for (const name of delivery.report_failures_to) {
    if (!Object.hasOwn(channels, name)) add('delivery.report_failures_to', name, 'a name under `channels`')
  }
  return conflicts
}

export function findDeliveryNotes({ channels, routes, delivery }: Config): Note[] {
  const used = new Set([
    ...routes.flatMap((route) => [...route.channels, ...(route.escalate_to ?? [])]),
    ...delivery.report_failures_to,
  ])
  const notes = Object.keys(channels)
    .filter((name) => !used.has(name))
    .map((name) => ({ path: `channels.${name}`, text: 'no route names it' }))
  const secret = delivery.pseudonym_key
  if (secret !== null && secret.length < SHORT_KEY_CHARACTERS) {
    notes.push({
      path: 'delivery.pseudonym_key',
      text: `shorter than ${SHORT_KEY_CHARACTERS} characters: it can be guessed`,
    })
  }
  return notes
}

const SHORT_KEY_CHARACTERS = 16
