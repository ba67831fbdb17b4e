import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personRisk, RISK_DAYS, RISK_HALF_LIFE_DAYS } from '../../alerts/person-risk.ts'
import { createRiskBook } from '../../alerts/risk-book.ts'

const DAY_MS = 86_400_000
const dayOf = (timeMs: number) => Math.floor(timeMs / DAY_MS)
const TODAY = 20_000
const days = (scores: readonly number[]) => scores.map((score, age) => ({ day: TODAY - age, score }))

describe('a person’s risk', () => {
  it.each([
    ['nothing', [], 0],
    ['one day', [60], 60],
    ['two days running', [60, 60], 69.69],
    ['a day a half-life ago', [...new Array<number>(RISK_HALF_LIFE_DAYS).fill(0), 60], 30],
    ['ten dull days', new Array<number>(10).fill(10), 14.8],
    ['the highest day again and again', new Array<number>(80).fill(100), 100],
  ])('of %s', (_what, scores, risk) => {
    expect(personRisk(days(scores), TODAY)).toBe(risk)
  })

  it('forgets days beyond its reach, and knows none that are yet to come', () => {
    expect(personRisk([{ day: TODAY - RISK_DAYS, score: 100 }], TODAY)).toBe(0)
    expect(personRisk([{ day: TODAY + 1, score: 100 }], TODAY)).toBe(0)
    expect(personRisk([{ day: TODAY - RISK_DAYS + 1, score: 100 }], TODAY)).toBeCloseTo(1.64, 2)
  })

  it('lies between the worst day and 100, and never falls by another day', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: RISK_DAYS })
    fc.assert(
      fc.property(scores, (hundredths) => {
        const risk = personRisk(days(hundredths.map((one) => one / 100)), TODAY)
        expect(risk).toBeGreaterThanOrEqual((hundredths[0] ?? 0) / 100)
        expect(risk).toBeLessThanOrEqual(100)
        expect(personRisk(days([...hundredths, 50].map((one) => one / 100)), TODAY)).toBeGreaterThanOrEqual(risk)
      }),
    )
  })
})

describe('the book of risks', () => {
  const finding = (day: number, score: number) => ({ time: day * DAY_MS + 1, score })

  it('comes to the same as the sum over the highest score of each day, in whatever order they become known', () => {
    const entry = fc.record({
      kind: fc.constantFrom('day', 'alert'),
      day: fc.integer({ min: TODAY - 120, max: TODAY }),
      score: fc.integer({ min: 0, max: 10_000 }),
    })
    const open = fc.option(fc.integer({ min: 0, max: 10_000 }))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), open, (entries, openScore) => {
        const book = createRiskBook(dayOf)
        const highest = new Map<number, number>()
        const note = (day: number, score: number) => highest.set(day, Math.max(score, highest.get(day) ?? 0))
        const newestDay = Math.max(...entries.filter(({ kind }) => kind === 'day').map(({ day }) => day))
        for (const [n, { kind, day, score }] of entries.entries()) {
          if (kind === 'day') {
            book.putDay(3, day, score)
            // A book holds a person's last days; what lies further back is of no use to anybody.
            if (day > newestDay - RISK_DAYS) note(day, score / 100)
          } else {
            book.putAlert(3, { alert_uid: `a${n}`, findings: [finding(day, score / 100)] })
            note(day, score / 100)
          }
        }
        if (openScore !== null) note(TODAY, openScore / 100)
        const wanted = personRisk(
          [...highest].map(([day, score]) => ({ day, score })),
          TODAY,
        )
        const got = book.riskOf(3, TODAY, openScore === null ? null : { day: TODAY, score: openScore / 100 })
        expect(got).toBeCloseTo(wanted, 1)
      }),
    )
  })

  it('takes an alert as it stands last, and a past folded again instead of the one before', () => {
    const book = createRiskBook(dayOf)
    book.putAlert(0, { alert_uid: 'a', findings: [finding(TODAY, 40)] })
    book.putAlert(0, { alert_uid: 'a', findings: [finding(TODAY, 40), finding(TODAY, 70)] })
    expect(book.riskOf(0, TODAY, null)).toBe(70)
    book.putDay(1, TODAY, 9_000)
    book.putDay(1, TODAY - 1, 9_000)
    book.forgetDays(1)
    expect(book.riskOf(1, TODAY, null)).toBe(0)
    book.putDay(1, TODAY - 1, 5_000)
    expect(book.riskOf(1, TODAY - 1, null)).toBe(50)
  })

  it('says 0 of people it has never heard of', () => {
    expect(createRiskBook(dayOf).riskOf(500, TODAY, null)).toBe(0)
  })
})
