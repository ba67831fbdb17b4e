import type { Counter, Hit, Identity } from './counters/counter.ts'

/** How much one rule may keep in memory. */
export interface GroupLimits {
  readonly groups: number
  /** Over all groups: events, or with value_count different values. */
  readonly entries: number
}

export interface Group {
  readonly key: Identity
  /** The values it is grouped by. */
  readonly parts: readonly Identity[]
  /** Time of its newest event, at which its window ends. */
  readonly newest: number
  readonly observed: number
  readonly since: number
}

/** The groups of one rule, each with its sliding window [newest - timespan, newest], both ends included. */
export interface Groups {
  /** Counts a hit and gives the group as it then is; null when the hit is older than the group's window. */
  add(actor: number, key: Identity, parts: readonly Identity[], time: number, hit: Hit): Group | null
  /** Whether the group is worth telling: not told within its window, or grown by a fifth since. Remembers that it is. */
  say(group: Group): boolean
  /** Forgets the groups of one actor; only of rules that never put two actors into one. */
  clear(actor: number): void
  usage(): GroupUsage
}

export interface GroupUsage {
  readonly groups: number
  readonly entries: number
  /** Groups and entries that were given up, inside their window, because the rule was at its limits. */
  readonly forgottenGroups: number
  readonly forgottenEntries: number
}

interface LiveGroup<State> {
  readonly key: Identity
  readonly actor: number
  readonly parts: readonly Identity[]
  readonly state: State
  newest: number
  observed: number
  since: number
  size: number
  toldAt: number
  toldCount: number
}

/** The actor of groups that several actors may share. */
export const NO_ACTOR = -1
const GROWTH_TO_TELL_AGAIN = 1.2

/**
 * At its limits a rule forgets the group that was quiet longest, whole: a count that begins anew is late, one with a
 * hole is wrong. A single group that is beyond them alone forgets its oldest entries.
 */
export function createGroups<State>(counter: Counter<State>, timespanMs: number, limits: GroupLimits): Groups {
  /** In the order of last use. */
  const groups = new Map<Identity, LiveGroup<State>>()
  /** Of keys that are more than the actor itself. */
  const keysOfActor = new Map<number, Set<Identity>>()
  let entries = 0
  let newestOfAll = Number.NEGATIVE_INFINITY
  let forgottenGroups = 0
  let forgottenEntries = 0

  const remove = (group: LiveGroup<State>) => {
    groups.delete(group.key)
    entries -= group.size
    const keys = keysOfActor.get(group.actor)
    keys?.delete(group.key)
    if (keys?.size === 0) keysOfActor.delete(group.actor)
  }

  const open = (actor: number, key: Identity, parts: readonly Identity[], time: number): LiveGroup<State> => {
    const group: LiveGroup<State> = {
      ...{ key, actor, parts, state: counter.create(), newest: time, observed: 0, since: time, size: 0 },
      ...{ toldAt: Number.NEGATIVE_INFINITY, toldCount: 0 },
    }
    if (actor !== NO_ACTOR && key !== actor) {
      const keys = keysOfActor.get(actor)
      if (keys === undefined) keysOfActor.set(actor, new Set([key]))
      else keys.add(key)
    }
    return group
  }

  const isLive = (group: LiveGroup<State>) => group.newest >= newestOfAll - timespanMs

  const shrink = (kept: LiveGroup<State>) => {
    for (const group of groups.values()) {
      if (groups.size <= limits.groups && entries <= limits.entries) return
      if (group === kept) continue
      if (isLive(group)) {
        forgottenGroups++
        forgottenEntries += group.size
      }
      remove(group)
    }
    while (entries > limits.entries && kept.size > 1) {
      counter.dropOldest(kept.state)
      forgottenEntries++
      resize(kept)
    }
  }

  const resize = (group: LiveGroup<State>) => {
    const size = counter.size(group.state)
    entries += size - group.size
    group.size = size
  }

  return {
    add(actor, key, parts, time, hit) {
      const known = groups.get(key)
      if (known !== undefined && time < known.newest - timespanMs) return null
      const group = known ?? open(actor, key, parts, time)
      if (known !== undefined) groups.delete(key)
      groups.set(key, group)
      group.newest = Math.max(group.newest, time)
      newestOfAll = Math.max(newestOfAll, time)
      counter.expire(group.state, group.newest - timespanMs)
      counter.add(group.state, time, hit)
      resize(group)
      if (groups.size > limits.groups || entries > limits.entries) shrink(group)
      group.observed = counter.observed(group.state)
      group.since = counter.since(group.state)
      return group
    },
    say(told) {
      const group = groups.get(told.key)
      if (group === undefined) return false
      const fresh = group.newest - group.toldAt > timespanMs
      if (!fresh && group.observed < group.toldCount * GROWTH_TO_TELL_AGAIN) return false
      group.toldAt = group.newest
      group.toldCount = group.observed
      return true
    },
    clear(actor) {
      for (const key of [actor, ...(keysOfActor.get(actor) ?? [])]) {
        const group = groups.get(key)
        if (group !== undefined) remove(group)
      }
    },
    usage: () => ({ groups: groups.size, entries, forgottenGroups, forgottenEntries }),
  }
}
