/** How to reach the brokers. The same for consumers and producers. */
export interface KafkaConnection {
  readonly brokers: readonly string[]
  readonly clientId: string
  /** TLS: true trusts the system's authorities; certificates and keys are PEM texts. */
  readonly ssl?:
    | boolean
    | {
        readonly ca?: string
        readonly cert?: string
        readonly key?: string
        readonly passphrase?: string
        /** False trusts any certificate: for tests alone. */
        readonly rejectUnauthorized?: boolean
      }
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
}

export interface KafkaSourceOptions extends KafkaConnection {
  readonly groupId: string
  /** Topics by name; those that do not exist yet are waited for. */
  readonly topics: readonly string[]
  /** A regular expression that must match a topic's whole name, besides `topics`. Internal topics (`__`) never match. */
  readonly topicPattern?: string
  /** Further topics by name, such as the staff feed's. */
  readonly extraTopics?: readonly string[]
  /** Topics the pattern must not take in, such as the dead-letter topic. */
  readonly excludedTopics?: readonly string[]
  /** Where a partition starts that the sink has never seen: at its first message (the default) or at what comes next. */
  readonly fromBeginning?: boolean
  /** Most messages handed to the sink at a time. Default 2,000. */
  readonly sliceMessages?: number
  /**
   * Most bytes of one fetch, over all partitions, as they lie in the log. Default 4 MiB: compressed messages take many
   * times that in memory, and more is no faster. A single batch that is larger comes through all the same.
   */
  readonly fetchBytes?: number
  /** Most bytes of one partition in a fetch. Default 512 KiB. */
  readonly fetchPartitionBytes?: number
  /** How long the broker may hold an empty fetch. Default 100 ms; it does not delay messages that are there. */
  readonly fetchWaitMs?: number
  /** How many partitions' batches are handed over at the same time, slice by slice in turn. Default 8. */
  readonly concurrentPartitions?: number
  /** Default 10 s; heartbeats go out every tenth of it. A consumer that vanished holds its group up for as long. */
  readonly sessionTimeoutMs?: number
  /** How often durable offsets are committed to the group, for outside lag tools. Default 1 s. */
  readonly commitIntervalMs?: number
  /** How often topics and high watermarks are looked up: lag, new topics, the watchdog. Default 5 s. */
  readonly pollIntervalMs?: number
  /** A partition that stands still this long while its log grows has the consumer rebuilt. Default 60 s. */
  readonly stallLimitMs?: number
  /** First and longest wait before a rebuild. Defaults 0.5 s and 15 s. */
  readonly retryFirstMs?: number
  readonly retryLongestMs?: number
}

/** Clock, timers and chance, passed in by the composition root. */
export interface SourceRuntime {
  /** Epoch milliseconds. */
  now(): number
  /** From 0 to below 1, for the jitter of back-offs. */
  random(): number
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The part of a pino logger that is used here. */
export interface SourceLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface PartitionLag {
  readonly topic: string
  readonly partition: number
  /** Messages in the log that have not been taken yet. */
  readonly lag: number
  /** Messages in the log that are not durable in the store yet. */
  readonly durableLag: number
}

/** Numbers for metrics and the moments worth a log line elsewhere; none of them may throw. */
export interface SourceHooks {
  onBatch?(batch: { topic: string; partition: number; messages: number; bytes: number }): void
  onLag?(lag: PartitionLag): void
  /** The partitions this instance reads from now on, so that gauges of others can be removed. */
  onAssignment?(partitions: readonly { topic: string; partition: number }[]): void
  /** Offsets the broker no longer had when they were asked for: retention was quicker than this service. */
  onGap?(gap: { topic: string; partition: number; messages: number }): void
  /** Records of batches that could not be unpacked; the sink gets them as unusable values. */
  onUnreadable?(unreadable: { topic: string; partition: number; messages: number }): void
  onRebuild?(failure: KafkaFailure): void
}

export const KAFKA_FAILURE_CODES = [
  'broker_unreachable',
  'authentication_failed',
  'authorization_failed',
  'coordinator_loading',
  'consumer_crashed',
  'stalled',
  'sink_failed',
  'offset_beyond_log',
] as const
export type KafkaFailureCode = (typeof KAFKA_FAILURE_CODES)[number]

export interface KafkaFailure {
  readonly code: KafkaFailureCode
  /** One bounded line without secrets or message contents. */
  readonly detail: string
}

export interface KafkaHealth {
  readonly state: 'stopped' | 'connecting' | 'waiting_for_topics' | 'running' | 'recovering'
  /** True while messages can arrive: `running` and nothing is known to be wrong. */
  readonly healthy: boolean
  /** Since when it has been in this state, epoch milliseconds. */
  readonly since: number
  /** Topics asked for by name that do not exist (or may not be seen). */
  readonly missingTopics: readonly string[]
  readonly assignedPartitions: number
  /** Over all assigned partitions at the last look; null before the first. */
  readonly lag: number | null
  /** Consumers that failed; one that found the cluster still starting up is not counted. */
  readonly rebuilds: number
  /** What is or was last wrong; null once it has run well again. */
  readonly failure: KafkaFailure | null
}
