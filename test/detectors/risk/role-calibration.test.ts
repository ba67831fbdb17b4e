import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../../detectors/risk/calibration.ts'
import { DAYS_TO_KNOW } from '../../../detectors/risk/days-to-know.ts'
import type { JudgedDay } from '../../../detectors/risk/judged-counts.ts'
import { createRoleCalibrations } from '../../../detectors/risk/role-calibration.ts'
import { TEST_COUNT, TESTS } from '../../../detectors/risk/tests.ts'

const BUDGET = { ordinary: 5, leaver: 5 }
const ROLE = 'default\u0000reception'

/** A person-day with one test's surprise and a risk. */
const judged = (
  actor: number,
  day: number,
  surprise: number,
  risk: number,
  change: Partial<JudgedDay> = {},
): JudgedDay => {
  const surprises = new Int32Array(TEST_COUNT)
  surprises[0] = Math.round(surprise * 100)
  return {
    actor,
    day,
    role: ROLE,
    org: 'default',
    surprise: surprises,
    risk: Math.round(risk * 1000),
    leaver: false,
    ...change,
  }
}
/** Deterministic values between 0 and 1, evenly spread. */
const spread = (n: number): number => (n * 0.618_033_988_75) % 1

/** `people` at work every day; each day's surprise is exponential in tenths of a share, times `scale`. */
function calibrated(scale: number, people = 20, days = 200, budget = BUDGET) {
  const calibrations = createRoleCalibrations(budget)
  for (let day = 0; day < days; day++) {
    for (let actor = 0; actor < people; actor++) {
      const part = spread(day * people + actor + 1)
      calibrations.add(judged(actor, day, -scale * Math.log10(1 - part), -scale * Math.log10(1 - part)))
    }
  }
  return calibrations.get('default', ROLE, days + 2)
}

describe('calibration', () => {
  it('makes a surprise what it is worth, whatever the test’s scale', () => {
    for (const scale of [0.5, 1, 2.5]) {
      const calibration = calibrated(scale)
      for (const worth of [1, 1.5, 2]) expect(calibration.calibrated(0, worth * scale)).toBeCloseTo(worth, 0)
    }
  })

  it('is the same whatever a role is called', () => {
    const cutsOf = (name: string) => {
      const role = `default\u0000${name}`
      const calibrations = createRoleCalibrations(BUDGET)
      for (let n = 0; n < 4_000; n++) {
        const [day, risk] = [Math.floor(n / 20), -5 * Math.log10(1 - spread(n + 1))]
        calibrations.add(judged(n % 20, day, risk / 2, risk, { role }))
        if (n % 20 === 0) calibrations.add(judged(20, day, risk / 4, risk / 2, { leaver: true }))
      }
      const { cuts, days } = calibrations.get('default', role, 202)
      return { ...cuts, days }
    }
    for (const name of ['leavers', '*', '']) expect(cutsOf(name)).toEqual(cutsOf('sales'))
  })

  it('takes nothing from days of an earlier version for tests that it did not have', () => {
    const last = TEST_COUNT - 1
    const calibrations = createRoleCalibrations(BUDGET)
    for (let n = 0; n < 2_000; n++) {
      const { surprise, ...rest } = judged(n % 20, Math.floor(n / 20), spread(n + 1), 1)
      calibrations.add({ ...rest, surprise: surprise.slice(0, last) })
    }
    const [known, unknown] = [calibrations, createRoleCalibrations(BUDGET)].map((one) => one.get('default', ROLE, 102))
    for (const surprise of [0.5, 1, 2]) {
      expect(known.calibrated(last, surprise)).toBeCloseTo(unknown.calibrated(last, surprise), 9)
      expect(known.calibrated(last - 1, surprise)).toBeGreaterThan(unknown.calibrated(last - 1, surprise))
    }
  })

  it('takes nothing from days that may be thefts: what they brought stays as rare as it was', () => {
    const rarity = (risk: number) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (let n = 0; n < 2_000; n++) calibrations.add(judged(n % 20, Math.floor(n / 20), spread(n + 1), 1))
      for (let day = 90; day < 100; day++) calibrations.add(judged(20, day, 4, risk))
      return calibrations.get('default', ROLE, 102).calibrated(0, 4)
    }
    expect(rarity(25)).toBeGreaterThan(rarity(15) + 0.5)
  })

  it('learns from days of high risk where many people have them, and not where one has them day after day', () => {
    /** Of thirty people on 200 days, each with a risk of 25 every hundredth day, or one of them every third. */
    const rarity = (isRisky: (actor: number, day: number) => boolean) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (let n = 0; n < 6_000; n++) {
        const [actor, day] = [n % 30, Math.floor(n / 30)]
        const risky = isRisky(actor, day)
        calibrations.add(judged(actor, day, risky ? 4 : spread(n + 1), risky ? 25 : 1))
      }
      return calibrations.get('default', ROLE, 202).calibrated(0, 4)
    }
    const ofMany = rarity((actor, day) => (day + 7 * actor) % 100 === 0)
    expect(ofMany).toBeLessThan(2.5)
    expect(rarity((actor, day) => actor === 0 && day % 3 === 0)).toBeGreaterThan(ofMany + 1)
  })

  it.each(['contacts_copied_share.28d', 'records_on_leave.1d', 'unsized_exports.1d', 'records_taken_peers.28d'])(
    'goes by %s of people who are known, once enough of their days were counted, and by all before',
    (id) => {
      const slow = TESTS.findIndex((test) => test.id === id)
      const early = DAYS_TO_KNOW[slow]
      /** Ten people of whose first weeks every tenth day is as surprising as can be, and none after that. */
      const rarity = (test: number, days: number) => {
        const calibrations = createRoleCalibrations(BUDGET)
        for (let n = 0; n < days * 10; n++) {
          const [actor, day] = [n % 10, Math.floor(n / 10)]
          const surprise = new Int32Array(TEST_COUNT)
          surprise[test] = day < early && (day + actor) % 10 === 0 ? 500 : 0
          calibrations.add({ ...judged(actor, day, 0, 1), surprise })
        }
        return calibrations.get('default', ROLE, days + 2).calibrated(test, 5)
      }
      expect(early).toBeGreaterThanOrEqual(28)
      expect(rarity(slow, early)).toBeCloseTo(1, 0)
      expect(rarity(slow, 2 * early) - rarity(slow, early)).toBeGreaterThan(0.7)
      expect(rarity(0, early)).toBeCloseTo(rarity(slow, early), 12)
      expect(rarity(0, 2 * early) - rarity(0, early)).toBeLessThan(0.5)
    },
  )

  it('asks shares of a small team as soon as others, however little its people are known', () => {
    const share = TESTS.findIndex(({ id }) => id === 'contacts_copied_share.1d')
    const calibrations = createRoleCalibrations(BUDGET)
    for (let n = 0; n < 40; n++) {
      const surprise = new Int32Array(TEST_COUNT)
      surprise[share] = n % 4 === 0 ? 100 : 0
      calibrations.add({ ...judged(n % 4, Math.floor(n / 4), 0, 1), surprise })
    }
    expect(calibrations.get('default', ROLE, 12).calibrated(share, 4)).toBeGreaterThan(1)
  })

  it('keeps the order of surprises', () => {
    const known = calibrated(1)
    const unknown = createRoleCalibrations(BUDGET).get('default', ROLE, 0)
    const surprise = fc.double({ min: 0.3, max: 20, noNaN: true })
    fc.assert(
      fc.property(surprise, surprise, fc.nat(TEST_COUNT - 1), (one, other, test) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        for (const calibration of [known, unknown]) {
          expect(calibration.calibrated(test, more)).toBeGreaterThanOrEqual(calibration.calibrated(test, less))
        }
      }),
    )
  })

  it('flattens where counting can tell no more', () => {
    for (const calibration of [createRoleCalibrations(BUDGET).get('default', ROLE, 0), calibrated(1)]) {
      expect(calibration.calibrated(0, 1_000)).toBeLessThan(calibration.calibrated(0, 15) + 0.1)
      expect(calibration.calibrated(0, 1_000)).toBeLessThan(6)
      expect(calibration.calibrated(0, 1_000)).toBeGreaterThan(3)
    }
  })

  it('learns of a day two days later, not before', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    for (let actor = 0; actor < 400; actor++) calibrations.add(judged(actor, 10, 3, 1))
    const before = calibrations.get('default', ROLE, 11).calibrated(0, 3)
    expect(before).toBe(createRoleCalibrations(BUDGET).get('default', ROLE, 0).calibrated(0, 3))
    expect(calibrations.get('default', ROLE, 12).calibrated(0, 3)).toBeLessThan(before - 1)
  })

  it('judges a past that is folded again by what is known now', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    for (let actor = 0; actor < 400; actor++) calibrations.add(judged(actor, 10, 3, 1))
    const now = calibrations.get('default', ROLE, 12)
    expect(calibrations.get('default', ROLE, 3)).toBe(now)
  })

  it('is the same in whatever order a day’s people close it', () => {
    const days = Array.from({ length: 60 }, (_, day) =>
      Array.from({ length: 6 }, (_, actor) => ({ actor, day })),
    ).flat()
    const make = (list: typeof days) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (const { actor, day } of list) {
        const value = 3 * spread(day * 6 + actor)
        calibrations.add(judged(actor, day, value, value))
      }
      return calibrations.get('default', ROLE, 62)
    }
    const otherwise = make(days.toSorted((a, b) => a.day - b.day || b.actor - a.actor))
    const one = make(days)
    expect(otherwise.cuts).toEqual(one.cuts)
    expect(otherwise.calibrated(0, 2)).toBe(one.calibrated(0, 2))
  })

  it('does not take a leaver’s surprises for the role’s', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    for (let actor = 0; actor < 400; actor++) calibrations.add(judged(actor, 10, 3, 1, { leaver: true }))
    const known = calibrations.get('default', ROLE, 12).calibrated(0, 3)
    expect(known).toBe(createRoleCalibrations(BUDGET).get('default', ROLE, 0).calibrated(0, 3))
  })

  it('keeps tenants apart', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    const elsewhere = { org: 'other', role: 'other\u0000reception' }
    for (let actor = 0; actor < 400; actor++) calibrations.add(judged(actor, 10, 3, 1, elsewhere))
    expect(calibrations.get('default', ROLE, 12).calibrated(0, 3)).toBe(
      createRoleCalibrations(BUDGET).get('default', ROLE, 0).calibrated(0, 3),
    )
    expect(calibrations.get('other', elsewhere.role, 12).calibrated(0, 3)).toBeLessThan(1)
  })
})

describe('cuts', () => {
  it('fall as the budget rises, and are lower for leavers', () => {
    const cuts = [0.25, 0.5, 1, 2, 4].map(
      (alerts) => createRoleCalibrations({ ordinary: alerts, leaver: alerts }).get('default', ROLE, 0).cuts,
    )
    for (const [i, cut] of cuts.entries()) {
      expect(cut.leaver).toBeLessThan(cut.ordinary)
      if (i === 0) continue
      expect(cut.ordinary).toBeLessThan(cuts[i - 1].ordinary)
      expect(cut.leaver).toBeLessThan(cuts[i - 1].leaver)
    }
  })

  it('go on falling to larger budgets where a day in ten is not reached', () => {
    const { cutsAt } = calibrated(6, 30, 120)
    const cuts = [0.5, 1, 5, 20].map((alerts) => cutsAt({ ordinary: alerts, leaver: alerts }))
    for (const [i, cut] of cuts.entries()) {
      if (i === 0) continue
      expect(cut.ordinary).toBeLessThan(cuts[i - 1].ordinary)
      expect(cut.leaver).toBeLessThan(cuts[i - 1].leaver)
    }
  })

  it('stand where alerts open at the budgeted rate, of which one in eleven is of no closed day', () => {
    const { cuts, logRate } = calibrated(1)
    expect(1.1 * 1000 * 3.2 * 10 ** logRate(cuts.ordinary, false)).toBeCloseTo(BUDGET.ordinary, 3)
  })

  it('of a small tenant spend the budget of 25 employees, and in its first week that on five', () => {
    const perWeek = ({ cuts, logRate }: Calibration) => 1.1 * 1000 * 3.2 * 10 ** logRate(cuts.ordinary, false)
    // One day more is known than there was work on. Five people at work on seven days a week are taken for 5 x 7 / 3.2 who work as people do.
    const times = (people: number) => 25 / ((people * 7) / 3.2)
    expect(perWeek(calibrated(6, 5, 120))).toBeCloseTo(BUDGET.ordinary * times(5), 0)
    expect(perWeek(calibrated(6, 5, 4))).toBeCloseTo(BUDGET.ordinary * 5, 0)
    expect(perWeek(calibrated(6, 1, 120))).toBeCloseTo(BUDGET.ordinary * times(1), 0)
    expect(perWeek(calibrated(6, 12, 120))).toBeCloseTo(BUDGET.ordinary, 1)
    expect(perWeek(createRoleCalibrations(BUDGET).get('default', ROLE, 0))).toBeCloseTo(BUDGET.ordinary * 5, 1)
  })

  it('of a tenant’s first week go by the people known so far, whoever was at work on its first day', () => {
    const cutWith = (people: number, daysWithOne = 0) => {
      const calibrations = createRoleCalibrations(BUDGET)
      calibrations.get('default', ROLE, 0)
      if (people > 0) calibrations.setPeople('default', people)
      for (let day = 0; day < daysWithOne; day++) calibrations.add(judged(0, day, 0, 1))
      return calibrations.get('default', ROLE, daysWithOne + 1).cuts.ordinary
    }
    expect(cutWith(3)).toBe(cutWith(0))
    expect(cutWith(16)).toBeGreaterThan(1.15 * cutWith(3))
    expect(cutWith(300)).toBeGreaterThan(1.3 * cutWith(3))
    expect(cutWith(300, 2)).toBeGreaterThanOrEqual(cutWith(300))
    // Later the days that are worked tell how many work.
    expect(cutWith(300, 9)).toBeLessThan(1.1 * cutWith(3))
  })

  it('of a past that is judged again are those of today, also when one more person has become known', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    calibrations.setPeople('default', 12)
    for (let n = 0; n < 720; n++) calibrations.add(judged(n % 12, Math.floor(n / 12), 0, 6 * spread(n)))
    const { cuts } = calibrations.get('default', ROLE, 62)
    calibrations.setPeople('default', 16)
    expect(calibrations.get('default', ROLE, 3).cuts).toEqual(cuts)
    expect(calibrations.get('default', ROLE, 62).cuts).toEqual(cuts)
  })

  it('never report more than one day in ten, not even of the leavers of the smallest tenant', () => {
    const { cuts, logRate } = calibrated(6, 1, 120, { ordinary: 100, leaver: 100 })
    expect(logRate(cuts.ordinary, false)).toBeLessThan(-0.99)
    expect(logRate(cuts.leaver, true)).toBeLessThan(-0.99)
  })

  it('are higher where risks are', () => {
    const [low, middle, high] = [4, 6, 9].map((scale) => calibrated(scale).cuts.ordinary)
    expect(middle).toBeGreaterThan(1.05 * low)
    expect(high).toBeGreaterThan(1.05 * middle)
  })

  it('lie between the tenant’s and where a role’s own rare risks lie, the nearer to those the more days it has', () => {
    const calibrations = createRoleCalibrations(BUDGET)
    const cutOf = (role: string) => calibrations.get('default', role, 122).cuts.ordinary
    const [small, large] = ['default\u0000marketing', 'default\u0000adviser']
    for (let day = 0; day < 120; day++) {
      const add = (people: number, from: number, times: number, role: string) => {
        for (let n = 0; n < people; n++) {
          const part = spread(day * people + n + 1)
          calibrations.add(judged(from + n + 200 * day, day, 0, -5 * times * Math.log10(1 - part), { role }))
        }
      }
      add(100, 0, 1, ROLE)
      add(3, 100, 1.6, small)
      add(60, 105, 1.6, large)
    }
    expect(cutOf(small)).toBeGreaterThan(1.03 * cutOf(ROLE))
    expect(cutOf(large)).toBeGreaterThan(1.1 * cutOf(small))
  })

  it('stay where honest days have them, however many thefts there are beyond', () => {
    const cutWith = (oneIn: number) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (let n = 0; n < 20_000; n++) {
        const risk = n % oneIn === oneIn - 1 ? 30 + (n % 7) : -6 * Math.log10(1 - spread(n + 1))
        calibrations.add(judged(n, Math.floor(n / 150), 0, risk))
      }
      return calibrations.get('default', ROLE, 136).cuts.ordinary
    }
    const [none, some, many] = [20_001, 400, 150].map(cutWith)
    expect(Math.abs(some / none - 1)).toBeLessThan(0.02)
    expect(Math.abs(many / none - 1)).toBeLessThan(0.05)
  })

  it('of leavers are the lower the fewer leavers there are, for the same number of alerts', () => {
    const leaverCut = (oneIn: number) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (let n = 0; n < 12_000; n++) {
        const risk = -2 * Math.log10(1 - spread(n + 1))
        calibrations.add(judged(n, Math.floor(n / 100), 0, risk, { leaver: n % oneIn === 0 }))
      }
      return calibrations.get('default', ROLE, 122).cuts.leaver
    }
    const [many, some, few] = [10, 30, 100].map(leaverCut)
    expect(many).toBeGreaterThan(some)
    expect(some).toBeGreaterThan(few)
  })

  it('are not moved by the risks of a tenant’s first week, but by the second’s', () => {
    const cutsAfter = (days: number, risk: number) => {
      const calibrations = createRoleCalibrations(BUDGET)
      for (let day = 0; day < days; day++) {
        for (let actor = 0; actor < 50; actor++) calibrations.add(judged(actor + 50 * day, day, 1, risk))
      }
      return calibrations.get('default', ROLE, days + 2).cuts
    }
    expect(cutsAfter(7, 14)).toEqual(cutsAfter(7, 0.5))
    expect(cutsAfter(14, 14).ordinary).toBeGreaterThan(cutsAfter(14, 0.5).ordinary)
  })

  it('do not count again what would only go on with an alert', () => {
    const everyDay = createRoleCalibrations(BUDGET)
    const scattered = createRoleCalibrations(BUDGET)
    for (let day = 0; day < 150; day++) {
      for (let actor = 0; actor < 60; actor++) {
        // The same number of risky days: one person's, day after day, or everybody's in turn.
        everyDay.add(judged(actor, day, 0, actor === 0 ? 12 : 0.5))
        scattered.add(judged(actor, day, 0, actor === day % 60 ? 12 : 0.5))
      }
    }
    const cut = (calibrations: typeof everyDay) => calibrations.get('default', ROLE, 152).logRate(9, false)
    expect(cut(everyDay)).toBeLessThan(cut(scattered))
  })
})
