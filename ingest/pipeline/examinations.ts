import type { AlertChange } from '../../alerts/alert-book.ts'
import type { LookBack } from './batch-writer.ts'

/** What came of a past that was examined because somebody asked. */
export interface Examined {
  /** Where the findings at the leaver's cut went. */
  readonly lookBack: LookBack
  /** The alerts that they opened or extended. */
  readonly changes: readonly AlertChange[]
}

type Settle = (outcome: Examined | Error) => void

/** Who waits for what becomes of a past. A request that comes while the past is being folded waits for the next time. */
export interface Examinations {
  wait(actor: number): Promise<Examined>
  /** The actors' pasts are being folded from here on. */
  begin(actors: readonly number[]): void
  /** The results are stored, by actor. */
  settle(lookBacks: ReadonlyMap<number, LookBack>, changesOf: (actor: number) => readonly AlertChange[]): void
  fail(error: Error): void
}

export function createExaminations(): Examinations {
  const waiting = new Map<number, Settle[]>()
  const underWay = new Map<number, Settle[]>()
  const add = (to: Map<number, Settle[]>, actor: number, some: readonly Settle[]) =>
    to.set(actor, [...(to.get(actor) ?? []), ...some])
  const take = (from: Map<number, Settle[]>, actor: number): readonly Settle[] => {
    const taken = from.get(actor) ?? []
    from.delete(actor)
    return taken
  }
  return {
    wait: (actor) =>
      new Promise((resolve, refuse) => {
        add(waiting, actor, [(outcome) => (outcome instanceof Error ? refuse(outcome) : resolve(outcome))])
      }),
    begin(actors) {
      for (const actor of actors) {
        const some = take(waiting, actor)
        if (some.length > 0) add(underWay, actor, some)
      }
    },
    settle(lookBacks, changesOf) {
      for (const [actor, lookBack] of lookBacks) {
        for (const settle of take(underWay, actor)) settle({ lookBack, changes: changesOf(actor) })
      }
    },
    fail(error) {
      for (const some of [...waiting.values(), ...underWay.values()]) for (const settle of some) settle(error)
      waiting.clear()
      underWay.clear()
    },
  }
}
