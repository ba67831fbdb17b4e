import { expect, it } from 'vitest'
import { createActorHistory } from '../../detectors/baseline/actor-history.ts'
import { tailLog10 } from '../../detectors/baseline/distribution.ts'
import { createRolePriors } from '../../detectors/baseline/role-priors.ts'
import { SLOT_COUNT, slotOf, WINDOWS } from '../../model/measure.ts'

const ROLE = 'default\u0000sales'
const FULL = WINDOWS.map(() => true)
const VIEWED = slotOf('contacts_viewed', '1d')
const LAST = SLOT_COUNT - WINDOWS.length + WINDOWS.indexOf('1d')

it('a day that an earlier version closed teaches nothing of what that did not count', () => {
  const priors = createRolePriors()
  const earlier = new Int32Array(SLOT_COUNT - WINDOWS.length).fill(80)
  for (let day = 0; day < 30; day++) priors.add(ROLE, day, earlier, FULL, true)
  const [taught, untaught] = [priors, createRolePriors()].map((one) => one.get(ROLE, 40))
  expect(taught.bySlot[LAST]).toEqual(untaught.bySlot[LAST])
  expect(taught.slotDays(LAST)).toBe(0)
  expect(taught.bySlot[VIEWED]).toMatchObject({ family: 'count', mean: expect.closeTo(75, -1) })
})

it('what is usual for the role is no surprise: a peak says something from about the middle of its days on', () => {
  const priors = createRolePriors()
  for (let day = 0; day < 30; day++)
    for (let person = 0; person < 10; person++)
      priors.add(ROLE, day, new Int32Array(SLOT_COUNT).fill(20 + person * 4), FULL, true)
  const prior = priors.get(ROLE, 40)
  expect(prior.speaksFrom(VIEWED)).toBeGreaterThan(25)
  expect(prior.speaksFrom(VIEWED)).toBeLessThan(45)
})

it('such a day teaches the person nothing of it either', () => {
  const prior = createRolePriors().get(ROLE, 0)
  const learnt = [SLOT_COUNT - WINDOWS.length, SLOT_COUNT].map((slots) => {
    const history = createActorHistory()
    for (let day = 0; day < 60; day++)
      history.restore({
        ...{ actor: 0, day, role: ROLE, flags: 0, risk: 0, score: 0, peers: true, leaver: false },
        peaks: new Int32Array(slots).fill(3),
        cusum: new Int32Array(6),
        surprise: new Int32Array(0),
        hours: new Int32Array(24),
      })
    history.open(0, 61)
    return [LAST, VIEWED].map((slot) => history.baseline(0, slot, prior).days)
  })
  expect(learnt[0][0]).toBe(0)
  expect(learnt[1][0]).toBeGreaterThan(30)
  expect(learnt[0][1]).toBe(learnt[1][1])
})

it('letters of single records do not make an export of any size usual', () => {
  const TAKEN = slotOf('records_taken', '1d')
  const priors = createRolePriors()
  for (let day = 0; day < 60; day++) {
    for (let person = 0; person < 10; person++) {
      const peaks = new Int32Array(SLOT_COUNT)
      const isExport = (day + person) % 7 === 0
      peaks[TAKEN] = isExport ? 300 + ((day * 617 + person * 311) % 1_600) : 1 + ((day + person) % 4)
      priors.add(ROLE, day, peaks, FULL, true)
    }
  }
  const usual = priors.get(ROLE, 62).bySlot[TAKEN]
  expect(usual).toMatchObject({ family: 'size', rate: expect.closeTo(1 / 7, 1) })
  expect(tailLog10(usual, 1_800)).toBeGreaterThan(-2.5)
  expect(tailLog10(usual, 20_000)).toBeLessThan(-5)
})

it('the share of new contacts is one of the days on which new ones could be told', () => {
  const NEW = slotOf('contacts_new', '1d')
  const peaks = new Int32Array(SLOT_COUNT)
  peaks[VIEWED] = 60
  peaks[NEW] = 20
  const priors = createRolePriors()
  const history = createActorHistory()
  for (let day = 0; day < 35; day++) {
    for (let person = 0; person < 10; person++) priors.add(ROLE, day, peaks, FULL, day >= 28)
    history.restore({
      ...{ actor: 0, day, role: ROLE, flags: 0, risk: 0, score: 0, peers: true, leaver: false, peaks },
      cusum: new Int32Array(6),
      surprise: new Int32Array(0),
      hours: new Int32Array(24),
    })
  }
  history.open(0, 40)
  const { of, among } = history.sums(0, NEW, VIEWED)
  expect(of / among).toBeCloseTo(1 / 3)
  expect(priors.get(ROLE, 40).share(NEW, VIEWED)).toBeCloseTo(1 / 3, 1)
})
