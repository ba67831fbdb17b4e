/**
 * How often a score was reached: a histogram over person-days, read as survival counts. Scores are 0 or more, in tenths
 * of a decimal logarithm (the grid is 0.1 wide and ends at 15).
 */
const STEP = 0.1
const BINS = 150

export const binOf = (score: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(score / STEP + 1e-9)))
export const scoreOfBin = (bin: number): number => bin * STEP
export const TAIL_BINS = BINS

/** How many scores lie in each bin, up to the highest that any lies in. */
export type Histogram = ArrayLike<number>

/** Survivors per bin: how many scores lie at or above its lower edge. */
export function survivors(histogram: Histogram): Float64Array {
  const counts = new Float64Array(BINS)
  let sum = 0
  for (let bin = histogram.length - 1; bin >= 0; bin--) {
    sum += histogram[bin]
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
/** Excesses of more than so many of the prior's means are left out, since most of them are thefts. */
const LOOKED_AT = 3

/**
 * log10 of the share of person-days that reach each bin: counted where there is enough to count, drawn on beyond as an
 * exponential that is fitted to what lies within a bounded span (peaks over threshold, truncated): thefts lie beyond
 * it, and however many they are they neither raise nor stretch the tail of honest days.
 */
export function logShares(counts: Float64Array, days: number, prior: TailPrior, draw: Draw): Float64Array {
  const { share, last } = countedShares(counts, days, prior, draw.fromShare)
  const priorMean = priorMeanExcess(prior, scoreOfBin(last))
  const end = Math.min(BINS - 1, last + Math.max(1, Math.round((LOOKED_AT * priorMean) / STEP)))
  const span = scoreOfBin(end) - scoreOfBin(last)
  const within = counts[last] - counts[end]
  const priorWithin = draw.priorWeight * shareBelow(span, priorMean)
  let excess = priorWithin * meanBelow(span, priorMean)
  for (let bin = last; bin < end; bin++) excess += (counts[bin] - counts[bin + 1]) * (scoreOfBin(bin - last) + STEP / 2)
  const mean = meanOfTruncated(excess / (priorWithin + within), span, priorMean)
  const assumed = prior.days * 10 ** prior.logShare(scoreOfBin(last)) * shareBelow(span, priorMean)
  const reached = (within + assumed) / shareBelow(span, mean) / (days + prior.days)
  const start = Math.log10(Math.min(share(last), reached))
  const slope = Math.LOG10E / mean
  return falling((bin) => (bin < last ? Math.log10(share(bin)) : start - slope * scoreOfBin(bin - last)))
}

/** Share of an exponential's values that lie below `end`, and the mean of those. */
const shareBelow = (end: number, mean: number): number => -Math.expm1(-end / mean)
const meanBelow = (end: number, mean: number): number => mean - end / Math.expm1(end / mean)

/** The mean of the exponential whose values below `end` have the mean `below`: between a quarter and four times `about`. */
function meanOfTruncated(below: number, end: number, about: number): number {
  let low = about / 4
  let high = about * 4
  for (let halving = 0; halving < 30; halving++) {
    const mean = (low + high) / 2
    if (meanBelow(end, mean) < below) low = mean
    else high = mean
  }
  return (low + high) / 2
}

/** The share of person-days at a bin, with the prior's days among them, and the last bin up to which it counts as known. */
function countedShares(counts: Float64Array, days: number, prior: TailPrior, fromShare = 0) {
  const total = days + prior.days
  const share = (bin: number): number => (counts[bin] + prior.days * 10 ** prior.logShare(scoreOfBin(bin))) / total
  const least = Math.max(COUNTED, fromShare * total)
  let last = 0
  while (last + 2 < BINS && share(last + 1) * total >= least) last++
  return { share, last }
}

/** `logShare` of each bin, none above 0 or above the one before. */
function falling(logShare: (bin: number) => number): Float64Array {
  const logs = new Float64Array(BINS)
  for (let bin = 0; bin < BINS; bin++) logs[bin] = Math.min(bin === 0 ? 0 : logs[bin - 1], logShare(bin))
  return logs
}

const priorMeanExcess = (prior: TailPrior, at: number): number =>
  Math.LOG10E / Math.max(0.05, prior.logShare(at) - prior.logShare(at + 1))

/** Survivors that may be a theft, and say nothing of how far the tail reaches. */
const SPARED = 1
/** Weight of the prior's tail, in survivors. */
const TAIL_WEIGHT = 8

/**
 * log10 of the share of person-days that reach each bin of a test's surprise. Counted where there is enough to count.
 * Beyond, those that got there are spread as the prior says, with a weight of eight, and as counted, but for one: what
 * is rare in most people's days may be large whenever it happens, and such a tail ends in a step that no line foresees.
 */
export function wholeShares(counts: Float64Array, days: number, prior: TailPrior): Float64Array {
  const { share, last } = countedShares(counts, days, prior)
  const atLast = prior.logShare(scoreOfBin(last))
  return falling((bin) => {
    if (bin <= last) return Math.log10(share(bin))
    const assumed = TAIL_WEIGHT * 10 ** (prior.logShare(scoreOfBin(bin)) - atLast)
    return Math.log10((share(last) * (Math.max(0, counts[bin] - SPARED) + assumed)) / (counts[last] + TAIL_WEIGHT))
  })
}

/** Survivors that the whole weighs against a part of it: how often something rare happens is better known of the whole. */
const PART_SURVIVORS = 1

/** From so many times the survivors that the whole lets expect of a part, the whole weighs less: the part is another. */
const GAINSAID = 3

/**
 * The same of a part of the person-days, such as a role's. `whole`: log10 of all person-days' shares, which weigh at
 * least `leastDays`, and less the further the part lies above them: marketing exports daily, whatever others do.
 */
export function partShares(counts: Float64Array, days: number, whole: Float64Array, leastDays: number): Float64Array {
  return falling((bin) => {
    const share = 10 ** whole[bin]
    const gainsaid = Math.max(1, counts[bin] / (GAINSAID * (1 + days * share)))
    const weight = Math.max(leastDays, PART_SURVIVORS / share) / gainsaid
    return Math.log10((counts[bin] + weight * share) / (days + weight))
  })
}

/** Interpolates `logs` at a score; beyond the grid it goes on as its last part. */
export function logShareAt(logs: ArrayLike<number>, score: number): number {
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
