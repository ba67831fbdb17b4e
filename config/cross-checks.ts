import type { Conflict, Note } from './conflict.ts'
import { findDeliveryConflicts, findDeliveryNotes } from './delivery/delivery-conflicts.ts'
import type { Config } from './schema.ts'
import { findSourceNotes } from './sources/find-source-notes.ts'
import { readsAsEvents } from './topic-use.ts'

export function findConflicts(config: Config): Conflict[] {
  const conflicts: Conflict[] = []
  const add = (path: string, found: string, allowed: string) => conflicts.push({ path, found, allowed })
  const { kafka, alerts } = config

  if (kafka.brokers.length > 0 && kafka.topics.length === 0 && kafka.topic_pattern === null) {
    add('kafka.topics', 'no topic and no pattern', 'a topic in kafka.topics, or kafka.topic_pattern, or no brokers')
  }
  const reads = (topic: string) => readsAsEvents(kafka, topic)
  if (reads(kafka.dead_letter_topic)) {
    add(
      'kafka.dead_letter_topic',
      'a topic that is read as events',
      'a topic outside kafka.topics and kafka.topic_pattern',
    )
  }
  if (reads(kafka.staff_topic)) {
    add('kafka.staff_topic', 'a topic that is read as events', 'a topic outside kafka.topics and kafka.topic_pattern')
  }
  if (kafka.staff_topic === kafka.dead_letter_topic) {
    add('kafka.staff_topic', 'the dead letters’ topic', 'a topic of its own')
  }

  const { mechanism, username, password } = kafka.sasl
  if (mechanism !== null && username === null) add('kafka.sasl.username', 'none', `a user for ${mechanism}`)
  if (mechanism !== null && password === null) add('kafka.sasl.password', 'none', `a password for ${mechanism}`)
  if (mechanism === null && (username !== null || password !== null)) {
    add('kafka.sasl.mechanism', 'none', 'a mechanism for the user or password given')
  }
  const { ssl } = kafka
  if (ssl.cert_file !== null && ssl.key_file === null)
    add('kafka.ssl.key_file', 'none', 'the key of kafka.ssl.cert_file')
  if (ssl.key_file !== null && ssl.cert_file === null) {
    add('kafka.ssl.cert_file', 'none', 'the certificate of kafka.ssl.key_file')
  }
  if (!ssl.enabled && (ssl.ca_file !== null || ssl.cert_file !== null || ssl.key_file !== null)) {
    add('kafka.ssl.enabled', 'false', '`true` with the TLS files given, or none of them')
  }

  conflicts.push(...findDeliveryConflicts(config))

  const { medium, high, critical } = alerts.severity
  if (!(medium < high)) add('alerts.severity.high', String(high), `more than alerts.severity.medium (${medium})`)
  if (!(high < critical)) add('alerts.severity.critical', String(critical), `more than alerts.severity.high (${high})`)
  return conflicts
}

export function findNotes(config: Config): Note[] {
  const notes: Note[] = []
  const { kafka, http, ingest } = config
  if (!isLoopback(http.host)) {
    notes.push({
      path: 'http.host',
      text: 'reachable from other machines, and HTTP is not encrypted: put TLS in front',
    })
  }
  if (kafka.sasl.mechanism === 'plain' && !kafka.ssl.enabled) {
    notes.push({ path: 'kafka.sasl.mechanism', text: 'plain without kafka.ssl.enabled sends the password readable' })
  }
  if (kafka.ssl.enabled && !kafka.ssl.reject_unauthorized) {
    notes.push({ path: 'kafka.ssl.reject_unauthorized', text: 'off: any machine can pose as the broker' })
  }
  notes.push(...findSourceNotes(config, isLoopback))
  notes.push(...findDeliveryNotes(config))
  if (ingest.keep_dead_letter_bodies) {
    notes.push({
      path: 'ingest.keep_dead_letter_bodies',
      text: 'on: the store may hold personal data that no event needs',
    })
  }
  return notes
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
