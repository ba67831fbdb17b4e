/** Why an actor's past is folded again. */
export interface RefoldRequest {
  readonly actor: number
  /** Findings from this event time on are new. */
  readonly fromTime: number
  readonly cause: 'late' | 'examination' | 'notice'
  /** When it became known: of a notice, when HR recorded it; of an analyst's wish, when it was said; of a late event, its own time. */
  readonly atTime: number
}

/** Requests by actor, merged: the earliest start holds, a notice outweighs an analyst's wish, and that a late event. */
export interface RefoldQueue {
  add(request: RefoldRequest): void
  /** Takes up to `most` requests out, oldest first. */
  take(most: number): RefoldRequest[]
  of(actor: number): RefoldRequest | null
  readonly size: number
}

export function createRefoldQueue(): RefoldQueue {
  const byActor = new Map<number, RefoldRequest>()
  return {
    add(request) {
      const known = byActor.get(request.actor)
      byActor.set(request.actor, known === undefined ? request : merge(known, request))
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

function merge(a: RefoldRequest, b: RefoldRequest): RefoldRequest {
  const leading = WEIGHT[b.cause] > WEIGHT[a.cause] ? b : a
  return { ...leading, fromTime: Math.min(a.fromTime, b.fromTime) }
}

const WEIGHT: Readonly<Record<RefoldRequest['cause'], number>> = { late: 0, examination: 1, notice: 2 }
