import type { Config } from './schema.ts'

/** The topics' pattern as it is to be applied: to the whole name. */
export const wholeName = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)

/** Whether messages of this topic are taken as events. */
export const readsAsEvents = (kafka: Config['kafka'], topic: string): boolean =>
  kafka.topics.includes(topic) || (kafka.topic_pattern !== null && wholeName(kafka.topic_pattern).test(topic))
