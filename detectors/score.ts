/**
 * Scores 0 to 100 from the strength of evidence, the negative log10 of how likely the finding is by chance. Saturating,
 * so that ever stronger evidence still ranks higher: strength 5 gives 50, 10 gives 75, 20 gives 94.
 */
const HALF_STRENGTH = 5

export const scoreOf = (strength: number): number =>
  Math.round(10_000 * (1 - 2 ** (-Math.max(0, strength) / HALF_STRENGTH))) / 100

export const strengthOf = (score: number): number => -HALF_STRENGTH * Math.log2(1 - Math.min(score, 99.99) / 100)

/**
 * Several findings about one episode: the strengths in falling order, the i-th divided by i^1.5, added up. Dependent
 * tests add little, independent ones add something, and the strongest leads.
 */
export function combinedScore(scores: readonly number[]): number {
  const strengths = scores.map(strengthOf).sort((a, b) => b - a)
  return scoreOf(strengths.reduce((sum, strength, i) => sum + strength / (i + 1) ** 1.5, 0))
}
