import { WINDOWS, type Window } from '../model/measure.ts'

/** How improbable a day's peak must be to be reported, as log10 of its tail probability. */
export interface Cuts {
  readonly ordinary: Readonly<Record<Window, number>>
  /** Leavers are held to a tighter limit: less suffices. */
  readonly leaver: Readonly<Record<Window, number>>
  /** Where a CUSUM of daily residuals is reported. */
  readonly cusum: { readonly ordinary: number; readonly leaver: number }
}

/** Windows over a week overlap from day to day and their tails are over-confident, so they are cut lower. */
export const DEFAULT_CUTS: Cuts = {
  ordinary: { '10m': -5, '1h': -5, '1d': -4.5, '7d': -4.5, '28d': -4.5 },
  leaver: { '10m': -3.5, '1h': -3.5, '1d': -3, '7d': -3, '28d': -3 },
  cusum: { ordinary: 10, leaver: 7 },
}

export const cutsInOrder = (cuts: Readonly<Record<Window, number>>): Float64Array =>
  Float64Array.from(WINDOWS, (window) => cuts[window])
