import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueOf } from '../../../messages/catalogues.ts'
import { sayFinding } from '../../../messages/say-finding.ts'
import { createRuleBench, type RuleEvent } from './rule-bench.ts'

const SPAN_MS = 60_000
const detection = (name: string, line: string) => `
---
title: ${name}
name: ${name}
detection:
  selection:
    ${line}
  condition: selection
`
/** A rule that is met at every event, so that each one tells its count, unless it is told already. */
const correlation = (lines: readonly string[]) => `
title: Under test
name: under-test
correlation:
  ${lines.join('\n  ')}
  timespan: 60s
`

interface Step {
  readonly time: number
  readonly actor: string
  readonly ip: string | null
  readonly action: 'view' | 'copy' | 'export'
  readonly count: number | null
  readonly object: string
}

const step = fc.record({
  actor: fc.constantFrom('anna', 'bob'),
  ip: fc.constantFrom('192.0.2.1', '192.0.2.2', null),
  action: fc.constantFrom('view' as const, 'copy' as const, 'export' as const),
  count: fc.constantFrom(null, 0, 1, 5, 40),
  object: fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5'),
})
/** Ties, rising times, late ones inside the window, and ones that lie before it. */
const streams = fc
  .array(
    fc.tuple(
      step,
      fc.constantFrom(0, 0, 1, 7_000, 30_000, 60_000, 60_001),
      fc.constantFrom(0, 0, 0, 1, 9_000, 50_000, 90_000),
    ),
    {
      maxLength: 40,
    },
  )
  .map((steps) => {
    let clock = 1_000_000
    return steps.map(([one, forward, late]): Step => {
      clock += forward
      return { ...one, time: clock - late }
    })
  })

const eventOf = ({ actor, ip, count, object, ...rest }: Step): RuleEvent => ({
  ...rest,
  actor_uid: actor,
  src_ip: ip,
  record_count: count,
  object_uids: [object],
})

interface Naive {
  /** The group of an event; null when it is in none. */
  readonly group: (step: Step) => string | null
  /** The count over a group's events inside the window, in the order of time, of equal times that of arrival. */
  readonly count: (inside: readonly Step[]) => number
  readonly reached: (count: number) => boolean
}

/** What would be told at every event, worked out anew from all events so far. */
function naively(stream: readonly Step[], { group, count, reached }: Naive): (number | null)[] {
  const told = new Map<string, { at: number; count: number }>()
  return stream.map((one, n) => {
    const key = group(one)
    if (key === null) return null
    const sameGroup = stream.slice(0, n + 1).filter((other) => group(other) === key)
    const now = Math.max(...sameGroup.map(({ time }) => time))
    if (one.time < now - SPAN_MS) return null
    const inside = sameGroup.filter(({ time }) => time >= now - SPAN_MS).sort((a, b) => a.time - b.time)
    const observed = count(inside)
    if (!reached(observed)) return null
    const last = told.get(key)
    if (last !== undefined && now - last.at <= SPAN_MS && observed < last.count * 1.2) return null
    told.set(key, { at: now, count: observed })
    return observed
  })
}

function expectSame(rule: string, naive: Naive): void {
  fc.assert(
    fc.property(streams, (stream) => {
      const bench = createRuleBench(rule)
      const ours = stream.map((one) => {
        const found = bench.fold([eventOf(one)])
        expect(found.length).toBeLessThanOrEqual(1)
        return found[0]?.finding.observed ?? null
      })
      expect(ours).toEqual(naively(stream, naive))
    }),
    { numRuns: 300 },
  )
}

const byActor = ({ actor }: Step) => actor
const ACTIONS = ['view', 'copy', 'export'] as const
const of = (...actions: readonly string[]) => actions.map((action) => detection(action, `action: ${action}`)).join('')
const three = of(...ACTIONS)

/** The longest chain of steps in the order of ACTIONS, by trying all. */
function inOrder(inside: readonly Step[], from = 0, next = 0): number {
  let longest = 0
  for (let i = from; i < inside.length; i++) {
    if (inside[i].action === ACTIONS[next]) longest = Math.max(longest, 1 + inOrder(inside, i + 1, next + 1))
  }
  return longest
}

describe('equals what all events so far give, at every event', () => {
  test('event_count', () => {
    const rule = correlation(['type: event_count', 'rules: [copy]', 'group-by: [actor_uid]', 'condition: { gte: 2 }'])
    expectSame(rule + of('copy'), {
      group: (one) => (one.action === 'copy' ? one.actor : null),
      count: (inside) => inside.length,
      reached: (count) => count >= 2,
    })
  })

  test('event_count of several rules, over two fields, one of which can be missing', () => {
    const rule = correlation([
      'type: event_count',
      'rules: [copy, export]',
      'group-by: [actor_uid, src_ip]',
      'condition: { gt: 1, lte: 4 }',
    ])
    expectSame(rule + of('copy', 'export'), {
      group: ({ action, actor, ip }) => (action === 'view' || ip === null ? null : `${actor} ${ip}`),
      count: (inside) => inside.length,
      reached: (count) => count > 1 && count <= 4,
    })
  })

  test('value_count of records', () => {
    const rule = correlation([
      'type: value_count',
      'rules: [any]',
      'group-by: [src_ip]',
      'condition: { field: object_uids, gte: 2 }',
    ])
    expectSame(rule + detection('any', 'object_type: contact'), {
      group: ({ ip }) => ip,
      count: (inside) => new Set(inside.map(({ object }) => object)).size,
      reached: (count) => count >= 2,
    })
  })

  test('value_count of two fields together', () => {
    const rule = correlation([
      'type: value_count',
      'rules: [any]',
      'group-by: [actor_uid]',
      'condition: { field: [src_ip, action], neq: 3 }',
    ])
    expectSame(rule + detection('any', 'object_type: contact'), {
      group: ({ ip, actor }) => (ip === null ? null : actor),
      count: (inside) => new Set(inside.map(({ ip, action }) => `${ip} ${action}`)).size,
      reached: (count) => count !== 3,
    })
  })

  test('value_sum', () => {
    const rule = correlation([
      'type: value_sum',
      'rules: [any]',
      'group-by: [actor_uid]',
      'condition: { field: record_count, gte: 6 }',
    ])
    expectSame(rule + detection('any', 'object_type: contact'), {
      group: ({ count, actor }) => (count === null ? null : actor),
      count: (inside) => inside.reduce((sum, { count }) => sum + (count ?? 0), 0),
      reached: (count) => count >= 6,
    })
  })

  test('temporal', () => {
    const rule = correlation(['type: temporal', `rules: [${ACTIONS.join(', ')}]`, 'group-by: [actor_uid]'])
    expectSame(rule + three, {
      group: byActor,
      count: (inside) => new Set(inside.map(({ action }) => action)).size,
      reached: (count) => count === 3,
    })
  })

  test('temporal with a condition, over all events of the tenant', () => {
    const rule = correlation(['type: temporal', `rules: [${ACTIONS.join(', ')}]`, 'condition: { eq: 2 }'])
    expectSame(rule + three, {
      group: () => 'all',
      count: (inside) => new Set(inside.map(({ action }) => action)).size,
      reached: (count) => count === 2,
    })
  })

  test('temporal_ordered', () => {
    const rule = correlation(['type: temporal_ordered', `rules: [${ACTIONS.join(', ')}]`, 'group-by: [actor_uid]'])
    expectSame(rule + three, { group: byActor, count: inOrder, reached: (count) => count === 3 })
  })
})

describe('one event', () => {
  const two = detection('any', 'object_type: contact') + detection('copied', 'action: copy')

  test('counts once where it matches two rules', () => {
    const rule = correlation([
      'type: event_count',
      'rules: [any, copied]',
      'group-by: [actor_uid]',
      'condition: { gte: 2 }',
    ])
    expect(createRuleBench(rule + two).fold([{ action: 'copy' }])).toEqual([])
  })

  test('may match several rules of temporal, and be one step only of temporal_ordered', () => {
    const lines = ['rules: [any, copied]', 'group-by: [actor_uid]']
    expect(createRuleBench(correlation(['type: temporal', ...lines]) + two).fold([{ action: 'copy' }])).toHaveLength(1)
    const ordered = createRuleBench(correlation(['type: temporal_ordered', ...lines]) + two)
    expect(ordered.fold([{ action: 'copy', time: 1 }])).toEqual([])
    expect(ordered.fold([{ action: 'copy', time: 1 }])).toHaveLength(1)
  })

  test('belongs to the group of each of its records', () => {
    const rule = correlation(['type: event_count', 'rules: [any]', 'group-by: [object_uids]', 'condition: { gte: 2 }'])
    const bench = createRuleBench(rule + two)
    expect(bench.fold([{ object_uids: ['c1', 'c2'], actor_uid: 'anna' }])).toEqual([])
    const [match, ...more] = bench.fold([{ object_uids: ['c2', 'c3'], actor_uid: 'bob' }])
    expect(more).toEqual([])
    expect(match.actor).toBe(bench.actor('bob'))
    expect(sayFinding(match.finding, catalogueOf('en'))).toBe(
      'rule "Under test": 2 events in 1 second (at least 2 in 1 minute), object_uids c2',
    )
  })

  test('of another tenant is in another group', () => {
    const rule = correlation(['type: event_count', 'rules: [any]', 'group-by: [src_ip]', 'condition: { gte: 2 }'])
    const bench = createRuleBench(rule + two)
    expect(
      bench.fold([
        { org_uid: 'one', src_ip: '192.0.2.1' },
        { org_uid: 'two', src_ip: '192.0.2.1' },
      ]),
    ).toEqual([])
    expect(bench.fold([{ org_uid: 'one', src_ip: '192.0.2.1' }])).toHaveLength(1)
  })

  test('of another kind leaves nothing of the last one behind', () => {
    const rule = correlation(['type: temporal', 'rules: [any, copied]', 'group-by: [actor_uid]'])
    const apart = detection('any', 'object_type: contact') + detection('copied', 'object_type: file')
    expect(createRuleBench(rule + apart).fold([{ object_type: 'file', time: 0 }, { time: 90_000 }])).toEqual([])
  })
})

describe('chains', () => {
  const chain = `
title: Failures and then a success
correlation:
  type: temporal_ordered
  rules: [many_failures, success]
  group-by: [actor_uid]
  timespan: 10m
level: high
---
title: Many failures
name: many_failures
correlation:
  type: event_count
  rules: [failure]
  group-by: [actor_uid, src_ip]
  timespan: 5m
  condition: { gte: 3 }
${detection('failure', 'outcome: failure')}${detection('success', 'outcome: success')}`
  const failures = (ip: string, from: number): RuleEvent[] =>
    [0, 1, 2].map((n) => ({ outcome: 'failure', action: 'login', src_ip: ip, time: from + n * 1_000 }))

  test('feed the outer rule alone', () => {
    const bench = createRuleBench(chain)
    expect(bench.fold(failures('192.0.2.1', 0))).toEqual([])
    const [match] = bench.fold([{ action: 'login', src_ip: '192.0.2.9', time: 60_000 }])
    expect(match.finding).toMatchObject({
      detector: 'custom:failures-and-then-a-success',
      score: 70,
      observed: 2,
      window_from: 2_000,
      window_to: 60_000,
    })
  })

  test('tell the inner rules as well with generate', () => {
    const bench = createRuleBench(chain.replace('timespan: 10m', 'timespan: 10m\n  generate: true'))
    const detectors = bench.fold([...failures('192.0.2.1', 0)]).map(({ finding }) => finding.detector)
    expect(detectors).toContain('custom:many_failures')
  })

  test('take the other names of the inner rule’s group', () => {
    const outer = `
title: Two addresses
correlation:
  type: value_count
  rules: [inner]
  group-by: [who]
  timespan: 1h
  condition: { field: src_ip, gte: 2 }
---
title: Inner
name: inner
correlation:
  type: event_count
  rules: [failure, success]
  aliases: { who: { failure: on_behalf_of_uid, success: actor_uid } }
  group-by: [who]
  timespan: 1h
  condition: { gte: 2 }
${detection('failure', 'outcome: failure')}${detection('success', 'outcome: success')}`
    const found = createRuleBench(outer).fold([
      { time: 1, src_ip: '192.0.2.1', outcome: 'failure', actor_uid: 'bob', on_behalf_of_uid: 'anna' },
      { time: 2, src_ip: '192.0.2.1', actor_uid: 'anna' },
      { time: 3, src_ip: '192.0.2.2', actor_uid: 'anna' },
    ])
    expect(found.map(({ finding }) => sayFinding(finding, catalogueOf('en')))).toEqual([
      'rule "Two addresses": 2 different values of src_ip in 1 second (at least 2 in 1 hour), who anna',
    ])
  })
})
