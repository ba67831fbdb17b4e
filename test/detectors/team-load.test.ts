import { describe, expect, it } from 'vitest'
import { type Actor, createActorTable } from '../../detectors/actor-table.ts'
import { expectedOf } from '../../detectors/baseline/distribution.ts'
import { createTeamLoad, raised } from '../../detectors/team-load.ts'
import { SLOT_COUNT, slotOf } from '../../model/measure.ts'

const SLOT = slotOf('contacts_viewed', '1d')
const TODAY = 20_458
const usual = () => 20

/** A team of which each has done so much today; the first is the one judged. */
function team(counts: readonly number[], day: (code: number) => number = () => TODAY) {
  const table = createActorTable()
  const teams = createTeamLoad(table)
  const actors = counts.map((count, code): Actor => {
    const actor = table.ensure(code, { org: () => 'default', uid: String })
    teams.join(actor, 'south')
    table.day[code] = day(code)
    table.peaks[code * SLOT_COUNT + SLOT] = count
    return actor
  })
  return {
    teams,
    actors,
    factor: () => teams.factor(actors[0], SLOT, usual),
    together: () => teams.together(actors[0], SLOT, usual),
  }
}

describe('the team’s load', () => {
  it('is one on a day like others, and on a slack one', () => {
    expect(team([90, 20, 20, 20, 20]).factor()).toBe(1)
    expect(team([90, 5, 5, 5, 5]).factor()).toBe(1)
  })

  it('rises with what the others do, and leaves out the one judged', () => {
    const busy = team([90, 40, 40, 40, 40]).factor()
    expect(busy).toBeGreaterThan(1.5)
    expect(busy).toBeLessThanOrEqual(2)
    expect(team([9_000, 40, 40, 40, 40]).factor()).toBe(busy)
    expect(team([90, 60, 60, 60, 60]).factor()).toBeGreaterThan(busy)
  })

  it('excuses nobody for more than threefold', () => {
    expect(team([90, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500]).factor()).toBe(3)
  })

  it('is not raised far by one of the others alone', () => {
    expect(team([90, 100_000, 20, 20, 20, 20]).factor()).toBe(team([90, 84, 20, 20, 20, 20]).factor())
  })

  it('needs three others at work on the same day', () => {
    expect(team([90, 60, 60]).factor()).toBe(1)
    expect(team([90, 60, 60, 60]).factor()).toBeGreaterThan(1)
    expect(team([90, 60, 60, 60], (code) => (code === 3 ? TODAY - 1 : TODAY)).factor()).toBe(1)
  })

  it('is that of the team one is in now', () => {
    const { teams, actors, factor } = team([90, 60, 60, 60])
    teams.join(actors[0], 'north')
    expect(factor()).toBe(1)
    teams.join(actors[0], 'south')
    expect(factor()).toBeGreaterThan(1)
    teams.join(actors[3], null)
    expect(factor()).toBe(1)
  })
})

describe('of a team larger than are asked', () => {
  const everybody = Array.from({ length: 100 }, (_, n) => n)
  /** What the person of code 0 is judged by when the others join in this order, after `moved` were in another team. */
  const judged = (order: readonly number[], moved: readonly number[] = []) => {
    const table = createActorTable()
    const teams = createTeamLoad(table)
    const join = (code: number, name: string): Actor => {
      const actor = table.ensure(code, { org: () => 'default', uid: (of) => `u${(of * 37) % 100}` })
      teams.join(actor, name)
      table.day[code] = TODAY
      table.peaks[code * SLOT_COUNT + SLOT] = code
      return actor
    }
    for (const code of moved) join(code, 'north')
    for (const code of order) join(code, 'south')
    return teams.together(join(0, 'south'), SLOT, usual)
  }

  it('the same are asked in whatever order they joined', () => {
    const asked = judged(everybody)
    expect(asked).not.toBeNull()
    expect(judged(everybody.toReversed())).toEqual(asked)
    expect(judged(everybody.toSorted((a, b) => ((a * 7) % 100) - ((b * 7) % 100)))).toEqual(asked)
    expect(judged(everybody, everybody.slice(10, 60))).toEqual(asked)
  })
})

describe('what a team does together', () => {
  it('holds the one judged too, around the sum of what is usual', () => {
    expect(team([40, 30, 30, 30]).together()).toMatchObject({ done: 130, usual: { family: 'count', mean: 80 } })
  })

  it('lets nobody count for more than four times the usual', () => {
    expect(team([100_000, 30, 30, 100_000]).together()?.done).toBe(84 + 30 + 30 + 84)
  })

  it('scatters the less the more people there are', () => {
    const scatter = (people: number) => team(Array.from({ length: people }, () => 30)).together()?.usual
    expect(scatter(10)).toMatchObject({ dispersion: 0.07 + 0.4 / 10 })
    expect(scatter(4)).toMatchObject({ dispersion: 0.07 + 0.4 / 4 })
  })

  it('says nothing of fewer than four', () => {
    expect(team([90, 60, 60]).together()).toBeNull()
  })
})

describe('a distribution raised', () => {
  it.each([
    { family: 'count', mean: 12, dispersion: 0.5 },
    { family: 'size', rate: 0.2, logMean: Math.log(40), logSd: 1, least: 1 },
  ] as const)('expects so many times as much: $family', (distribution) => {
    expect(raised(distribution, 1)).toBe(distribution)
    expect(expectedOf(raised(distribution, 2)) / expectedOf(distribution)).toBeCloseTo(2, 6)
  })
})
