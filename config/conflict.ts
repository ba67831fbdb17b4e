/** A combination of settings that is each allowed but makes no sense together. */
export interface Conflict {
  /** The key to change. */
  readonly path: string
  readonly found: string
  readonly allowed: string
}

/** A setting that works and that the operator should know of. */
export interface Note {
  readonly path: string
  readonly text: string
}
