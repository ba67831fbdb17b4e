/** What is no more surprising than this, as -log10 of a probability, says nothing: every other day is. */
export const LEAST_SURPRISE = 0.3

/** Far tails are exaggerated by any model: beyond 6 the scale grows logarithmically. Calibration undoes any such scale. */
export const compressed = (surprise: number): number => (surprise <= 6 ? surprise : 6 + 4 * Math.log(surprise / 6))
