import { SLOT_COUNT, WINDOWS } from '../model/measure.ts'
import { type Actor, type ActorDirectory, type ActorTable, roleKey } from './actor-table.ts'
import { type ActorHistory, type ClosedDay, teachesPeers } from './baseline/actor-history.ts'
import { CUSUM_SLOTS } from './baseline/cusum-measures.ts'
import { fullWindows, type RolePriors } from './baseline/role-priors.ts'
import type { Calendar } from './calendar.ts'
import { leaverStateOf } from './leaver-state.ts'
import type { Tally } from './tally.ts'

export const NO_DAY = -1
/** A tenant's days are closed for everybody when its newest event is this many days later. */
const CLOSE_AFTER_DAYS = 2

export interface DayKeeperParts {
  readonly calendar: Calendar
  readonly directory: ActorDirectory
  readonly table: ActorTable
  readonly history: ActorHistory
  readonly priors: RolePriors
  readonly tally: Tally
}

/**
 * Opens and closes actors' event-time days, and with each the limits and what HR says. A day closes with its actor's
 * first event on a later one, or when the tenant's newest event is two days on.
 */
export interface DayKeeper {
  /** The actor of a code, made known on first sight. */
  actorOf(code: number): Actor
  /** Brings the actor's day, staff state and limits up to `now`, from which all holds until `table.turnAt`. */
  turn(actor: Actor, now: number): void
  /** Closes the actor's day if the tenant is past it. */
  closeIfOver(actor: Actor): void
  /** Has the next event look at day and staff again. */
  expire(actor: Actor): void
  /** Takes a day closed earlier, for a rebuild; in the order of day. */
  restore(closed: ClosedDay): void
  /** While a past is folded again it teaches no peers and closes nobody else's day; from `leaverFrom` on another limit holds. */
  beginRefold(leaverFrom: number | null): void
  endRefold(): void
  takeClosedDays(): ClosedDay[]
}

export function createDayKeeper({ calendar, directory, table, history, priors, tally }: DayKeeperParts): DayKeeper {
  const orgs = new Map<string, { day: number; readonly actors: number[] }>()
  let closedDays: ClosedDay[] = []
  let refold: { readonly leaverFrom: number | null } | null = null

  const orgOf = (name: string) => {
    let org = orgs.get(name)
    if (org === undefined) {
      org = { day: NO_DAY, actors: [] }
      orgs.set(name, org)
    }
    return org
  }

  const actorOf = (code: number): Actor => {
    const known = table.actors[code]
    if (known !== undefined) return known
    const actor = table.ensure(code, directory)
    orgOf(actor.org).actors.push(code)
    return actor
  }

  const teachPeers = (closed: ClosedDay) => {
    if (!teachesPeers(closed.flags)) return
    const full = fullWindows(history.firstDay(closed.actor) ?? closed.day, closed.day)
    priors.add(closed.role, closed.day, closed.peaks, full)
  }

  const closeDay = (actor: Actor) => {
    const { code } = actor
    const day = table.day[code]
    table.day[code] = NO_DAY
    table.turnAt[code] = Number.NEGATIVE_INFINITY
    if (day === NO_DAY || day <= history.lastClosed(code)) return
    const peaks = table.peaks.subarray(code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
    const closed = history.close(code, day, actor.roleKey, table.flags[code], peaks, priors.get(actor.roleKey, day))
    if (refold === null) teachPeers(closed)
    closedDays.push(closed)
  }

  const isOver = (code: number, orgDay: number): boolean =>
    table.day[code] !== NO_DAY && table.day[code] <= orgDay - CLOSE_AFTER_DAYS

  const openOrgDay = (name: string, day: number) => {
    const org = orgOf(name)
    if (day <= org.day) return
    org.day = day
    for (const code of org.actors) {
      const actor = actorOf(code)
      if (isOver(code, day) && !actor.suspended) closeDay(actor)
    }
  }

  const openDay = (actor: Actor, day: number, now: number) => {
    const { code } = actor
    if (refold === null) openOrgDay(actor.org, day)
    closeDay(actor)
    table.day[code] = day
    table.flags[code] = 0
    history.open(code, day)
    tally.advance(code, now)
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      const measure = Math.floor(slot / WINDOWS.length)
      table.peaks[code * SLOT_COUNT + slot] = tally.count(code, measure, slot % WINDOWS.length)
    }
  }

  /** When day, staff record or rule change next. */
  const nextTurn = (actor: Actor, now: number, day: number): number => {
    const changes = [calendar.startOf(day + 1), actor.staff.nextAfter(now), refold?.leaverFrom ?? null]
    return changes.reduce<number>(
      (next, at) => (at !== null && at > now && at < next ? at : next),
      Number.POSITIVE_INFINITY,
    )
  }

  return {
    actorOf,
    turn(actor, now) {
      const { code } = actor
      const day = calendar.dayOf(now)
      if (day > table.day[code]) openDay(actor, day, now)
      const describing = actor.staff.describing(now)
      actor.record = actor.staff.at(now)
      actor.leaver = leaverStateOf(actor.record, now, calendar)
      if (actor.leaver !== 'left') actor.nextAfterLeaving = 1
      actor.roleKey = roleKey(actor.org, describing?.role ?? null, describing?.actor_type ?? actor.type)
      table.limits.fill(0, code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
      table.cusumLimits.fill(0, code * CUSUM_SLOTS.length, (code + 1) * CUSUM_SLOTS.length)
      table.turnAt[code] = nextTurn(actor, now, day)
    },
    closeIfOver(actor) {
      if (isOver(actor.code, orgOf(actor.org).day)) closeDay(actor)
    },
    expire(actor) {
      if (table.day[actor.code] !== NO_DAY) table.turnAt[actor.code] = Number.NEGATIVE_INFINITY
    },
    restore(closed) {
      const actor = actorOf(closed.actor)
      const org = orgOf(actor.org)
      if (closed.day > org.day) org.day = closed.day
      actor.roleKey = closed.role
      // The day's prior is made before its days teach, as it was when they were judged.
      priors.get(closed.role, closed.day)
      history.restore(closed)
      teachPeers(closed)
    },
    beginRefold(leaverFrom) {
      refold = { leaverFrom }
    },
    endRefold() {
      refold = null
    },
    takeClosedDays() {
      const taken = closedDays
      closedDays = []
      return taken
    },
  }
}
