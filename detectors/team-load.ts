import { SLOT_COUNT } from '../model/measure.ts'
import type { Actor, ActorTable } from './actor-table.ts'
import type { Distribution } from './baseline/distribution.ts'

/** How much more than usual a person's team does today, the person left out. */
export interface TeamLoad {
  /** Puts the actor into the team, out of any other. */
  join(actor: Actor, team: string | null): void
  /** From 1 (as usual, or less, or not known) to `MOST`. `expected` is what a slot usually reaches for a person. */
  factor(actor: Actor, slot: number, expected: Expected): number
  /** What all of the team who are at work today reach together, the actor with them, and how that is distributed; null of too few. */
  together(
    actor: Actor,
    slot: number,
    expected: Expected,
  ): { readonly done: number; readonly usual: Distribution } | null
}

type Expected = (actor: Actor, slot: number) => number

/** Of large teams so many are asked: the first at work by their ids, whoever joined when, or a restart would ask others. */
const ASKED = 40
/** Others at work whose load says something. */
const LEAST_OTHERS = 3
/** Nobody is excused for more than this: a team that steals together is no campaign. */
const MOST = 3
/** Scatter of what a team does together: that of its days (CV 0.26), and one person's, which evens out. */
const TEAM_DISPERSION = 0.07
const PERSON_DISPERSION = 0.4

export function createTeamLoad(table: ActorTable): TeamLoad {
  /** In the order of their ids. */
  const members = new Map<string, Actor[]>()
  const teamOf: (string | undefined)[] = []
  /** What the others of the team who are at work today do of a slot, and usually do. */
  const othersOf = (actor: Actor, slot: number, expected: Expected) => {
    const key = teamOf[actor.code]
    const list = (key === undefined ? undefined : members.get(key)) ?? NOBODY
    const day = table.day[actor.code]
    let others = 0
    let done = 0
    let usual = 0
    for (let i = 0; i < list.length && others < ASKED; i++) {
      const other = list[i]
      if (other === actor || table.day[other.code] !== day) continue
      others++
      const typical = expected(other, slot)
      done += capped(table.peaks[other.code * SLOT_COUNT + slot], typical)
      usual += typical
    }
    return others < LEAST_OTHERS || usual <= 0 ? null : { others, done, usual }
  }

  return {
    join(actor, team) {
      const key = team === null ? undefined : `${actor.org}\u0000${team}`
      const before = teamOf[actor.code]
      if (before === key) return
      if (before !== undefined) {
        const list = members.get(before) ?? []
        list.splice(placeOf(list, actor.uid), 1)
      }
      while (teamOf.length < actor.code) teamOf.push(undefined)
      teamOf[actor.code] = key
      if (key === undefined) return
      const list = members.get(key)
      if (list === undefined) members.set(key, [actor])
      else list.splice(placeOf(list, actor.uid), 0, actor)
    },
    factor(actor, slot, expected) {
      const team = othersOf(actor, slot, expected)
      if (team === null) return 1
      const weight = team.usual / team.others
      return Math.min(MOST, Math.max(1, (team.done + weight) / (team.usual + weight)))
    },
    together(actor, slot, expected) {
      const team = othersOf(actor, slot, expected)
      if (team === null) return null
      const own = expected(actor, slot)
      const dispersion = TEAM_DISPERSION + PERSON_DISPERSION / (team.others + 1)
      return {
        done: Math.round(team.done + capped(table.peaks[actor.code * SLOT_COUNT + slot], own)),
        usual: { family: 'count', mean: team.usual + own, dispersion },
      }
    },
  }
}

/** Where somebody of that id stands in a list that is in the order of ids. */
function placeOf(list: readonly Actor[], uid: string): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (list[middle].uid < uid) from = middle + 1
    else to = middle
  }
  return from
}

const NOBODY: readonly Actor[] = []

/** One of them alone cannot raise the load: nobody counts for more than four times what is usual. */
const capped = (done: number, typical: number): number => Math.min(done, 4 * typical + 4)

/** A distribution whose level is `factor` times as high. */
export function raised(distribution: Distribution, factor: number): Distribution {
  if (factor === 1) return distribution
  return distribution.family === 'count'
    ? { ...distribution, mean: distribution.mean * factor }
    : { ...distribution, logMean: distribution.logMean + Math.log(factor) }
}
