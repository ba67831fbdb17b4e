import { randomUUID } from 'node:crypto'
import type { Engine } from '../detectors/engine.ts'
import { EVENT_LIMITS } from '../model/event.ts'
import { createEventBatch } from '../model/event-batch.ts'
import type { Dictionaries } from '../store/dictionaries.ts'
import { type Reject, readCanonical } from './adapters/canonical.ts'
import { createEncoder, eventUidOf } from './encode.ts'
import { createEventDraft, type EventDraft } from './event-draft.ts'
import type { OpenBatch } from './open-batch.ts'
import type { Aside } from './refold.ts'
import type { SeenUids } from './seen-uids.ts'
import type { DeadLetter } from './stream-sink.ts'

/** Where a message came from, for its dead letter. */
export interface MessagePlace {
  readonly source: string
  readonly topic: string | null
  readonly partition: number | null
  readonly offset: string | null
  readonly line: number | null
}

export type Taken = 'accepted' | 'duplicate' | 'unsure' | Reject

export interface IntakeOptions {
  readonly codes: Dictionaries
  readonly engine: Engine
  readonly seen: SeenUids
  readonly defaultOrg: string
  readonly maxFutureMs: number
  readonly now: () => number
  /** Events of suspended actors, kept for their refold. */
  readonly asides: Map<number, Aside[]>
}

/** Turns one message into a row of the batch and folds it. */
export interface Intake {
  /** `settle` is called when an `unsure` event has turned out. */
  take(
    value: Buffer | null,
    source: string,
    forcedOrg: string | null,
    into: OpenBatch,
    settle: (duplicate: boolean) => void,
  ): Taken
  /** Encodes and folds an event that is known to be new. `setAside`: keep it for the refold when its actor is suspended. */
  admit(draft: EventDraft, eventUid: string, source: string, into: OpenBatch, setAside: boolean): void
}

export function createIntake(options: IntakeOptions): Intake {
  const { engine, seen } = options
  const encoder = createEncoder(options.codes)
  const draft = createEventDraft()

  const admit: Intake['admit'] = (event, eventUid, source, into, setAside) => {
    const { events } = into
    encoder.encode(event, eventUid, source, events)
    const i = events.length++
    const outcome = engine.fold(events, i)
    if (outcome === 'folded') return
    const actor = events.actor[i]
    if (outcome === 'late') {
      into.requests.push({ actor, fromTime: event.time, cause: 'late', atTime: event.time })
    } else if (setAside) {
      const rows = options.asides.get(actor) ?? []
      options.asides.set(actor, rows)
      rows.push({ batch: copyRow(events, i), index: 0 })
    }
  }

  return {
    admit,
    take(value, source, forcedOrg, into, settle) {
      if (value === null || value.length === 0) return { reason: 'empty', detail: 'the message is empty' }
      if (value.length > EVENT_LIMITS.bytes) {
        return {
          reason: 'too_large',
          detail: `the message has ${value.length} bytes; at most ${EVENT_LIMITS.bytes} are allowed`,
        }
      }
      let parsed: unknown
      try {
        parsed = JSON.parse(value.toString())
      } catch {
        return { reason: 'invalid_json', detail: 'the message is not valid JSON' }
      }
      const latestTime = options.now() + options.maxFutureMs
      const rejected = readCanonical(parsed, draft, { defaultOrg: options.defaultOrg, forcedOrg, latestTime })
      if (rejected !== null) return rejected
      const eventUid = eventUidOf(draft)
      const known = seen.check(draft.org_uid, eventUid, draft.time)
      if (known === 'duplicate') return 'duplicate'
      if (known === 'unsure') {
        const actor = options.codes.findActor(draft.org_uid, draft.actor_uid)
        const newest = actor === -1 ? null : engine.newestEvent(actor)
        // Newer than all of its actor's events: it cannot be one of them.
        if (newest !== null && draft.time <= newest) {
          into.unsure.push({ draft: structuredClone(draft), eventUid, source, settle })
          return 'unsure'
        }
        seen.remember(draft.org_uid, eventUid, draft.time)
      }
      admit(draft, eventUid, source, into, true)
      return 'accepted'
    },
  }
}

export function deadLetterOf(place: MessagePlace, reject: Reject, bytes: number, now: number): DeadLetter {
  // A message of a stream has one place for ever, so that its letter has one id however often it is read.
  const letter_uid = place.topic === null ? randomUUID() : `${place.topic}/${place.partition}/${place.offset}`
  return { letter_uid, received_at: now, ...place, reason: reject.reason, detail: reject.detail, bytes }
}

function copyRow(from: OpenBatch['events'], i: number): OpenBatch['events'] {
  const row = createEventBatch(1)
  row.length = 1
  row.time[0] = from.time[i]
  row.actor[0] = from.actor[i]
  row.kind[0] = from.kind[i]
  row.origin[0] = from.origin[i]
  row.object[0] = from.object[i]
  row.owner[0] = from.owner[i]
  row.recordCount[0] = from.recordCount[i]
  row.objects[0] = from.objects[i]
  row.logicalOp[0] = from.logicalOp[i]
  return row
}
