/** Why an actor's past is folded again. */
export interface RefoldRequest {
  readonly actor: number
  /** Findings from this event time on are new. */
  readonly fromTime: number
  readonly cause: 'late' | 'examination' | 'notice'
  /** When it became known: of a notice, when HR recorded it; of an analyst's wish, when it was said; of a late event, its own time. */
  readonly atTime: number
}

/** All that is asked of one actor's past. */
export interface PastRequest extends RefoldRequest {
  /** From when on the leaver's limit holds: of a notice or an analyst's wish its start; null for not at all. */
  readonly leaverFrom: number | null
}

/** Requests by actor, merged: the earliest start holds, a notice outweighs an analyst's wish, and that a late event. */
export interface RefoldQueue {
  add(request: RefoldRequest): void
  /** Takes up to `most` requests out, oldest first. */
  take(most: number): PastRequest[]
  of(actor: number): PastRequest | null
  readonly size: number
}

export function createRefoldQueue(): RefoldQueue {
  const byActor = new Map<number, PastRequest>()
  return {
    add(request) {
      const known = byActor.get(request.actor)
      const asked = pastOf(request)
      byActor.set(request.actor, known === undefined ? asked : merge(known, asked))
    },
    take(most) {
      const taken = [...byActor.values()].slice(0, most)
      for (const { actor } of taken) byActor.delete(actor)
      return taken
    },
    of: (actor) => byActor.get(actor) ?? null,
    get size() {
      return byActor.size
    },
  }
}

/** What one request alone asks for. */
export const pastOf = (request: RefoldRequest): PastRequest => ({
  ...request,
  leaverFrom: request.cause === 'late' ? null : request.fromTime,
})

function merge(a: PastRequest, b: PastRequest): PastRequest {
  const leading = WEIGHT[b.cause] > WEIGHT[a.cause] ? b : a
  const leaverFrom = Math.min(a.leaverFrom ?? Number.POSITIVE_INFINITY, b.leaverFrom ?? Number.POSITIVE_INFINITY)
  return {
    ...leading,
    fromTime: Math.min(a.fromTime, b.fromTime),
    leaverFrom: leaverFrom === Number.POSITIVE_INFINITY ? null : leaverFrom,
  }
}

const WEIGHT: Readonly<Record<RefoldRequest['cause'], number>> = { late: 0, examination: 1, notice: 2 }
