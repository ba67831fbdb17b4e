import { hash } from 'node:crypto'

/**
 * Which documents of a list that grows were taken, by when they were made: what lies within the overlap is listed again at
 * each pull, for some appear late between older ones.
 */
export type TakenDocuments = Readonly<Record<string, number>>

/** Documents remembered; the oldest are forgotten first, and would be taken again, with every row known. */
const MOST_TAKEN = 10_000

/** A short name for a document's id, which some APIs make very long. */
export const documentKey = (id: string): string => hash('sha256', id, 'hex').slice(0, 20)

/** With one more; without those made before `horizon`, which are listed no more. */
export function withTaken(taken: TakenDocuments, key: string, madeAt: number, horizon: number): TakenDocuments {
  const kept = Object.entries(taken).filter(([, at]) => at >= horizon)
  if (kept.length >= MOST_TAKEN) kept.sort(([, a], [, b]) => b - a).splice(MOST_TAKEN - 1)
  return Object.fromEntries([...kept, [key, madeAt]])
}
