import type { RuleMatch } from './custom-rules.ts'

export interface DailyLimitOptions {
  /** People of one tenant that one rule may tell of on one day. */
  readonly people: number
  readonly orgOf: (actor: number) => string
  /** The event-time day that an instant lies on. */
  readonly dayOf: (time: number) => number
}

/** Keeps a rule that matches everybody from flooding the analysts: per rule, tenant and event-time day. */
export interface DailyLimit {
  /** Whether it may be told. Whoever was told of on that day already may be told of again. */
  allows(match: RuleMatch): boolean
  /** Findings that were not told, by detector. */
  readonly withheld: ReadonlyMap<string, number>
}

/** Days behind the newest one whose people are remembered. */
const REMEMBERED_DAYS = 2

export function createDailyLimit({ people, orgOf, dayOf }: DailyLimitOptions): DailyLimit {
  const toldByDay = new Map<number, Map<string, Set<number>>>()
  const withheld = new Map<string, number>()
  let newestDay = Number.NEGATIVE_INFINITY

  const peopleOf = (day: number, key: string): Set<number> => {
    if (day > newestDay) {
      newestDay = day
      for (const known of toldByDay.keys()) if (known < day - REMEMBERED_DAYS) toldByDay.delete(known)
    }
    const ofDay = toldByDay.get(day) ?? new Map<string, Set<number>>()
    toldByDay.set(day, ofDay)
    const told = ofDay.get(key) ?? new Set()
    ofDay.set(key, told)
    return told
  }

  return {
    allows({ actor, finding: { detector, time } }) {
      const told = peopleOf(dayOf(time), `${detector}\u0000${orgOf(actor)}`)
      if (told.has(actor)) return true
      if (told.size < people) {
        told.add(actor)
        return true
      }
      withheld.set(detector, (withheld.get(detector) ?? 0) + 1)
      return false
    },
    withheld,
  }
}
