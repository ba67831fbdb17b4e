import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamMessage, StreamSink } from '../../../ingest/stream-sink.ts'

interface PartitionRecord {
  readonly first: bigint
  next: bigint
  readonly values: (Buffer | null)[]
}

/** What has been stored for good: the stand-in for the database that several sinks, or one after another, write to. */
export class DurableRecord {
  readonly partitions = new Map<string, PartitionRecord>()

  next(topic: string, partition: number): bigint | null {
    return this.partitions.get(`${topic}/${partition}`)?.next ?? null
  }

  values(topic: string): (Buffer | null)[] {
    return [...this.partitions].filter(([key]) => key.startsWith(`${topic}/`)).flatMap(([, { values }]) => values)
  }

  count(topic: string): number {
    return this.values(topic).length
  }

  /** One transaction: what is stored already is dropped. Throws when messages were skipped. */
  store(topic: string, partition: number, messages: readonly StreamMessage[]): void {
    for (const { offset, value } of messages) {
      const at = BigInt(offset)
      const key = `${topic}/${partition}`
      const record = this.partitions.get(key) ?? { first: at, next: at, values: [] }
      this.partitions.set(key, record)
      if (at < record.next) continue
      if (at > record.next) throw new Error(`${key}: offset ${at} came where ${record.next} was due`)
      record.values.push(value)
      record.next = at + 1n
    }
  }
}

export interface RecordingSinkOptions {
  /** How long storing one push takes. */
  readonly storeMs?: number
  /** Pushes that may wait to be stored before the next has to. */
  readonly room?: number
}

/** A sink that stores in the background, one push after another, and forgets what it has not stored when abandoned. */
export class RecordingSink implements StreamSink {
  readonly record: DurableRecord
  readonly faults: unknown[] = []
  readonly pushes: number[] = []
  readonly #options: Required<RecordingSinkOptions>
  readonly #taken = new Map<string, bigint>()
  readonly #waiting: (() => void)[] = []
  #queued = 0
  #storing: Promise<void> = Promise.resolve()
  #abandoned = false
  #held: Promise<void> | null = null

  constructor(record: DurableRecord, options: RecordingSinkOptions = {}) {
    this.record = record
    this.#options = { storeMs: 1, room: 4, ...options }
  }

  nextOffset(topic: string, partition: number): bigint | null {
    const stored = this.record.next(topic, partition)
    const taken = this.#taken.get(`${topic}/${partition}`) ?? null
    if (stored === null || (taken !== null && taken > stored)) return taken
    return stored
  }

  committedOffset(topic: string, partition: number): bigint | null {
    return this.record.next(topic, partition)
  }

  async push(topic: string, partition: number, messages: readonly StreamMessage[]): Promise<void> {
    const next = this.nextOffset(topic, partition)
    const fresh = messages.filter((message) => next === null || BigInt(message.offset) >= next)
    if (fresh.length === 0) return
    this.pushes.push(fresh.length)
    this.#taken.set(`${topic}/${partition}`, BigInt(fresh[fresh.length - 1].offset) + 1n)
    this.#queued++
    this.#storing = this.#storing.then(() => this.#store(topic, partition, fresh))
    if (this.#queued > this.#options.room) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async drain(): Promise<void> {
    await this.#storing
  }

  /** Nothing is stored until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held = promise
    return () => {
      this.#held = null
      resolve()
    }
  }

  /** As if the process had died: what is not stored yet never will be. */
  abandon(): void {
    this.#abandoned = true
  }

  async #store(topic: string, partition: number, messages: readonly StreamMessage[]): Promise<void> {
    await this.#held
    await sleep(this.#options.storeMs)
    try {
      if (!this.#abandoned) this.record.store(topic, partition, messages)
    } catch (error) {
      this.faults.push(error)
    }
    this.#queued--
    this.#waiting.shift()?.()
  }
}
