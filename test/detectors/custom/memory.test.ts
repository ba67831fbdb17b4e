import { describe, expect, test } from 'vitest'
import { createRuleBench, type RuleEvent } from './rule-bench.ts'

const rules = (groupBy: string, condition: string, type = 'event_count') => `
title: Under test
name: under-test
correlation:
  type: ${type}
  rules: [any]
  group-by: [${groupBy}]
  timespan: 1h
  condition: { ${condition} }
---
title: Any
name: any
detection: { selection: { action: '*' }, condition: selection }
`
const at = (time: number, event: RuleEvent = {}): RuleEvent => ({ time: time * 60_000, ...event })

describe('a rule at its limits', () => {
  test('forgets the group that was quiet longest, and counts it', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 3'), { groups: 2, entries: 1_000 })
    bench.fold(['a', 'a', 'b', 'a', 'c'].map((actor_uid, n) => at(n, { actor_uid })))
    expect(bench.rules.usage()).toEqual([
      { rule: 'under-test', groups: 2, entries: 4, forgottenGroups: 1, forgottenEntries: 1 },
    ])
    // b begins anew, a goes on from three.
    expect(bench.fold([at(6, { actor_uid: 'a' })])[0].finding.observed).toBe(4)
    expect(bench.fold([at(7, { actor_uid: 'b' }), at(8, { actor_uid: 'b' })])).toEqual([])
  })

  test('gives groups up whose window is over without counting them', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 3'), { groups: 1, entries: 1_000 })
    bench.fold([at(0, { actor_uid: 'a' }), at(61, { actor_uid: 'b' })])
    expect(bench.rules.usage()[0]).toMatchObject({ groups: 1, forgottenGroups: 0, forgottenEntries: 0 })
  })

  test('forgets a single group’s oldest entries', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 1'), { groups: 5, entries: 10 })
    bench.fold(Array.from({ length: 50 }, (_, n) => at(n / 60)))
    expect(bench.rules.usage()[0]).toMatchObject({ groups: 1, entries: 10, forgottenEntries: 40 })
  })

  test.each([
    ['value_count', 'field: object_uids, gte: 1'],
    ['value_sum', 'field: record_count, gte: 1'],
  ])('keeps %s within them', (type, condition) => {
    const bench = createRuleBench(rules('src_ip', condition, type), { groups: 4, entries: 40 })
    for (let n = 0; n < 500; n++) {
      bench.fold([at(n / 60, { src_ip: `192.0.2.${n % 7}`, object_uids: [`c${n}`, `d${n % 3}`], record_count: 2 })])
      const { groups, entries } = bench.rules.usage()[0]
      expect(groups).toBeLessThanOrEqual(4)
      expect(entries).toBeLessThanOrEqual(40)
    }
  })

  test('keeps nothing that left the window', () => {
    const bench = createRuleBench(rules('actor_uid', 'field: object_uids, gte: 1', 'value_count'))
    for (let n = 0; n < 5_000; n++) bench.fold([at(n, { object_uids: [`c${n % 200}`] })])
    expect(bench.rules.usage()[0].entries).toBe(61)
  })
})

describe('folding a person again', () => {
  const events = [at(0), at(1), at(2, { actor_uid: 'bob' }), at(3)]

  test('a cleared actor’s counts begin anew, others’ go on', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 2'))
    const first = bench.fold(events)
    bench.rules.clear(bench.actor('anna'))
    const anna = events.filter(({ actor_uid }) => actor_uid === undefined)
    expect(bench.fold(anna, 'actor')).toEqual(first)
    expect(bench.fold([at(4, { actor_uid: 'bob' })])[0].finding.observed).toBe(2)
  })

  test('clears groups of the actor and something else', () => {
    const bench = createRuleBench(rules('actor_uid, src_ip', 'gte: 2'))
    bench.fold([at(0, { src_ip: '192.0.2.1' }), at(0, { src_ip: '192.0.2.2' })])
    bench.rules.clear(bench.actor('anna'))
    expect(bench.rules.usage()[0]).toMatchObject({ groups: 0, entries: 0 })
  })

  test('leaves rules alone whose groups several actors share', () => {
    const bench = createRuleBench(rules('src_ip', 'gte: 3'))
    const [one, two, three] = [0, 1, 2].map((n) => at(n, { src_ip: '192.0.2.1' }))
    bench.fold([one, two])
    bench.rules.clear(bench.actor('anna'))
    expect(bench.fold([one, two, three], 'actor')).toEqual([])
    // A late event is seen once, when it comes.
    expect(bench.fold([three], 'shared')[0].finding.observed).toBe(3)
  })

  test('the shared scope leaves rules per actor alone', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 1'))
    expect(bench.fold([at(0)], 'shared')).toEqual([])
  })
})

describe('what was told', () => {
  test('is told again only when it grew by a fifth or the window has passed', () => {
    const bench = createRuleBench(rules('actor_uid', 'gte: 10'))
    const told = bench.fold(Array.from({ length: 21 }, (_, n) => at(n)))
    expect(told.map(({ finding }) => finding.observed)).toEqual([10, 12, 15, 18])
    const later = bench.fold(Array.from({ length: 12 }, (_, n) => at(200 + n)))
    expect(later.map(({ finding }) => finding.observed)).toEqual([10, 12])
  })

  test('has the window it was counted in', () => {
    const [match] = createRuleBench(rules('actor_uid', 'gte: 3')).fold([at(0), at(60.5), at(61), at(62)])
    expect(match.finding).toEqual({
      detector: 'custom:under-test',
      time: 62 * 60_000,
      score: 50,
      measure: null,
      window: null,
      window_from: 60.5 * 60_000,
      window_to: 62 * 60_000,
      observed: 3,
      expected: null,
      expected_peers: null,
      baseline_days: 0,
      tail_log10: null,
      look_back: false,
      facts: {
        kind: 'rule',
        title: 'Under test',
        type: 'event_count',
        rules: 1,
        fields: [],
        timespan_ms: 3_600_000,
        condition: [{ op: 'gte', value: 3 }],
        group: [],
      },
      contributions: [
        {
          test: 'custom:under-test',
          kind: 'rule',
          measure: null,
          window: null,
          observed: 3,
          expected: null,
          expected_peers: null,
          weight: null,
          part: 1,
        },
      ],
    })
  })

  test('reaches back as far as the timespans along a chain', () => {
    expect(createRuleBench(rules('actor_uid', 'gte: 3')).rules.rebuildMs).toBe(7_200_000)
  })
})
