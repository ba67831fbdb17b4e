import { WINDOW_MS } from '../../model/measure.ts'

/** A record opened again within a minute is a page loaded twice; later, somebody has come back to it. */
export const RETURN_AFTER_MS = 60_000
/** Back for so long an opening is known. */
export const RETURN_WITHIN_MS = WINDOW_MS['28d']

/** Whether a record opened so long after it was opened last is one that somebody came back to. */
export const isReturn = (sinceMs: number): boolean => sinceMs >= RETURN_AFTER_MS && sinceMs <= RETURN_WITHIN_MS
