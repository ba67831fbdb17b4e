import type { Logger } from 'pino'
import type { DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import type { Pipeline } from '../ingest/pipeline/pipeline-contract.ts'
import type { DeadLetter } from '../ingest/stream-sink.ts'
import type { Database } from '../store/database.ts'
import { countUnpublishedLetters, markPublished, unpublishedLetters } from '../store/unpublished-letters.ts'

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
  /** So many letters were committed just now. */
  wake(letters: number): void
}

const AT_ONCE = 1_000
const RETRY_MS = 5_000

export async function createLetterPublisher(parts: LetterPublisherParts): Promise<LetterPublisher> {
  const { producer, db, pipeline, logger, later } = parts
  let waiting = await countUnpublishedLetters(db)
  let publishing = false

  const tell = (change: number) => {
    waiting = Math.max(0, waiting + change)
    parts.onWaiting(waiting)
  }

  /** Publishes the oldest letters; false when it is to be tried again later. */
  const publishSome = async (): Promise<boolean> => {
    const some = await unpublishedLetters<DeadLetter>(db, AT_ONCE)
    if (some.length === 0) {
      tell(-waiting)
      return true
    }
    const outcome = await producer.publish(some)
    if (outcome.kind === 'failed') {
      logger.warn({ ...outcome.failure }, 'Dead letters could not be published; they will be tried again')
      return false
    }
    const uids = some.map(({ letter_uid }) => letter_uid)
    await pipeline.between(() => markPublished(db.writer, uids))
    tell(-some.length)
    return true
  }

  const publish = async (): Promise<void> => {
    if (publishing) return
    publishing = true
    try {
      do {
        if (await publishSome()) continue
        later(RETRY_MS, () => void publish())
        return
      } while (waiting > 0)
    } catch (error) {
      // They stay unpublished in the store, and go out with the next ones.
      logger.warn(
        { err: error },
        'Dead letters could not be read, or marked as published; they go out again with the next ones',
      )
    } finally {
      publishing = false
    }
  }

  const wake = (letters: number) => {
    tell(letters)
    void publish()
  }
  wake(0)
  return { wake }
}
