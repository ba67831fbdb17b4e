import { SLOT_COUNT } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'
import { grown, roomFor } from './grown.ts'
import { createStaffTimeline, type StaffTimeline } from './leaver-state.ts'
import type { Calibration } from './risk/calibration.ts'
import { TEST_COUNT } from './risk/tests.ts'

const NO_DAY = -1
/** Counts stand at this when they are higher: more does not fit into the table and the stored days. */
export const MOST_COUNT = 2 ** 31 - 1
const HOURS = 24

/** What is known of one actor besides counts. */
export interface Actor {
  readonly code: number
  readonly org: string
  readonly uid: string
  readonly staff: StaffTimeline
  /** Told by events when HR is silent. */
  type: string
  /** Key of the role's peers: tenant and role. */
  roleKey: string
  /** The record that holds now, by event time. */
  record: StaffRecord | null
  leaver: LeaverState
  /** The record that says so; of somebody whose leaving HR recorded late, a later one than `record`. */
  leaverBy: StaffRecord | null
  /** When HR recorded a notice that looks back on what is done now; null while there is none. */
  noticedAt: number | null
  /** Events are kept aside while the past is folded again. */
  suspended: boolean
  /** Access count after leaving is reported from here. */
  nextAfterLeaving: number
  afterLeavingAt: number
}

/** The per-actor state that the hot path reads, as typed arrays by actor code (times SLOT_COUNT where per slot). */
export interface ActorTable {
  newest: Float64Array
  day: Int32Array
  /** Event time at which the day, or what HR says, changes next. */
  turnAt: Float64Array
  /** Windows seen over their limit on the open day, as the flags of a closed day. */
  flags: Int32Array
  peaks: Int32Array
  /** Local midnight that began the open day. */
  dayStart: Float64Array
  /** Hours of the open day that are not the actor's, as bits. */
  offHours: Int32Array
  /** Operations per hour of the open day. */
  hours: Uint16Array
  /** Per test, the count from which it is looked at again on the open day; 0 for at once. */
  next: Int32Array
  /** Per slot, the count from which there is anything to do: a new peak, or a test to look at. 0 when not known. */
  due: Int32Array
  /** Per test, its highest surprise of the open day. */
  surprise: Float32Array
  /** The same calibrated, and by what; of null nothing is calibrated yet. */
  calibrated: Float32Array
  readonly calibratedBy: (Calibration | null)[]
  /** Per test, the count that was so surprising; of a share also what it is a share of. Valid where `surprise` is not 0. */
  seen: Int32Array
  seenAmong: Int32Array
  /** Highest risk of the open day, and the score 0 to 100 that it was. */
  risk: Float64Array
  score: Float64Array
  readonly actors: (Actor | undefined)[]
  ensure(code: number, directory: ActorDirectory): Actor
  /** Has every test looked at again when its count has grown. */
  lookAnew(code: number): void
  /** As if the actor had never done anything; what HR said stays. */
  reset(code: number): void
}

/** Names behind actor codes; the store's dictionary. */
export interface ActorDirectory {
  org(code: number): string
  uid(code: number): string
}

export function createActorTable(): ActorTable {
  let rows = 0
  const table: ActorTable = {
    newest: new Float64Array(0),
    day: new Int32Array(0),
    turnAt: new Float64Array(0),
    flags: new Int32Array(0),
    peaks: new Int32Array(0),
    dayStart: new Float64Array(0),
    offHours: new Int32Array(0),
    hours: new Uint16Array(0),
    next: new Int32Array(0),
    due: new Int32Array(0),
    surprise: new Float32Array(0),
    calibrated: new Float32Array(0),
    calibratedBy: [],
    seen: new Int32Array(0),
    seenAmong: new Int32Array(0),
    risk: new Float64Array(0),
    score: new Float64Array(0),
    actors: [],
    ensure(code, directory) {
      const known = table.actors[code]
      if (known !== undefined) return known
      if (code >= rows) grow(code + 1)
      const org = directory.org(code)
      const actor: Actor = {
        code,
        org,
        uid: directory.uid(code),
        staff: createStaffTimeline(),
        type: 'user',
        roleKey: roleKey(org, null, 'user'),
        record: null,
        leaver: 'none',
        leaverBy: null,
        noticedAt: null,
        suspended: false,
        nextAfterLeaving: 1,
        afterLeavingAt: Number.NEGATIVE_INFINITY,
      }
      while (table.actors.length < code) table.actors.push(undefined)
      table.actors[code] = actor
      return actor
    },
    lookAnew(code) {
      table.next.fill(0, code * TEST_COUNT, (code + 1) * TEST_COUNT)
      table.due.fill(0, code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
    },
    reset(code) {
      table.newest[code] = Number.NEGATIVE_INFINITY
      table.day[code] = NO_DAY
      table.turnAt[code] = Number.NEGATIVE_INFINITY
      table.flags[code] = 0
      table.peaks.fill(0, code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
      table.offHours[code] = 0
      table.hours.fill(0, code * HOURS, (code + 1) * HOURS)
      table.lookAnew(code)
      table.surprise.fill(0, code * TEST_COUNT, (code + 1) * TEST_COUNT)
      table.calibratedBy[code] = null
      table.risk[code] = 0
      table.score[code] = 0
      const actor = table.actors[code]
      if (actor === undefined) return
      actor.nextAfterLeaving = 1
      actor.afterLeavingAt = Number.NEGATIVE_INFINITY
    },
  }

  const grow = (wanted: number) => {
    const from = rows
    rows = roomFor(wanted, rows)
    table.newest = grown(table.newest, new Float64Array(rows))
    table.day = grown(table.day, new Int32Array(rows))
    table.turnAt = grown(table.turnAt, new Float64Array(rows))
    table.flags = grown(table.flags, new Int32Array(rows))
    table.peaks = grown(table.peaks, new Int32Array(rows * SLOT_COUNT))
    table.dayStart = grown(table.dayStart, new Float64Array(rows))
    table.offHours = grown(table.offHours, new Int32Array(rows))
    table.hours = grown(table.hours, new Uint16Array(rows * HOURS))
    table.next = grown(table.next, new Int32Array(rows * TEST_COUNT))
    table.due = grown(table.due, new Int32Array(rows * SLOT_COUNT))
    table.surprise = grown(table.surprise, new Float32Array(rows * TEST_COUNT))
    table.calibrated = grown(table.calibrated, new Float32Array(rows * TEST_COUNT))
    table.seen = grown(table.seen, new Int32Array(rows * TEST_COUNT))
    table.seenAmong = grown(table.seenAmong, new Int32Array(rows * TEST_COUNT))
    table.risk = grown(table.risk, new Float64Array(rows))
    table.score = grown(table.score, new Float64Array(rows))
    for (let code = from; code < rows; code++) table.reset(code)
  }
  return table
}

/** People without a role are compared with the unknown of their kind, which stand behind a `~`; a role's own is doubled. */
export const roleKey = (org: string, role: string | null, actorType: string): string =>
  `${org}\u0000${role === null ? `~${actorType}` : role.replace(/^~/, '~~')}`

/** The tenant and role of such a key; of those without a role, which kind of account they are. */
export function partsOfRoleKey(key: string): {
  readonly org: string
  readonly role: string | null
  readonly actor_type: string | null
} {
  const end = key.indexOf('\u0000')
  const org = key.slice(0, end)
  const role = key.slice(end + 1)
  const isUnknown = role.startsWith('~') && !role.startsWith('~~')
  return isUnknown
    ? { org, role: null, actor_type: role.slice(1) }
    : { org, role: role.replace(/^~/, ''), actor_type: null }
}
