import { describe, expect, test } from 'vitest'
import { createRuleBench, type RuleEvent } from './rule-bench.ts'

const MINUTE_MS = 60_000

/** The head that rules carry when they are published: every attribute that the Sigma specification names. */
const head = (name: string, id: string) => `title: ${name} in the form in which rules are published
id: ${id}
name: ${name}
taxonomy: sigma
related:
    - id: 5a5b3d1a-9b41-4f0c-8f5e-2f4f0f3f0a01
      type: derived
status: test
description: |
    Several lines of description,
    as rules have them.
license: MIT
references:
    - https://example.com/an-article
author: Somebody, Somebody Else
date: 2026-01-31
modified: 2026-02-28
tags:
    - attack.exfiltration
    - attack.t1530
scope:
    - server
fields:
    - actor_uid
falsepositives:
    - Audits
level: high
`

const detection = (name: string, id: string, selection: string) => `${head(name, id)}logsource:
    product: crm
    service: access
    category: application
    definition: the access log of a CRM
detection:
    selection:
${selection}
    filter_main_machine:
        actor_type:
            - integration
            - system
    condition: selection and not 1 of filter_main_*
`

const base = detection(
  'bulk_read_of_contacts',
  '0e95725d-7320-415d-80f7-004da920fc11',
  `        action|startswith: bulk
        object_type:
            - contact
            - lead`,
)
const login = detection(
  'failed_login',
  '0e95725d-7320-415d-80f7-004da920fc22',
  '        action: login\n        outcome: failure',
)

const correlation = (body: string) => `${head('under_test', '0e95725d-7320-415d-80f7-004da920fc33')}correlation:
${body}---
${base}---
${login}`

const at = (minute: number, event: RuleEvent): RuleEvent => ({ ...event, time: minute * MINUTE_MS })
const read: RuleEvent = { action: 'bulk_read', object_type: 'contact' }
const fail: RuleEvent = { action: 'login', object_type: 'unknown', outcome: 'failure' }

const firesAt = (rule: string, events: readonly RuleEvent[]): number[] =>
  createRuleBench(rule)
    .fold(events)
    .map(({ finding }) => finding.time / MINUTE_MS)

describe('a rule in its published form runs unchanged', () => {
  test('event_count, by several fields, in windows that slide', () => {
    const rule = correlation(`    type: event_count
    rules:
        - bulk_read_of_contacts
    group-by:
        - actor_uid
        - src_ip
    timespan: 10m
    condition:
        gte: 3
`)
    const of = (minute: number, src_ip: string) => at(minute, { ...read, src_ip })
    // Three within ten minutes, though no ten minutes counted from the hour hold them.
    expect(firesAt(rule, [of(6, 'a'), of(11, 'a'), of(12, 'b'), of(15, 'a')])).toEqual([15])
    // The first has left the window when the third comes; the fourth makes it three again.
    expect(firesAt(rule, [of(0, 'a'), of(9, 'a'), of(11, 'a'), of(12, 'a')])).toEqual([12])
    expect(firesAt(rule, [of(1, 'a'), of(2, 'b'), of(3, 'c')])).toEqual([])
    expect(
      firesAt(
        rule,
        [1, 2, 3].map((n) => at(n, { ...read, actor_type: 'integration' })),
      ),
    ).toEqual([])
  })

  test('value_count, of rules named by their id', () => {
    const rule = correlation(`    type: value_count
    rules:
        - 0e95725d-7320-415d-80f7-004da920fc11
    group-by:
        - src_ip
    timespan: 1h
    condition:
        field: actor_uid
        gt: 2
`)
    const of = (minute: number, actor_uid: string) => at(minute, { ...read, actor_uid, src_ip: '192.0.2.7' })
    expect(firesAt(rule, [of(1, 'a'), of(2, 'b'), of(3, 'b'), of(4, 'c')])).toEqual([4])
    expect(firesAt(rule, [of(1, 'a'), of(30, 'b'), of(62, 'c')])).toEqual([])
  })

  test('temporal and temporal_ordered, with aliases', () => {
    const body = (type: string) => `    type: ${type}
    rules:
        - failed_login
        - bulk_read_of_contacts
    aliases:
        who:
            failed_login: on_behalf_of_uid
            bulk_read_of_contacts: actor_uid
    group-by:
        - who
    timespan: 30m
`
    const events = [at(1, { ...read, actor_uid: 'anna' }), at(2, { ...fail, actor_uid: 'x', on_behalf_of_uid: 'anna' })]
    expect(firesAt(correlation(body('temporal')), events)).toEqual([2])
    expect(firesAt(correlation(body('temporal_ordered')), events)).toEqual([])
    expect(firesAt(correlation(body('temporal_ordered')), [...events, at(3, { ...read, actor_uid: 'anna' })])).toEqual([
      3,
    ])
  })

  test('value_sum, with two bounds', () => {
    const rule = correlation(`    type: value_sum
    rules:
        - bulk_read_of_contacts
    group-by:
        - actor_uid
    timespan: 1d
    condition:
        field: record_count
        gte: 100
        lt: 1000
`)
    const of = (minute: number, record_count: number) => at(minute, { ...read, record_count })
    expect(firesAt(rule, [of(1, 60), of(2, 50)])).toEqual([2])
    expect(firesAt(rule, [of(1, 1_500)])).toEqual([])
  })
})
