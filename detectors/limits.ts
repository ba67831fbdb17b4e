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
  ordinary: { '10m': -5.4, '1h': -5.4, '1d': -4.3, '7d': -3.7, '28d': -5.2 },
  leaver: { '10m': -4, '1h': -4, '1d': -3.5, '7d': -2.7, '28d': -3.5 },
  cusum: { ordinary: 10.5, leaver: 6 },
}

export const cutsInOrder = (cuts: Readonly<Record<Window, number>>): Float64Array =>
  Float64Array.from(WINDOWS, (window) => cuts[window])
