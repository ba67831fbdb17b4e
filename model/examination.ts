/** What an analyst asked to be examined, as it is kept for ever. Times are epoch milliseconds UTC of event time. */
export interface ExaminationAction {
  readonly action: 'examined'
  readonly reason: string
  /** Held to the leaver's cut from here on. */
  readonly from: number
  /** The person's newest event then; null when there is none. */
  readonly to: number | null
}

export const EXAMINATION_LIMITS = { reasonLength: 1_000, waiting: 8 } as const
