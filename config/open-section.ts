import type { Origin } from './fault.ts'

/** A section whose names are not fixed, as the file or a variable spells it. */
export interface OpenSection {
  readonly raw: unknown
  /** Where a value stands, by its path from the section on, such as `soc.url` or `0.match.severity`. */
  readonly originOf: (path: string) => Origin
  /** Where the name of it stands, likewise. */
  readonly keyOriginOf: (path: string) => Origin
  /** Whether the text at that path stands in the file as it is, without a `${NAME}` in it. */
  readonly isWrittenOut: (path: string) => boolean
  /** What the file says at that path, where a `${NAME}` was replaced in it; null elsewhere. */
  readonly templateOf: (path: string) => string | null
}
