import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../../detectors/risk/calibration.ts'
import { createRoleCalibrations } from '../../../detectors/risk/role-calibration.ts'
import { BUDGET, calibrated, judged, ROLE, spread } from './judged-days.ts'

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
