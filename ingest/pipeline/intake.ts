import { randomUUID } from 'node:crypto'
import { countHeld, type SuppressionBook } from '../../alerts/suppression.ts'
import type { Engine } from '../../detectors/engine.ts'
import { EVENT_LIMITS } from '../../model/event.ts'
import { createEventBatch } from '../../model/event-batch.ts'
import { parseJsonText } from '../../model/json-text.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import { type Reject, readCanonical } from '../adapters/canonical.ts'
import { createBlockEncoder } from '../bytes/block-encoder.ts'
import {
  FIRST_ITEM,
  ITEM,
  ITEM_COUNT,
  type MessageBlock,
  ORG,
  READ,
  ROW,
  STATE,
  UID,
  valueAt,
} from '../bytes/message-block.ts'
import { createEncoder, eventUidOf } from '../encode.ts'
import { createEventDraft, type EventDraft } from '../event-draft.ts'
import type { Aside } from '../refold/refold.ts'
import type { SeenUids } from '../seen-uids.ts'
import type { DeadLetter } from '../stream-sink.ts'
import type { OpenBatch } from './open-batch.ts'
import { refusePerson } from './room-for-people.ts'

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
  readonly suppressions: SuppressionBook
  /** Events of suspended actors, kept for their refold. */
  readonly asides: Map<number, Aside[]>
}

/** What holds for all messages of a hand-over. */
export interface HandOver {
  readonly source: string
  readonly forcedOrg: string | null
  readonly defaultOrg: string
  /** Newest event time accepted, epoch milliseconds. */
  readonly latestTime: number
  /** Called when an `unsure` event has turned out. */
  readonly settle: (duplicate: boolean) => void
}

/** Takes the messages of one block. */
export interface BlockTaker {
  /** Turns the messages from `from` to `to` into rows of the batch, which are folded when it returns, and tells of each. */
  take(from: number, to: number, hand: HandOver, into: OpenBatch, tell: (i: number, outcome: Taken) => void): void
}

/** Turns messages and events into rows of the batch and folds them. */
export interface Intake {
  /** `source` is that of the hand-overs with which its messages are taken. */
  open(block: MessageBlock, source: string): BlockTaker
  /**
   * As take(), of an event that was read already and keeps to the limits of canonical events. `namesLast`: its actor has
   * always been called so; where names follow from a look-up, an event may be known under another one.
   */
  takeDraft(event: EventDraft, from: HandOver, into: OpenBatch, namesLast: boolean): Exclude<Taken, Reject>
  /** Why an event that could be read cannot be taken all the same; null when it can. */
  refuse(event: EventDraft): Reject | null
  /** Encodes and folds an event that is known to be new. `setAside`: keep it for the refold when its actor is suspended. */
  admit(draft: EventDraft, eventUid: string, source: string, into: OpenBatch, setAside: boolean): void
}

export function createIntake(options: IntakeOptions): Intake {
  const { engine, seen, suppressions } = options
  const encoder = createEncoder(options.codes)
  const draft = createEventDraft()
  /** Keeps what is read only to have it near, so that no compiler takes the reading for needless. */
  const near = { read: 0 }

  const fold = (into: OpenBatch, i: number, setAside: boolean) => {
    const { events } = into
    const outcome = engine.fold(events, i)
    if (outcome === 'folded') return
    const actor = events.actor[i]
    if (outcome === 'late') {
      const time = events.time[i]
      into.requests.push({ actor, fromTime: time, cause: 'late', atTime: time })
    } else if (setAside) {
      const rows = options.asides.get(actor) ?? []
      options.asides.set(actor, rows)
      rows.push({ batch: copyRow(events, i), index: 0 })
    }
  }

  const admit: Intake['admit'] = (event, eventUid, source, into, setAside) => {
    const cause = suppressions.leavingOut(event)
    if (cause !== null) countHeld(into.leftOut, cause.suppression_uid, event.time)
    encoder.encode(event, eventUid, source, into.events, cause !== null)
    fold(into, into.events.length++, setAside)
  }

  const takeDraft: Intake['takeDraft'] = (event, { source, settle }, into, namesLast) => {
    const eventUid = eventUidOf(event)
    const known = seen.check(event.org_uid, eventUid, event.time)
    if (known === 'duplicate') return 'duplicate'
    if (known === 'unsure') {
      const actor = options.codes.findActor(event.org_uid, event.actor_uid)
      const newest = actor === -1 ? null : engine.newestEvent(actor)
      // Newer than all of its actor's events, it cannot be one of them; of those left out the engine does not know.
      if (!namesLast || options.codes.excludesAny || (newest !== null && event.time <= newest)) {
        into.unsure.push({ draft: structuredClone(event), eventUid, source, settle })
        return 'unsure'
      }
      seen.remember(event.org_uid, eventUid, event.time)
    }
    admit(event, eventUid, source, into, true)
    return 'accepted'
  }

  const refuse = (event: EventDraft): Reject | null => refusePerson(options.codes, event.org_uid, event.actor_uid)

  /** The way for messages that were not read, or whose event may be known. */
  const takeValue = (value: Buffer | null, from: HandOver, into: OpenBatch): Taken => {
    if (value === null || value.length === 0) return { reason: 'empty', detail: 'the message is empty' }
    if (value.length > EVENT_LIMITS.bytes) {
      return {
        reason: 'too_large',
        detail: `the message has ${value.length} bytes; at most ${EVENT_LIMITS.bytes} are allowed`,
      }
    }
    let parsed: unknown
    try {
      parsed = parseJsonText(value.toString())
    } catch {
      return { reason: 'invalid_json', detail: 'the message is not valid JSON' }
    }
    return readCanonical(parsed, draft, from) ?? refuse(draft) ?? takeDraft(draft, from, into, true)
  }

  return {
    admit,
    refuse,
    takeDraft,
    open(block, source) {
      const blockEncoder = createBlockEncoder(options.codes, block, source)
      const { rows, items, orgs, times } = block
      /** Rows at the end of the batch that are to be folded. */
      let unfolded = 0
      const foldTaken = (into: OpenBatch) => {
        const to = into.events.length
        const from = to - unfolded
        unfolded = 0
        near.read ^= engine.prefetch(into.events, from, to)
        for (let i = from; i < to; i++) fold(into, i, true)
      }
      /** What is not taken by its numbers is folded at once, behind those before it. */
      const takeWhole = (i: number, from: HandOver, into: OpenBatch): Taken => {
        foldTaken(into)
        return takeValue(valueAt(block, i), from, into)
      }
      /** Brings what taking those messages will read near. */
      const prefetch = (from: number, to: number) => {
        for (let i = from; i < to; i++) {
          const row = i * ROW
          if (rows[row + STATE] !== READ) continue
          near.read ^= seen.prefetch(rows[row + UID])
          if (rows[row + ITEM_COUNT] > 0)
            near.read ^= options.codes.prefetchObject(items[rows[row + FIRST_ITEM] * ITEM])
        }
      }
      const takeOne = (i: number, hand: HandOver, into: OpenBatch): Taken => {
        const row = i * ROW
        // By the numbers alone it would not be known what is left out.
        if (rows[row + STATE] !== READ || suppressions.mayLeaveOut(times[i])) return takeWhole(i, hand, into)
        if (options.codes.roomForActors(orgs[rows[row + ORG]]) <= 0) return takeWhole(i, hand, into)
        const known = seen.checkPrint(rows[row + UID], rows[row + UID + 1], times[i])
        if (known === 'duplicate') return known
        if (known === 'unsure') return takeWhole(i, hand, into)
        blockEncoder.encode(i, into.events)
        into.events.length++
        unfolded++
        return 'accepted'
      }
      return {
        take(from, to, hand, into, tell) {
          prefetch(from, to)
          for (let i = from; i < to; i++) tell(i, takeOne(i, hand, into))
          foldTaken(into)
        },
      }
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
  row.eventUid.set(0, from.eventUid.get(i))
  row.extra[0] = from.extra[i]
  return row
}
