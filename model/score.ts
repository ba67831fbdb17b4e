/**
 * Scores 0 to 100 from the strength of evidence, the negative log10 of how often chance alone would bring it about.
 * Saturating, so that ever stronger evidence still ranks higher: strength 3 gives 50, 6 gives 75, 12 gives 94.
 */
const HALF_STRENGTH = 3

export const scoreOf = (strength: number): number =>
  Math.round(10_000 * (1 - 2 ** (-Math.max(0, strength) / HALF_STRENGTH))) / 100

/** As people are told it, rounded down: 59.7 is not yet the 60 from which an alert may be of the next severity. */
export const wholeScore = (score: number): number => Math.floor(score)

export const strengthOf = (score: number): number => -HALF_STRENGTH * Math.log2(1 - Math.min(score, 99.99) / 100)
