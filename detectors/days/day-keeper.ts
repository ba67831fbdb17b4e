import type { ClosedDay } from '../../model/closed-day.ts'
import { SLOT_COUNT, WINDOWS } from '../../model/measure.ts'
import { type Actor, type ActorDirectory, type ActorTable, MOST_COUNT, roleKey } from '../actor-table.ts'
import { type ActorHistory, type DaySeen, teachesPeers } from '../baseline/actor-history.ts'
import { fullWindows, newIsKnown, type RolePriors } from '../baseline/role-priors.ts'
import type { RefoldPlan } from '../engine-contract.ts'
import { LOOK_BACK_MS, leaverStandingAt, noticesAfter } from '../leaver-state.ts'
import type { RoleCalibrations } from '../risk/role-calibration.ts'
import { TEST_COUNT } from '../risk/tests.ts'
import type { Tally } from '../tally.ts'
import type { TeamLoad } from '../team-load.ts'
import type { Calendar } from './calendar.ts'
import type { HourProfiles } from './hour-profile.ts'

export const NO_DAY = -1
const HOURS = 24
const inHundredths = (value: number): number => Math.round(value * 100)
/** A tenant's days are closed for everybody when its newest event is this many days later. */
const CLOSE_AFTER_DAYS = 2

export interface DayKeeperParts {
  readonly calendar: Calendar
  readonly directory: ActorDirectory
  readonly table: ActorTable
  readonly history: ActorHistory
  readonly priors: RolePriors
  readonly tally: Tally
  readonly calibrations: RoleCalibrations
  readonly profiles: HourProfiles
  readonly teams: TeamLoad
  /** Whether a test could be asked of the actor on a day. */
  readonly isLive: (actor: Actor, test: number, day: number) => boolean
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
  /** Takes a day closed earlier, for a rebuild; in the order of day. `own`: it is not replaced by one folded again. */
  restore(closed: ClosedDay, own: boolean): void
  /** By a plan, which holds until another is given, days teach no peers and close nobody else's; from `leaverFrom` on another limit holds. */
  goBy(plan: Pick<RefoldPlan, 'leaverFrom'> | null): void
  takeClosedDays(): ClosedDay[]
}

export function createDayKeeper(parts: DayKeeperParts): DayKeeper {
  const { calendar, directory, table, history, priors, tally, calibrations, profiles, teams } = parts
  const orgs = new Map<string, { day: number; readonly actors: number[] }>()
  let closedDays: ClosedDay[] = []
  let refold: Pick<RefoldPlan, 'leaverFrom'> | null = null

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
    calibrations.setPeople(actor.org, orgOf(actor.org).actors.push(code))
    return actor
  }

  const teachPeers = (org: string, closed: ClosedDay) => {
    if (!closed.peers) return
    profiles.addPeer(closed.role, closed.day, closed.hours)
    calibrations.add({ ...closed, org })
    if (!teachesPeers(closed.flags)) return
    const firstDay = history.firstDay(closed.actor) ?? closed.day
    const full = fullWindows(firstDay, closed.day)
    priors.add(closed.role, closed.day, closed.peaks, full, newIsKnown(firstDay, closed.day))
  }

  /** In hundredths; -1 of a test that could not be asked. */
  const surpriseOf = (actor: Actor, day: number): Int32Array =>
    Int32Array.from({ length: TEST_COUNT }, (_, t) =>
      parts.isLive(actor, t, day) ? inHundredths(table.surprise[actor.code * TEST_COUNT + t]) : -1,
    )

  const closeDay = (actor: Actor) => {
    const { code } = actor
    const day = table.day[code]
    table.day[code] = NO_DAY
    table.calibratedBy[code] = null
    table.turnAt[code] = Number.NEGATIVE_INFINITY
    if (day === NO_DAY || day <= history.lastClosed(code)) return
    const role = actor.roleKey
    const seen: DaySeen = {
      day,
      role,
      flags: table.flags[code],
      peaks: table.peaks.slice(code * SLOT_COUNT, (code + 1) * SLOT_COUNT),
      surprise: surpriseOf(actor, day),
      risk: Math.round(table.risk[code] * 1000),
      score: inHundredths(table.score[code]),
      peers: refold === null,
      leaver: actor.leaver !== 'none',
      hours: Int32Array.from(table.hours.subarray(code * HOURS, (code + 1) * HOURS)),
    }
    const closed = history.close(code, seen, priors.get(role, day))
    profiles.add(code, day, closed.hours)
    teachPeers(actor.org, closed)
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
    table.dayStart[code] = calendar.startOf(day)
    table.hours.fill(0, code * HOURS, (code + 1) * HOURS)
    table.surprise.fill(0, code * TEST_COUNT, (code + 1) * TEST_COUNT)
    table.risk[code] = 0
    table.score[code] = 0
    table.lookAnew(code)
    tally.beginDay(code)
    history.open(code, day)
    tally.advance(code, now)
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      const measure = Math.floor(slot / WINDOWS.length)
      const count = tally.count(code, measure, slot % WINDOWS.length)
      table.peaks[code * SLOT_COUNT + slot] = Math.min(count, MOST_COUNT)
    }
  }

  /** When day, staff record or rule change next. */
  const nextTurn = (actor: Actor, now: number, day: number, notices: readonly number[]): number => {
    const lookBacks = notices.map((at) => at - LOOK_BACK_MS)
    const changes = [calendar.startOf(day + 1), actor.staff.nextAfter(now), refold?.leaverFrom ?? null, ...lookBacks]
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
      const standing = leaverStandingAt(actor.staff, now, calendar)
      actor.leaver = standing.leaver
      actor.leaverBy = standing.record
      const notices = noticesAfter(actor.staff, now, calendar)
      actor.noticedAt = notices.find((at) => now >= at - LOOK_BACK_MS) ?? null
      if (actor.leaver !== 'left') actor.nextAfterLeaving = 1
      const role = roleKey(actor.org, describing?.role ?? null, describing?.actor_type ?? actor.type)
      if (role !== actor.roleKey) {
        // What each test waits for is what the other role's people would do.
        table.lookAnew(code)
      }
      actor.roleKey = role
      teams.join(actor, describing?.team ?? null)
      table.offHours[code] = profiles.offHours(code, actor.roleKey, day)
      table.turnAt[code] = nextTurn(actor, now, day, notices)
    },
    closeIfOver(actor) {
      if (isOver(actor.code, orgOf(actor.org).day)) closeDay(actor)
    },
    expire(actor) {
      if (table.day[actor.code] !== NO_DAY) table.turnAt[actor.code] = Number.NEGATIVE_INFINITY
    },
    restore(closed, own) {
      const actor = actorOf(closed.actor)
      const org = orgOf(actor.org)
      if (closed.day > org.day) org.day = closed.day
      // The day's prior is made before its days teach, as it was when they were judged.
      priors.get(closed.role, closed.day)
      profiles.settle(closed.role, closed.day)
      calibrations.settle(actor.org, closed.role, closed.day)
      if (own) {
        actor.roleKey = closed.role
        history.restore(closed)
        profiles.add(closed.actor, closed.day, closed.hours)
      }
      teachPeers(actor.org, closed)
    },
    goBy(plan) {
      refold = plan
    },
    takeClosedDays() {
      const taken = closedDays
      closedDays = []
      return taken
    },
  }
}
