import type { Logger } from 'pino'
import type { DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import type { Pipeline } from '../ingest/pipeline-contract.ts'
import type { DeadLetter } from '../ingest/stream-sink.ts'
import { markPublished, unpublishedLetters } from '../store/batch-rows.ts'
import type { Database } from '../store/database.ts'

export interface LetterPublisherParts {
  readonly producer: DeadLetterProducer
  readonly db: Database
  readonly pipeline: Pipeline
  readonly logger: Logger
  readonly later: (ms: number, callback: () => void) => void
  readonly onWaiting: (letters: number) => void
}

/** Brings stored dead letters to their topic, each at least once, also those of earlier runs. */
export interface LetterPublisher {
  /** Letters that were committed just now. */
  add(letters: readonly DeadLetter[]): void
}

const AT_ONCE = 1_000
const RETRY_MS = 5_000

export async function createLetterPublisher(parts: LetterPublisherParts): Promise<LetterPublisher> {
  const { producer, db, pipeline, logger, later } = parts
  const waiting = new Map<string, DeadLetter>()
  let publishing = false

  const add = (letters: readonly DeadLetter[]) => {
    for (const letter of letters) waiting.set(letter.letter_uid, letter)
    parts.onWaiting(waiting.size)
    void publish()
  }

  const publish = async (): Promise<void> => {
    if (publishing) return
    publishing = true
    try {
      while (waiting.size > 0) {
        const some = [...waiting.values()].slice(0, AT_ONCE)
        const outcome = await producer.publish(some)
        if (outcome.kind === 'failed') {
          logger.warn({ ...outcome.failure }, 'Dead letters could not be published; they will be tried again')
          later(RETRY_MS, () => void publish())
          return
        }
        const uids = some.map((letter) => letter.letter_uid)
        await pipeline.between(() => markPublished(db.writer, uids))
        for (const uid of uids) waiting.delete(uid)
        parts.onWaiting(waiting.size)
      }
    } catch (error) {
      // The letters stay unpublished in the store, and go out after the next start at the latest.
      logger.warn({ err: error }, 'Published dead letters could not be marked; they may be published again')
    } finally {
      publishing = false
    }
  }

  // The map holds each once. One that HTTP brings after the store has answered and before `add` is known to the pipeline
  // stays stored, and goes out after the next start.
  add(await unpublishedLetters<DeadLetter>(db))
  return { add }
}
