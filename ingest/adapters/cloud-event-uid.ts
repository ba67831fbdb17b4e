import { EVENT_LIMITS } from '../../model/event.ts'
import { contentUid } from '../content-uid.ts'

/**
 * The uid of a CloudEvent: its `source` and `id`, which are unique together and not apart (CloudEvents 1.0, "id"). The
 * id alone where no source is told, and a hash of both where they are too long for a uid or the source holds a space,
 * which would let two pairs look alike. An id that is no text is returned as it is, for the fields' own check.
 */
export function cloudEventUid(source: unknown, id: unknown): unknown {
  if (typeof id !== 'string' || id === '' || typeof source !== 'string' || source === '') return id
  const uid = `${source} ${id}`
  return source.includes(' ') || uid.length > EVENT_LIMITS.uidLength ? contentUid('ce', [source, id]) : uid
}
