/** A day's risk is reported again when it has grown by so much. */
const GROWTH_TO_REPORT_AGAIN = 0.7
/** What a test has counted is told again when it is so many times what was told: scores flatten where thefts go on. */
const COUNTS_TO_REPORT_AGAIN = 1.1

/** Who speaks, such as a detector, and the count of one test that makes it speak. */
export interface Speech<Voice> {
  readonly voice: Voice
  readonly test: number
  readonly count: number
}

interface SaidOfDay<Voice> {
  readonly day: number
  /** The risk last reported. */
  risk: number
  readonly voices: Set<Voice>
  /** By test the count last told, or with which it joined a voice that was heard already. */
  readonly counts: Map<number, number>
}

/** What was said of each actor on the last day on which they were reported, so that only news is said again. */
export interface Said<Voice> {
  has(actor: number, day: number): boolean
  /**
   * Of the voices that speak those to be heard: all when it is the day's first report or the risk has grown much, else
   * those not heard that day, and those of whose tests one has counted much more since. From then on they count as heard.
   */
  news(actor: number, day: number, risk: number, speeches: readonly Speech<Voice>[]): readonly Voice[]
  forget(actor: number): void
}

export function createSaid<Voice>(): Said<Voice> {
  const byActor = new Map<number, SaidOfDay<Voice>>()

  const ofDay = (actor: number, day: number): SaidOfDay<Voice> => {
    const known = byActor.get(actor)
    if (known?.day === day) return known
    const fresh = { day, risk: Number.NEGATIVE_INFINITY, voices: new Set<Voice>(), counts: new Map<number, number>() }
    byActor.set(actor, fresh)
    return fresh
  }

  return {
    has: (actor, day) => byActor.get(actor)?.day === day,
    news(actor, day, risk, speeches) {
      const said = ofDay(actor, day)
      const hasGrown = risk >= said.risk + GROWTH_TO_REPORT_AGAIN
      const hasCounted = ({ test, count }: Speech<Voice>): boolean =>
        count >= COUNTS_TO_REPORT_AGAIN * (said.counts.get(test) ?? Number.POSITIVE_INFINITY)
      const isNews = (speech: Speech<Voice>): boolean =>
        hasGrown || !said.voices.has(speech.voice) || hasCounted(speech)
      const heard = new Set(speeches.filter(isNews).map(({ voice }) => voice))
      if (hasGrown) said.risk = risk
      for (const voice of heard) said.voices.add(voice)
      for (const { voice, test, count } of speeches)
        if (heard.has(voice) || !said.counts.has(test)) said.counts.set(test, count)
      return [...heard]
    },
    forget: (actor) => byActor.delete(actor),
  }
}
