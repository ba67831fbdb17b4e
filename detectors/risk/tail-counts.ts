/**
 * How often a score was reached: a histogram over person-days, read as survival counts. Scores are 0 or more, in tenths
 * of a decimal logarithm (the grid is 0.1 wide and ends at 15).
 */
const STEP = 0.1
const BINS = 150

export const binOf = (score: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(score / STEP + 1e-9)))
export const scoreOfBin = (bin: number): number => bin * STEP
export const TAIL_BINS = BINS

/** Survivors per bin: how many scores lie at or above its lower edge. */
export function survivors(histogram: Float64Array, from: number): Float64Array {
  const counts = new Float64Array(BINS)
  let sum = 0
  for (let bin = BINS - 1; bin >= 0; bin--) {
    sum += histogram[from + bin]
    counts[bin] = sum
  }
  return counts
}

export interface TailPrior {
  /** Person-days the prior weighs. */
  readonly days: number
  /** log10 of the share of person-days at or above a score, in nature's own units: -(a + b * score). */
  logShare(score: number): number
}

/** Survivors from which on a tail is drawn as an exponential instead of being counted. */
const COUNTED = 8
/** How a tail is drawn on. */
export interface Draw {
  /** Share of person-days from which on the tail is drawn instead of counted: thefts are a good part of the rarest days. */
  readonly fromShare: number
  /** Weight of the prior slope against the counted excesses. */
  readonly priorWeight: number
}
export const DRAW_TESTS: Draw = { fromShare: 0, priorWeight: 8 }
/** An excess counts at most this many prior means, so that a few thefts among the counted do not stretch the tail. */
const EXCESS_CAP = 2.5

/**
 * log10 of the share of person-days that reach each bin: counted where there is enough to count, drawn on beyond as an
 * exponential (peaks over threshold with a capped mean excess, which a few outliers cannot stretch).
 */
export function logShares(counts: Float64Array, days: number, prior: TailPrior, draw = DRAW_TESTS): Float64Array {
  const total = days + prior.days
  const logs = new Float64Array(BINS)
  const share = (bin: number) => (counts[bin] + prior.days * 10 ** prior.logShare(scoreOfBin(bin))) / total
  let last = 0
  const least = Math.max(COUNTED, draw.fromShare * total)
  while (last + 1 < BINS && share(last + 1) * total >= least) last++
  const priorMean = priorMeanExcess(prior, scoreOfBin(last))
  let excess = draw.priorWeight * priorMean
  let weight = draw.priorWeight
  for (let bin = last; bin < BINS; bin++) {
    const here = counts[bin] - (bin + 1 < BINS ? counts[bin + 1] : 0)
    if (here === 0) continue
    excess += here * Math.min(scoreOfBin(bin) + STEP / 2 - scoreOfBin(last), EXCESS_CAP * priorMean)
    weight += here
  }
  const slope = Math.LOG10E / (excess / weight)
  const start = Math.log10(share(last))
  for (let bin = 0; bin < BINS; bin++) {
    logs[bin] = bin <= last ? Math.min(0, Math.log10(share(bin))) : start - slope * (scoreOfBin(bin) - scoreOfBin(last))
    if (bin > 0 && logs[bin] > logs[bin - 1]) logs[bin] = logs[bin - 1]
  }
  return logs
}

const priorMeanExcess = (prior: TailPrior, at: number): number =>
  Math.LOG10E / Math.max(0.05, prior.logShare(at) - prior.logShare(at + 1))

/** Interpolates `logs` at a score; beyond the grid it goes on as its last part. */
export function logShareAt(logs: Float64Array, score: number): number {
  const place = score / STEP
  const bin = Math.floor(place)
  if (bin >= BINS - 1) return logs[BINS - 1] + (logs[BINS - 1] - logs[BINS - 11]) * 0.1 * (place - BINS + 1)
  return logs[bin] + (logs[bin + 1] - logs[bin]) * (place - bin)
}

/** The score that only a share 10^`logShare` of the person-days reaches. */
export function scoreAt(logs: Float64Array, logShare: number): number {
  for (let bin = 1; bin < BINS; bin++) {
    if (logs[bin] > logShare) continue
    const fall = logs[bin - 1] - logs[bin]
    return scoreOfBin(bin - 1) + (fall <= 0 ? 0 : (STEP * (logs[bin - 1] - logShare)) / fall)
  }
  return scoreOfBin(BINS - 1)
}
