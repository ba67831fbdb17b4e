import { describe, expect, test } from 'vitest'
import { createRuleBench, type RuleEvent } from './rule-bench.ts'

const indent = (lines: string) => lines.replaceAll('\n', '\n  ')
/** A detection of its own, told at once. */
const rule = (detection: string) => `title: Under test\ndetection:\n  ${indent(detection)}\n`
const matches = (detection: string, event: RuleEvent) => createRuleBench(rule(detection)).fold([event]).length === 1
const one = (line: string) => `selection:\n  ${line}\ncondition: selection`

const EVENT: RuleEvent = {
  action: 'export',
  object_type: 'contact',
  channel: 'ui',
  actor_uid: 'Anna.B',
  src_ip: '192.0.2.77',
  user_agent: 'Mozilla/5.0 (X11)',
  record_count: 120,
  has_contact_fields: true,
  object_uids: ['c1', 'c2'],
  owner_uids: ['bob'],
  columns: ['Phone', 'e-mail'],
  query_text: 'a*b?c\\d',
  export_format: '',
  bytes: 5_000,
  staff: { role: 'Sales', team: 'North', leaver: 'notice' },
}

describe('a value', () => {
  test.each([
    ['action: export', true],
    ['action: EXPORT', true],
    ['action|cased: export', true],
    ['actor_uid|cased: anna.b', false],
    ['actor_uid: anna.b', true],
    ['action: [view, export]', true],
    ['action: [view, copy]', false],
    ['action: ex*t', true],
    ['action: expo??', true],
    ['action: expo?', false],
    ['action: "*"', true],
    ['user_agent: "*x11*"', true],
    ['user_agent|contains: mozilla', true],
    ['user_agent|startswith: mozilla/', true],
    ['user_agent|startswith: x11', false],
    ['user_agent|endswith: (x11)', true],
    ['user_agent|contains|all: [mozilla, x11]', true],
    ['user_agent|contains|all: [mozilla, win]', false],
    ['user_agent|re: "^Mozilla/\\\\d\\\\.0 "', true],
    ['user_agent|re: mozilla', false],
    ['user_agent|re|i: mozilla', true],
    ['user_agent|re: "(?i)MOZ"', true],
    ["query_text: 'a\\*b\\?c\\d'", true],
    ["query_text: 'a\\*b\\?d'", false],
    ["query_text|endswith: 'c\\\\d'", true],
    ['src_ip|cidr: 192.0.2.0/24', true],
    ['src_ip|cidr: [10.0.0.0/8, 198.51.100.0/24]', false],
    ['src_ip|cidr: 2001:db8::/32', false],
    ['record_count|gt: 119', true],
    ['record_count|gt: 120', false],
    ['record_count|gte: 120', true],
    ['record_count|lt: 120', false],
    ['record_count|lte: 120', true],
    ['record_count: 120', true],
    ['record_count: [1, 120]', true],
    ['bytes|gte: 5000', true],
    ['chunk_seq|lt: 10', false],
    ['has_contact_fields: true', true],
    ['has_contact_fields: false', false],
    ['session_uid: null', true],
    ['session_uid|exists: false', true],
    ['src_ip|exists: true', true],
    ['src_ip: null', false],
    ["export_format: ''", true],
    ["session_uid: ''", false],
    ['object_uids: c2', true],
    ['object_uids|contains|all: [c1, c2]', true],
    ['object_uids: c3', false],
    ['owner_uids: Bob', true],
    ['columns: phone', true],
    ['recipient_uids: null', true],
    ['actor.role: sales', true],
    ['actor.team|startswith: nor', true],
    ['actor.leaver: [notice, left]', true],
    ['actor.leaver: none', false],
    ['source: test', true],
    ['org_uid: default', true],
    ['event_uid: e', true],
  ])('%s: %s', (line, expected) => {
    expect(matches(one(line), EVENT)).toBe(expected)
  })

  test('of several owners is any of them', () => {
    expect(matches(one('owner_uids: carl'), { owner_uids: ['bob', 'carl'] })).toBe(true)
  })

  test.each(['::ffff:192.0.2.77', '2001:db8::7'])('in a network of version 6: %s', (src_ip) => {
    expect(matches(one('src_ip|cidr: 2001:db8::/32'), { src_ip })).toBe(src_ip.startsWith('2001'))
  })

  test('is asked anew for another code', () => {
    const bench = createRuleBench(rule(one('src_ip|cidr: 192.0.2.0/24')))
    const found = ['192.0.2.1', '10.0.0.1', '192.0.2.1', '10.0.0.1'].map(
      (src_ip, n) => bench.fold([{ src_ip, actor_uid: `a${n}` }]).length,
    )
    expect(found).toEqual([1, 0, 1, 0])
  })
})

describe('selections and conditions', () => {
  const selections = `sel_a:
  action: export
  channel: ui
sel_b:
  - action: view
  - record_count|gte: 100
none_c:
  actor_uid: nobody
_hidden:
  action: export`
  test.each([
    ['sel_a', true],
    ['none_c', false],
    ['not none_c', true],
    ['not not none_c', false],
    ['sel_a and sel_b', true],
    ['sel_a and none_c', false],
    ['none_c and sel_a or sel_b', true],
    ['none_c and (sel_a or sel_b)', false],
    ['not none_c and sel_a', true],
    ['not (none_c or sel_a)', false],
    ['1 of sel_*', true],
    ['all of sel_*', true],
    ['all of them', false],
    ['1 of them', true],
    ['any of none*', false],
    ['not 1 of none* and all of sel_*', true],
    ['SEL_a or none_c', null],
    ['sel_a AND NOT none_c', true],
    ['[none_c, sel_b]', true],
  ])('%s: %s', (condition, expected) => {
    const detection = `${selections}\ncondition: ${condition}`
    if (expected === null) expect(() => matches(detection, EVENT)).toThrow(/an unknown selection/)
    else expect(matches(detection, EVENT)).toBe(expected)
  })

  test('what the kind says alone agrees with what the whole row says', () => {
    const detection = `k:
  action: export
r:
  src_ip: 192.0.2.1
condition: (k or r) and not (k and r)`
    expect(matches(detection, { action: 'export', src_ip: '192.0.2.1' })).toBe(false)
    expect(matches(detection, { action: 'export', src_ip: '192.0.2.2' })).toBe(true)
    expect(matches(detection, { action: 'view', src_ip: '192.0.2.1' })).toBe(true)
    expect(matches(detection, { action: 'view', src_ip: '192.0.2.2' })).toBe(false)
  })
})
