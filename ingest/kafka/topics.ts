import type { KafkaSourceOptions } from './options.ts'

export type TopicOptions = Pick<KafkaSourceOptions, 'topics' | 'topicPattern' | 'extraTopics' | 'excludedTopics'>

export interface TopicSelection {
  readonly present: readonly string[]
  /** Asked for by name and not there. A pattern that matches nothing is not listed here. */
  readonly missing: readonly string[]
}

/** Throws SyntaxError on a pattern that is no regular expression: a fault of the configuration, found at start. */
export function createTopicSelector(options: TopicOptions): (existing: readonly string[]) => TopicSelection {
  const named = [...new Set([...options.topics, ...(options.extraTopics ?? [])])]
  const excluded = new Set(options.excludedTopics ?? [])
  const pattern = options.topicPattern === undefined ? null : new RegExp(`^(?:${options.topicPattern})$`)
  const matches = (topic: string) =>
    pattern !== null && !topic.startsWith('__') && !excluded.has(topic) && pattern.test(topic)
  return (existing) => {
    const there = new Set(existing)
    const present = new Set([...named.filter((topic) => there.has(topic)), ...existing.filter(matches)])
    return { present: [...present].sort(), missing: named.filter((topic) => !there.has(topic)) }
  }
}

export function haveSameTopics(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((topic, index) => topic === b[index])
}
