/** A day's risk is reported again when it has grown by so much. */
const GROWTH_TO_REPORT_AGAIN = 0.7

interface SaidOfDay<Voice> {
  readonly day: number
  /** The risk last reported. */
  risk: number
  readonly voices: Set<Voice>
}

/** What was said of each actor on the last day on which they were reported, so that only news is said again. */
export interface Said<Voice> {
  has(actor: number, day: number): boolean
  /**
   * Of the voices that speak, such as detectors, those to be heard: all when it is the day's first report or the risk has
   * grown much, else those not heard that day. From then on they count as heard.
   */
  news(actor: number, day: number, risk: number, voices: readonly Voice[]): readonly Voice[]
  forget(actor: number): void
}

export function createSaid<Voice>(): Said<Voice> {
  const byActor = new Map<number, SaidOfDay<Voice>>()

  const ofDay = (actor: number, day: number): SaidOfDay<Voice> => {
    const known = byActor.get(actor)
    if (known?.day === day) return known
    const fresh: SaidOfDay<Voice> = { day, risk: Number.NEGATIVE_INFINITY, voices: new Set() }
    byActor.set(actor, fresh)
    return fresh
  }

  return {
    has: (actor, day) => byActor.get(actor)?.day === day,
    news(actor, day, risk, voices) {
      const said = ofDay(actor, day)
      const hasGrown = risk >= said.risk + GROWTH_TO_REPORT_AGAIN
      const heard = hasGrown ? voices : voices.filter((voice) => !said.voices.has(voice))
      if (hasGrown) said.risk = risk
      for (const voice of heard) said.voices.add(voice)
      return heard
    },
    forget: (actor) => byActor.delete(actor),
  }
}
