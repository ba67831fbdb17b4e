import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAlertBook } from '../../alerts/alert-book.ts'
import type { Finding } from '../../model/alert.ts'
import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { scoreOf, strengthOf } from '../../model/score.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const severity = { medium: 40, high: 60, critical: 80 }
const anna = { org_uid: 'default', actor_uid: 'anna', staff: null, leaver: 'none' as const }

const finding = (change: Partial<Finding> = {}): Finding => ({
  detector: 'mass-view',
  time: 100 * DAY,
  score: 50,
  measure: 'contacts_viewed',
  window: '1h',
  window_from: 100 * DAY - 1000,
  window_to: 100 * DAY,
  observed: 60,
  expected: 6,
  expected_peers: 9,
  baseline_days: 20,
  tail_log10: -5,
  look_back: false,
  sentence: 'opened 60 different contacts in 40 minutes',
  ...change,
})

const bookOf = () => createAlertBook({ severity })
const add = (book: ReturnType<typeof bookOf>, one: Finding, now = 1) => book.add(anna, one, one.time, now)

describe('findings of one person', () => {
  test('open one alert and then extend it while the episode lasts', () => {
    const book = bookOf()
    const opened = add(book, finding())
    const extended = add(
      book,
      finding({ detector: 'mass-copy', measure: 'contacts_copied', time: 101 * DAY, score: 60 }),
    )
    expect([opened?.type, extended?.type]).toEqual(['alert.opened', 'alert.updated'])
    expect(extended?.alert).toMatchObject({
      alert_uid: opened?.alert.alert_uid,
      detector: 'mass-copy',
      detectors: ['mass-copy', 'mass-view'],
      opened_at: 100 * DAY,
      updated_at: 101 * DAY,
    })
    expect(extended?.alert.score).toBe(60)
    expect(extended?.alert.summary).toContain('Also: mass viewing of contacts.')
  })

  test('open another alert after a week of quiet', () => {
    const book = bookOf()
    add(book, finding())
    expect(add(book, finding({ time: 100 * DAY + EPISODE_GAP_MS }))?.type).not.toBe('alert.opened')
    expect(add(book, finding({ time: 100 * DAY + 2 * EPISODE_GAP_MS + 1 }))?.type).toBe('alert.opened')
    expect(book.of('default', 'anna')).toHaveLength(2)
  })

  test('of one look-back belong to one alert, however far apart they lie', () => {
    const book = bookOf()
    const notice = 190 * DAY
    const lookedBack = (change: Partial<Finding>) => book.add(anna, finding({ look_back: true, ...change }), notice, 1)
    const opened = lookedBack({})
    const later = lookedBack({ time: 150 * DAY, observed: 40, score: 45 })
    expect([opened?.type, later?.type]).toEqual(['alert.opened', 'alert.updated'])
    expect(later?.alert.alert_uid).toBe(opened?.alert.alert_uid)
    expect(later?.alert.findings.map(({ time, observed }) => [time, observed])).toEqual([
      [100 * DAY, 60],
      [150 * DAY, 40],
    ])
    expect(book.add(anna, finding({ look_back: true, time: 170 * DAY }), notice + DAY, 1)?.type).toBe('alert.opened')
    expect(lookedBack({ detector: 'after-leaving', time: 180 * DAY })?.type).toBe('alert.opened')
    expect(book.of('default', 'anna')).toHaveLength(3)
  })

  test('of access after leaving open an alert of its own, which later findings join', () => {
    const book = bookOf()
    const before = add(book, finding())
    const access = { detector: 'after-leaving', measure: null, time: 102 * DAY, observed: 1, expected: 0 }
    const after = add(book, finding(access))
    expect(after?.type).toBe('alert.opened')
    expect(after?.alert.alert_uid).not.toBe(before?.alert.alert_uid)
    const more = [
      add(book, finding({ ...access, time: 102 * DAY + 5, observed: 2, score: 55 })),
      add(book, finding({ time: 102 * DAY + 9, observed: 90, score: 60 })),
    ]
    expect(more.map((change) => change?.alert.alert_uid)).toEqual([after?.alert.alert_uid, after?.alert.alert_uid])
  })

  test('say nothing twice', () => {
    const book = bookOf()
    add(book, finding())
    expect(add(book, finding())).toBeNull()
    expect(add(book, finding({ time: 100 * DAY + 5, observed: 59 }))).toBeNull()
    expect(add(book, finding({ time: 100 * DAY + 5, score: 49, observed: 80 }))).toBeNull()
  })

  test('keep the first and the strongest of a kind, however many come', () => {
    const book = bookOf()
    for (let i = 0; i < 200; i++) add(book, finding({ time: 100 * DAY + i, observed: 60 + i, score: 50 + i / 10 }))
    const [alert] = book.of('default', 'anna')
    expect(alert.findings.map(({ observed }) => observed)).toEqual([60, 259])
  })

  test('lose the weakest where an alert holds sixty, the newest too if it is that', () => {
    const book = bookOf()
    const rule = (n: number, score: number) => finding({ detector: `custom:r${n}`, time: 100 * DAY + n, score })
    for (let n = 0; n < 60; n++) add(book, rule(n, 30 + n / 10))
    expect(add(book, rule(60, 29))).toBeNull()
    const grown = add(book, finding({ detector: 'mass-export', time: 100 * DAY + 99, score: 99 }))?.alert
    expect(grown).toMatchObject({ detector: 'mass-export', score: 99, severity: 'critical' })
    expect(grown?.findings).toHaveLength(60)
    expect(grown?.findings.map(({ detector }) => detector)).not.toContain('custom:r0')
  })

  test('of a look-back on many days keep what comes last, if it is the strongest', () => {
    const book = bookOf()
    const notice = 190 * DAY
    const detectors = Array.from({ length: 8 }, (_, n) => `detector-${n}`)
    for (let day = 100; day < 185; day += 9) {
      for (const detector of detectors)
        book.add(anna, finding({ detector, look_back: true, time: day * DAY, observed: day, score: 40 }), notice, 1)
    }
    const last = finding({ detector: 'mass-export', look_back: true, time: 189 * DAY, score: 99 })
    const alert = book.add(anna, last, notice, 1)?.alert
    expect(alert).toMatchObject({ detector: 'mass-export', score: 99, severity: 'critical' })
    expect(alert?.detectors).toHaveLength(9)
    expect(alert?.findings).toHaveLength(60)
  })

  test('however many come, the alert is scored by the strongest of them', () => {
    const many = fc.array(
      fc.record({
        detector: fc.nat(90),
        hour: fc.nat(160),
        score: fc.integer({ min: 1, max: 40 }),
        observed: fc.nat(50),
      }),
      { minLength: 60, maxLength: 200 },
    )
    fc.assert(
      fc.property(many, (added) => {
        const book = bookOf()
        for (const { detector, hour, score, observed } of added)
          add(book, finding({ detector: `custom:${detector}`, time: 100 * DAY + hour * HOUR, score, observed }))
        for (const alert of book.of('default', 'anna')) expect(alert.findings.length).toBeLessThanOrEqual(60)
        const most = Math.max(0, ...book.of('default', 'anna').map(({ score }) => score))
        expect(most).toBe(Math.max(0, ...added.map(({ score }) => score)))
      }),
      { numRuns: 60 },
    )
  })
})

test('severity follows the score, and the uid follows person and time alone', () => {
  const open = (score: number, now: number) => add(bookOf(), finding({ score }), now)?.alert
  expect([30, 40, 60, 80].map((score) => open(score, 1)?.severity)).toEqual(['low', 'medium', 'high', 'critical'])
  expect(open(50, 1)?.alert_uid).toBe(open(50, 999)?.alert_uid)
  expect(open(50, 999)?.detected_at).toBe(999)
})

test('after a restart the alerts of the store are extended as before', () => {
  const first = bookOf()
  add(first, finding())
  const second = bookOf()
  second.restore(first.of('default', 'anna'))
  const next = finding({ time: 101 * DAY, score: 60, observed: 200 })
  expect(add(second, next)).toEqual(add(first, next))
})

const onDay = (day: number, change: Partial<Finding> = {}): Finding =>
  finding({ time: day * DAY, window: '1d', window_from: day * DAY, window_to: day * DAY, observed: 10, ...change })

test('after a restart a finding joins the alert that it would have joined, whenever the alerts were opened', () => {
  const next = (isRestarted: boolean) => {
    let book = bookOf()
    // The second one comes of a past that is folded again.
    for (const [day, score] of [
      [110, 50],
      [100, 50],
      [105, 52],
    ])
      add(book, onDay(day, { score }))
    if (isRestarted) {
      const stored = book.of('default', 'anna')
      book = bookOf()
      book.restore(stored)
    }
    return add(book, onDay(107, { detector: 'mass-copy', score: 55 }))?.alert.opened_at
  }
  expect(next(false)).toBe(110 * DAY)
  expect(next(true)).toBe(110 * DAY)
})

test('a person’s twenty newest alerts are held, and always the one that was opened last', () => {
  const book = bookOf()
  for (let n = 20; n > 0; n--) add(book, onDay(n * 30))
  const times = () => book.of('default', 'anna').map(({ opened_at }) => opened_at / DAY / 30)
  expect(times()).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  add(book, onDay(0))
  expect(times()).toEqual([0, ...Array.from({ length: 19 }, (_, n) => n + 2)])
})

test('scores and strengths are each other’s inverse', () => {
  for (const strength of [0.5, 3, 10, 25]) expect(strengthOf(scoreOf(strength))).toBeCloseTo(strength, 1)
})

test('an alert is scored by its strongest finding, however many there are', () => {
  const book = bookOf()
  add(book, finding({ score: 50 }))
  expect(add(book, finding({ detector: 'mass-copy', measure: 'contacts_copied', score: 50 }))?.alert.score).toBe(50)
  expect(add(book, finding({ detector: 'mass-export', measure: 'records_taken', score: 70 }))?.alert.score).toBe(70)
  expect(add(book, finding({ detector: 'canary', measure: 'contacts_planted', score: 20 }))?.alert.score).toBe(70)
})

describe('an open alert', () => {
  /** A little busy on Monday, at a score of 50; of how many decades rarer the one of Friday is. */
  const rarer = (decades: number, change: Partial<Finding> = {}) =>
    finding({ time: 104 * DAY, score: scoreOf(strengthOf(50) + decades), observed: 500, ...change })
  /** As rare as that Monday, and so many records taken at once. */
  const exported = (observed: number, change: Partial<Finding> = {}) =>
    finding({ detector: 'mass-export', measure: 'records_taken', time: 104 * DAY, observed, ...change })

  test.each([
    ['ten times as rare as all before opens one that follows it', rarer(1.01), 'alert.opened'],
    ['nearly so rare extends it', rarer(0.98), 'alert.updated'],
    ['as rare, but of the same stretch of work, extends it', rarer(5, { time: 100 * DAY + DAY / 3 }), 'alert.updated'],
    ['as rare, but found on look-back, extends it', rarer(5, { look_back: true }), 'alert.updated'],
    [
      'an export of ten times as many records, though no rarer, opens one that follows it',
      exported(600),
      'alert.opened',
    ],
    ['an export an hour later does too', exported(600, { time: 100 * DAY + HOUR }), 'alert.opened'],
    ['an export of the same moment extends it', exported(600, { time: 100 * DAY }), 'alert.updated'],
    ['an export of nearly so many extends it', exported(599), 'alert.updated'],
    ['as many records that were only seen extends it', exported(600, { measure: 'contacts_viewed' }), 'alert.updated'],
    [
      'as much of something else than records extends it',
      exported(600, { measure: 'portfolio_taken' }),
      'alert.updated',
    ],
  ])('what is %s', (_, next, type) => {
    const book = bookOf()
    const first = add(book, finding())?.alert
    const change = add(book, next)
    expect(change?.type).toBe(type)
    expect(change?.alert.follows).toBe(type === 'alert.opened' ? first?.alert_uid : null)
  })

  test('is held against all of its earlier days, and what it grew to on the same day against none', () => {
    const book = bookOf()
    add(book, finding())
    add(book, finding({ time: 102 * DAY, observed: 80, score: scoreOf(strengthOf(50) + 0.9) }))
    const types = [0.95, 1.2, 1.95, 8].map(
      (decades, i) => add(book, rarer(decades, { time: 104 * DAY + i * 60_000, observed: 500 + i }))?.type,
    )
    expect(types).toEqual(['alert.updated', 'alert.updated', 'alert.opened', 'alert.updated'])
  })

  test.each([
    ['an export that did not say how many records it held', { measure: 'unsized_exports', observed: 1 }],
    ['a rule that counts no records', { measure: null, observed: null }],
  ] as const)('that told of %s is held against how rare things are alone', (_, first) => {
    const book = bookOf()
    add(book, finding(first))
    expect(add(book, exported(48_000))?.type).toBe('alert.updated')
    expect(add(book, rarer(1.01, { time: 105 * DAY }))?.type).toBe('alert.opened')
  })

  test('and the one that followed it keep what is theirs when the past is folded again', () => {
    const book = bookOf()
    const first = add(book, finding())
    const second = add(book, rarer(4))
    const known = book.of('default', 'anna')
    expect([add(book, finding()), add(book, rarer(4))]).toEqual([null, null])
    expect(book.of('default', 'anna')).toEqual(known)
    const between = { time: 103 * DAY, observed: 90, score: scoreOf(strengthOf(50) + 2) }
    expect(add(book, finding(between))).toMatchObject({
      type: 'alert.updated',
      alert: { alert_uid: first?.alert.alert_uid },
    })
    expect(add(book, rarer(5, { time: 104 * DAY + 5 }))?.alert.alert_uid).toBe(second?.alert.alert_uid)
  })
})

describe('an episode that analysts have settled', () => {
  const settled = (status: 'resolved' | 'closed') => {
    const book = bookOf()
    const opened = add(book, finding())
    if (opened === null) throw new Error('the first finding opens an alert')
    book.replace({ ...opened.alert, status, version: 2 })
    return { book, first: opened.alert }
  }

  test.each(['resolved', 'closed'] as const)('stays as it is when nothing worse comes (%s)', (status) => {
    const { book, first } = settled(status)
    expect(add(book, finding({ time: 101 * DAY, observed: 70, score: 55, tail_log10: -6 }))).toBeNull()
    expect(book.of('default', 'anna')).toMatchObject([{ alert_uid: first.alert_uid, status, version: 2 }])
  })

  test.each([
    ['it grows more severe', { score: 85, observed: 70 }],
    ['twice as much is seen', { score: 55, observed: 120 }],
    ['another detector finds as much', { detector: 'mass-copy', measure: 'contacts_copied' as const, score: 50 }],
  ])('is followed by an alert of its own when %s', (_, worse) => {
    const { book, first } = settled('closed')
    const change = add(book, finding({ time: 101 * DAY, tail_log10: -6, ...worse }))
    expect(change).toMatchObject({ type: 'alert.opened', alert: { follows: first.alert_uid, status: 'new' } })
    expect(change?.alert.alert_uid).not.toBe(first.alert_uid)
    const next = add(book, finding({ time: 101 * DAY + 5, tail_log10: -9, ...worse, score: 90, observed: 400 }))
    expect(next).toMatchObject({ type: 'alert.updated', alert: { alert_uid: change?.alert.alert_uid } })
  })

  test('that is taken up again goes on', () => {
    const { book, first } = settled('closed')
    book.replace({ ...first, status: 'in_progress', version: 3 })
    const change = add(book, finding({ time: 101 * DAY, observed: 70, score: 55, tail_log10: -6 }))
    expect(change).toMatchObject({
      type: 'alert.updated',
      alert: { alert_uid: first.alert_uid, status: 'in_progress', version: 4 },
    })
  })
})
