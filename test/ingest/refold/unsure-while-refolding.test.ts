import { describe, expect, it } from 'vitest'
import {
  HOUR_MS,
  line,
  MINUTE_MS,
  memoryOf,
  NOW,
  openTestCore,
  submitAll,
  type TestCore,
  view,
  views,
} from '../../support/test-core.ts'

const T0 = NOW - 10 * HOUR_MS
const past = views('v', T0, 40, MINUTE_MS)
const late = view('late', T0 + 30_000, 'late-c')
const unsure = views('u', T0 + 45_000, 5, MINUTE_MS)

/** What the windows hold when all of it comes in the order of time. */
async function memoryInOrder() {
  await using core = await openTestCore(':memory:')
  await submitAll(
    core,
    [...past, late, ...unsure].sort((a, b) => a.time - b.time),
  )
  return memoryOf(core)
}

describe('an event whose being new the store has to tell', () => {
  it('is counted when its batch is written while its actor’s past is being folded again', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, past)
    const letRead = holdPasts(core)
    // The fingerprints up to here are as good as forgotten: the store has to be asked.
    core.seen.forgetUpTo(NOW)
    await submitAll(core, [late])
    while (!letRead.asked) await new Promise<void>((resolve) => setImmediate(resolve))
    const answer = await core.pipeline.submitEvents([...unsure, past[7]].map(line), 'http', null)
    expect(answer).toMatchObject({ accepted: 5, duplicates: 1 })
    letRead.go()
    await core.pipeline.drain()
    expect(memoryOf(core)).toEqual(await memoryInOrder())
  })

  it('is counted once when it comes in the batch with which the folding begins', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, past)
    core.seen.forgetUpTo(NOW)
    await submitAll(core, [late, ...unsure])
    await core.pipeline.drain()
    expect(memoryOf(core)).toEqual(await memoryInOrder())
  })
})

/** Keeps pasts from being read until they may. */
function holdPasts({ db }: TestCore): { readonly asked: boolean; go(): void } {
  const { withConnection } = db
  let asked = false
  let go: () => void = () => undefined
  const allowed = new Promise<void>((resolve) => {
    go = resolve
  })
  /** As the connection, but that the transaction in which a past is read begins when it may. */
  const held = (connection: TestCore['db']['writer']) =>
    new Proxy(connection, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        if (key !== 'run') return value.bind(target)
        return async (sql: string, ...rest: unknown[]) => {
          if (sql === 'BEGIN TRANSACTION READ ONLY') {
            asked = true
            await allowed
          }
          return value.call(target, sql, ...rest)
        }
      },
    })
  Object.assign(db, {
    withConnection: (work: Parameters<typeof withConnection>[0]) =>
      withConnection((connection) => work(held(connection))),
  })
  return {
    get asked() {
      return asked
    },
    go: () => go(),
  }
}
