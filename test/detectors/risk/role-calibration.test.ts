import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAYS_TO_KNOW } from '../../../detectors/risk/days-to-know.ts'
import { createRoleCalibrations } from '../../../detectors/risk/role-calibration.ts'
import { TEST_COUNT, TESTS } from '../../../detectors/risk/tests.ts'
import { BUDGET, calibrated, judged, ROLE, spread } from './judged-days.ts'

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
