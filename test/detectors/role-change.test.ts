import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, staffRecord } from '../../fixtures/cases/case.ts'
import { createBench } from './fold-case.ts'

const T0 = Date.UTC(2026, 0, 5)
const LAST = T0 + 60 * DAY
const exported = (actor: string, time: number, count: number) => ({ time, actor, action: 'export' as const, count })
const peers = Array.from({ length: 12 }, (_, n) => n)

/** Anna's highest risk on the day on which she goes from marketing, who export thousands a day, to sales, who seldom do. */
function riskOfChange(at: number): number {
  let highest = 0
  let anna = -1
  const bench = createBench({
    onWeighed({ actor, time, risk }) {
      if (actor === anna && time >= LAST) highest = Math.max(highest, risk)
    },
  })
  anna = bench.actor('anna')
  const days = Array.from({ length: 60 }, (_, d) => [
    ...peers.map((p) => exported(`m${p}`, T0 + d * DAY + 9 * HOUR + p, 3_000 + ((d * 37 + p * 101) % 2_000))),
    ...peers
      .filter((p) => (d + p) % 3 === 0)
      .map((p) => exported(`s${p}`, T0 + d * DAY + 10 * HOUR + p, 10 + ((d * 7 + p * 3) % 20))),
    exported('anna', T0 + d * DAY + 9 * HOUR + 50, 3_000 + ((d * 31) % 2_000)),
  ]).flat()
  const last = [
    exported('anna', LAST + 9.5 * HOUR, 100),
    ...Array.from({ length: 100 }, (_, i) => exported('anna', LAST + 13 * HOUR + i * MINUTE, 25)),
  ]
  const known = { recorded_at: T0 - DAY }
  const staff = [
    ...peers.flatMap((p) => [
      staffRecord(`m${p}`, { ...known, role: 'marketing' }),
      staffRecord(`s${p}`, { ...known, role: 'sales' }),
    ]),
    staffRecord('anna', { ...known, role: 'marketing' }),
    staffRecord('anna', { role: 'sales', recorded_at: LAST + at }),
  ]
  bench.fold(
    [...days, ...last].sort((a, b) => a.time - b.time),
    staff.sort((a, b) => a.recorded_at - b.recorded_at),
  )
  return highest
}

it('a change of role in mid-day has what follows judged by the new role, as a change before the day does', () => {
  const before = riskOfChange(8 * HOUR)
  expect(before).toBeGreaterThan(12)
  expect(riskOfChange(12 * HOUR)).toBeGreaterThanOrEqual(before)
})
