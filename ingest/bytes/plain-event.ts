import {
  ACTIONS,
  ACTOR_TYPES,
  CHANNELS,
  DEFAULT_ORG,
  OBJECT_TYPES,
  OUTCOMES,
  RECORD_COUNT_BASES,
} from '../../model/event.ts'
import { NONE } from '../../model/event-batch.ts'
import { EARLIEST_TIME, LATEST_TIME } from '../../model/event-time.ts'
import type { CanonicalOptions } from '../adapters/canonical.ts'
import { parseRfc3339 } from '../rfc3339.ts'
import {
  ACTOR_UID,
  BYTES,
  CHUNK_SEQ,
  COLUMNS,
  EVENT_FIELDS,
  EVENT_UID,
  FOREIGN_FIELDS,
  numberOf,
  OBJECT_UIDS,
} from './event-fields.ts'
import { BAD, createFieldChecks, NOT_GIVEN } from './field-checks.ts'
import { createFlatObject, type FlatObject, TEXT, WHOLE } from './flat-object.ts'
import { wholeBetween } from './plain-json.ts'
import { parseUtcBetween } from './utc-time.ts'
import { createWordList } from './word-list.ts'

/**
 * A canonical event read without making texts: those stand in the message where `fields` says, and have been checked.
 * Overwritten by every read.
 */
export interface PlainEvent {
  /**
   * Reads a message that is sure to be a good event with an id of its own. False for every other: readCanonical then
   * has to read it, which alone tells what is wrong with an event and why.
   */
  read(bytes: Buffer, options: CanonicalOptions): boolean
  readonly fields: FlatObject
  org: string
  time: number
  /** Words by their number in the model's lists; NO_CHANNEL is one more than those. */
  action: number
  actorType: number
  objectType: number
  channel: number
  outcome: number
  recordCountBasis: number
  /** 1 or 0. */
  objectUidsComplete: number
  /** 1, 0, or UNKNOWN. */
  hasContactFields: number
  /** NONE when unknown. */
  recordCount: number
}

export const NO_CHANNEL = CHANNELS.length
export const UNKNOWN = 2

const ORG_UID = numberOf('org_uid')
const TIME = numberOf('time')
const ACTION = numberOf('action')
const ACTOR_TYPE = numberOf('actor_type')
const OBJECT_TYPE = numberOf('object_type')
const CHANNEL = numberOf('channel')
const OUTCOME = numberOf('outcome')
const OBJECT_UIDS_COMPLETE = numberOf('object_uids_complete')
const HAS_CONTACT_FIELDS = numberOf('has_contact_fields')
const RECORD_COUNT = numberOf('record_count')
const RECORD_COUNT_BASIS = numberOf('record_count_basis')
const UIDS = (['on_behalf_of_uid', 'logical_op_uid'] as const).map(numberOf)
const UID_LISTS = (['object_uids', 'owner_uids', 'recipient_uids'] as const).map(numberOf)
const TEXTS = (
  [
    ...(['source_product', 'source_event_type', 'actor_name', 'src_ip', 'user_agent', 'session_uid'] as const),
    ...(['device_uid', 'client_app', 'query_text', 'export_format', 'raw_ref'] as const),
  ] as const
).map(numberOf)

const USER = ACTOR_TYPES.indexOf('user')
const UNKNOWN_OBJECT = OBJECT_TYPES.indexOf('unknown')
const SUCCESS = OUTCOMES.indexOf('success')
const REPORTED = RECORD_COUNT_BASES.indexOf('reported')
const IDS_COUNTED = RECORD_COUNT_BASES.indexOf('ids_counted')
const UNKNOWN_BASIS = RECORD_COUNT_BASES.indexOf('unknown')

/** Larger ones are refused, which is readCanonical's to say; so are times out of bounds. */
const LARGEST_COUNT = 2_147_483_647

export function createPlainEvent(): PlainEvent {
  const fields = createFlatObject(EVENT_FIELDS)
  const { type, from, to } = fields
  const check = createFieldChecks(fields)
  const actions = createWordList(ACTIONS)
  const actorTypes = createWordList(ACTOR_TYPES)
  const objectTypes = createWordList(OBJECT_TYPES)
  const bases = createWordList(RECORD_COUNT_BASES)
  const channels = createWordList(CHANNELS)
  const outcomes = createWordList(OUTCOMES)

  const areGood = (): boolean =>
    check.areAbsent(FOREIGN_FIELDS) &&
    check.isUid(EVENT_UID) &&
    check.isUid(ACTOR_UID) &&
    check.areUidsOrAbsent(UIDS) &&
    check.areUidListsOrAbsent(UID_LISTS) &&
    check.areTextsOrAbsent(TEXTS) &&
    check.isTextListOrAbsent(COLUMNS)

  const readTime = (bytes: Buffer, latest: number): boolean => {
    const [start, end] = [from[TIME], to[TIME]]
    let time = Number.NaN
    if (type[TIME] === WHOLE) time = wholeBetween(bytes, start, end)
    else if (type[TIME] === TEXT) {
      time = parseUtcBetween(bytes, start, end)
      if (Number.isNaN(time)) time = parseRfc3339(bytes.toString('latin1', start, end))
    }
    event.time = time
    return time >= EARLIEST_TIME && time <= latest && time <= LATEST_TIME
  }

  const readOrg = (bytes: Buffer, { forcedOrg, defaultOrg }: CanonicalOptions): boolean => {
    event.org = forcedOrg ?? defaultOrg ?? DEFAULT_ORG
    if (!check.isGiven(ORG_UID)) return true
    if (!check.isUid(ORG_UID)) return false
    event.org = bytes.toString('latin1', from[ORG_UID], to[ORG_UID])
    return forcedOrg == null || forcedOrg === event.org
  }

  const readWords = (bytes: Buffer): boolean => {
    event.action = check.word(bytes, ACTION, actions, BAD)
    event.actorType = check.word(bytes, ACTOR_TYPE, actorTypes, USER)
    event.objectType = check.word(bytes, OBJECT_TYPE, objectTypes, UNKNOWN_OBJECT)
    event.channel = check.word(bytes, CHANNEL, channels, NO_CHANNEL)
    event.outcome = check.word(bytes, OUTCOME, outcomes, SUCCESS)
    event.objectUidsComplete = check.flag(OBJECT_UIDS_COMPLETE, 1)
    event.hasContactFields = check.flag(HAS_CONTACT_FIELDS, UNKNOWN)
    return (
      event.action !== BAD &&
      event.actorType !== BAD &&
      event.objectType !== BAD &&
      event.channel !== BAD &&
      event.outcome !== BAD &&
      event.objectUidsComplete !== BAD &&
      event.hasContactFields !== BAD
    )
  }

  /** Unknown stays unknown, by the rule of readCanonical. */
  const readNumbers = (bytes: Buffer): boolean => {
    const count = check.whole(bytes, RECORD_COUNT)
    const basis = check.word(bytes, RECORD_COUNT_BASIS, bases, NOT_GIVEN)
    const objects = check.isGiven(OBJECT_UIDS) ? to[OBJECT_UIDS] - from[OBJECT_UIDS] : 0
    event.recordCount = NONE
    event.recordCountBasis = UNKNOWN_BASIS
    if (count !== NOT_GIVEN && basis !== UNKNOWN_BASIS) {
      event.recordCount = count
      event.recordCountBasis = basis === NOT_GIVEN ? REPORTED : basis
    } else if (objects > 0 && event.objectUidsComplete === 1) {
      event.recordCount = objects
      event.recordCountBasis = IDS_COUNTED
    }
    const areNumbers = check.whole(bytes, CHUNK_SEQ) !== BAD && check.whole(bytes, BYTES) !== BAD
    return areNumbers && count !== BAD && count <= LARGEST_COUNT && basis !== BAD
  }

  const event: PlainEvent = {
    read: (bytes, options) =>
      fields.read(bytes) &&
      areGood() &&
      readTime(bytes, options.latestTime) &&
      readOrg(bytes, options) &&
      readWords(bytes) &&
      readNumbers(bytes),
    fields,
    ...{ org: DEFAULT_ORG, time: 0, action: 0, actorType: USER, objectType: UNKNOWN_OBJECT, channel: NO_CHANNEL },
    ...{ outcome: SUCCESS, recordCountBasis: UNKNOWN_BASIS, objectUidsComplete: 1, hasContactFields: UNKNOWN },
    recordCount: NONE,
  }
  return event
}
