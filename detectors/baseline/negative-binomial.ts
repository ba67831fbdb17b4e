import { gammaln } from 'simple-statistics'

/**
 * log10 of P(X >= count) for a negative binomial with mean `mean` and variance mean + dispersion * mean^2.
 *
 * P(X >= x) = I_q(x, k), the regularised incomplete beta function with k = 1/dispersion and q = mean / (mean + k)
 * (DLMF 8.17.5); evaluated by the continued fraction DLMF 8.17.22 with the modified Lentz method. Exact to about ten
 * digits, also far in the tail, where only the logarithm can be held.
 */
export function tailLog10(count: number, mean: number, dispersion: number): number {
  if (count <= 0) return 0
  const k = 1 / Math.max(dispersion, 1e-6)
  const q = mean / (mean + k)
  const front = gammaln(count + k) - gammaln(count) - gammaln(k) + count * Math.log(q) + k * Math.log1p(-q)
  if (q < (count + 1) / (count + k + 2)) {
    return (front + Math.log(betaFraction(q, count, k) / count)) / Math.LN10
  }
  const below = Math.exp(front) * (betaFraction(1 - q, k, count) / k)
  return Math.log10(Math.max(1 - below, Number.MIN_VALUE))
}

const TINY = 1e-300
const PRECISION = 1e-11
const MAX_STEPS = 10_000

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / atLeastTiny(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / atLeastTiny(1 + even * d)
    c = atLeastTiny(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / atLeastTiny(1 + odd * d)
    c = atLeastTiny(1 + odd / c)
    const step = d * c
    fraction *= step
    if (Math.abs(step - 1) < PRECISION) break
  }
  return fraction
}

const atLeastTiny = (value: number): number => (Math.abs(value) < TINY ? TINY : value)
