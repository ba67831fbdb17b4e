/** An actor's day that is over. `cusum` in thousandths. */
export interface ClosedDay {
  readonly actor: number
  readonly day: number
  readonly role: string
  readonly flags: number
  readonly peaks: Int32Array
  readonly cusum: Int32Array
  /** Each test's highest surprise, in hundredths; the day's highest risk. */
  readonly surprise: Int32Array
  /** In thousandths. */
  readonly risk: number
  /** What that risk was as a score when it was judged, in hundredths. */
  readonly score: number
  /** Whether the role's peers learn from it. */
  readonly peers: boolean
  /** Held to the leaver's limit on that day. */
  readonly leaver: boolean
  /** Operations per local hour. */
  readonly hours: Int32Array
}
