import type { Conflict } from '../conflict.ts'
import type { Config } from '../schema.ts'
import { readsAsEvents } from '../topic-use.ts'

/** Topics of sources that cannot be read, or are read as something else, too. */
export function findSourceConflicts({ kafka, sources }: Config): Conflict[] {
  const conflicts: Conflict[] = []
  const takenBy = new Map<string, string>()
  const otherwise = (topic: string): string | null => {
    if (kafka.topics.includes(topic)) return 'kafka.topics'
    if (topic === kafka.staff_topic) return 'kafka.staff_topic'
    if (topic === kafka.dead_letter_topic) return 'kafka.dead_letter_topic'
    if (readsAsEvents(kafka, topic)) return 'kafka.topic_pattern'
    return takenBy.get(topic) ?? null
  }
  for (const [name, { kafka: way }] of Object.entries(sources)) {
    if (way === undefined) continue
    const path = `sources.${name}`
    if (kafka.brokers.length === 0) {
      conflicts.push({ path, found: 'a topic without kafka.brokers', allowed: 'kafka.brokers, or another way in' })
    }
    for (const topic of way.topics) {
      const taken = otherwise(topic)
      if (taken !== null) {
        const found = `topic ${topic}, which ${taken} reads as well`
        conflicts.push({ path, found, allowed: 'topics that nothing else reads' })
      }
      takenBy.set(topic, path)
    }
  }
  return conflicts
}
