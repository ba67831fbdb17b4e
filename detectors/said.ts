import type { BoundDetector } from './registry.ts'

/** A day's risk is reported again when it has grown by so much. */
export const GROWTH_TO_REPORT_AGAIN = 0.7

interface SaidOfDay {
  readonly day: number
  /** The risk last reported. */
  risk: number
  readonly detectors: Set<BoundDetector>
}

/** What was said of each actor on the last day on which they were reported, so that only news is said again. */
export interface Said {
  has(actor: number, day: number): boolean
  /**
   * Of the detectors that speak those to be heard: all when it is the day's first report or the risk has grown much,
   * else those not heard that day. From then on they count as heard.
   */
  news(actor: number, day: number, risk: number, detectors: readonly BoundDetector[]): readonly BoundDetector[]
  forget(actor: number): void
}

export function createSaid(): Said {
  const byActor = new Map<number, SaidOfDay>()

  const ofDay = (actor: number, day: number): SaidOfDay => {
    const known = byActor.get(actor)
    if (known?.day === day) return known
    const fresh: SaidOfDay = { day, risk: Number.NEGATIVE_INFINITY, detectors: new Set() }
    byActor.set(actor, fresh)
    return fresh
  }

  return {
    has: (actor, day) => byActor.get(actor)?.day === day,
    news(actor, day, risk, detectors) {
      const said = ofDay(actor, day)
      const hasGrown = risk >= said.risk + GROWTH_TO_REPORT_AGAIN
      const heard = hasGrown ? detectors : detectors.filter((detector) => !said.detectors.has(detector))
      if (hasGrown) said.risk = risk
      for (const detector of heard) said.detectors.add(detector)
      return heard
    },
    forget: (actor) => byActor.delete(actor),
  }
}
