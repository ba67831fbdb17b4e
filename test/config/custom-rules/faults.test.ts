import { describe, expect, test } from 'vitest'
import { loadCustomRules } from '../../../config/custom-rules/load-custom-rules.ts'
import { readCustomRules } from '../../../config/custom-rules/read-custom-rules.ts'
import { formatFault } from '../../../config/fault.ts'
import { CUSTOM_RULE_LIMITS } from '../../../model/custom-rule.ts'

const faultsOf = (text: string, file = 'r.yml'): string[] => {
  const result = readCustomRules([{ file, text }])
  return result.ok ? [] : result.faults.map(formatFault)
}
const detection = (lines: string) => `title: T\ndetection:\n${lines}\n`
const value = (line: string) => detection(`  s:\n    ${line}\n  condition: s`)
const condition = (text: string) =>
  detection(`  sel_a: { action: view }\n  sel_b: { action: copy }\n  condition: ${text}`)
const BASE = '---\ntitle: Base\nname: base\ndetection: { s: { action: view }, condition: s }\n'
const correlation = (lines: string) => `title: T\ncorrelation:\n${lines}\n${BASE}`
const counted = (line: string) =>
  correlation(`  type: event_count\n  rules: [base]\n  group-by: [actor_uid]\n  timespan: 1h\n  ${line}`)

describe('every fault tells file, line, column, path, and what is allowed', () => {
  test.each<[string, string, string[]]>([
    [
      'broken YAML',
      'title: T\ndetection: [\n',
      ['r.yml:3:1: found broken YAML (bad indent); allowed: well-formed YAML documents without a key twice'],
    ],
    [
      'a key twice',
      'title: T\ntitle: U\n',
      ['r.yml:2:1: found broken YAML (duplicate key); allowed: well-formed YAML documents without a key twice'],
    ],
    ['a YAML alias', 'title: &t T\nname: *t\n', ['r.yml:2:7: found a YAML alias; allowed: the value written out']],
    ['an empty file', '', ['r.yml:1:1: found an empty file; allowed: a rule: title, and detection or correlation']],
    ['spaces alone', ' \n\n', ['r.yml:1:1: found an empty file; allowed: a rule: title, and detection or correlation']],
    [
      'remarks alone',
      '# title: T\n---\n# nothing\n',
      ['r.yml:1:1: found a file without a rule; allowed: a rule: title, and detection or correlation'],
    ],
    ['no rule', '- a\n- b\n', ['r.yml:1:1: found a list; allowed: a rule: title, and detection or correlation']],
    [
      'no title',
      'detection: { s: { action: view }, condition: s }\n',
      ['r.yml:1:1: title: found nothing; allowed: a text of at most 256 characters'],
    ],
    [
      'a long title',
      value('action: view').replace('title: T', `title: ${'x'.repeat(257)}`),
      ['r.yml:1:8: title: found 257 characters; allowed: a text of at most 256 characters'],
    ],
    [
      'neither detection nor correlation',
      'title: T\n',
      ['r.yml:1:1: found neither detection nor correlation; allowed: one of them'],
    ],
    [
      'both',
      `${value('action: view')}correlation: {}\n`,
      ['r.yml:6:1: correlation: found beside a detection; allowed: one of them; a document of its own for the other'],
    ],
    ['a detection that is none', 'title: T\ndetection: x\n', ['r.yml:2:12: detection: found "x"; allowed: a section']],
    [
      'a misspelt key',
      `${value('action: view')}levl: high\n`,
      ['r.yml:6:1: levl: found an unknown key; allowed: level, perhaps; or a name less like it'],
    ],
    [
      'an unknown level',
      `${value('action: view')}level: hihg\n`,
      ['r.yml:6:8: level: found "hihg"; allowed: high, perhaps; one of informational, low, medium, high, critical'],
    ],
    [
      'a rule collection',
      `${value('action: view')}action: global\n`,
      ['r.yml:6:1: action: found action, which is not supported; allowed: one complete rule per document'],
    ],
    [
      'a filter',
      'title: T\nfilter: { rules: [a] }\n',
      [
        'r.yml:2:1: filter: found filter, which is not supported; allowed: the exclusion in the rule’s own condition: selection and not filter',
        'r.yml:1:1: found neither detection nor correlation; allowed: one of them',
      ],
    ],
    [
      'no condition',
      detection('  s: { action: view }'),
      ['r.yml:3:3: detection.condition: found nothing; allowed: a condition over the selections'],
    ],
    [
      'an empty condition',
      condition('""'),
      ['r.yml:5:14: detection.condition: found ""; allowed: a condition such as selection and not filter'],
    ],
    [
      'an empty list of conditions',
      condition('[]'),
      ['r.yml:5:14: detection.condition: found an empty list; allowed: a condition'],
    ],
    [
      'a timeframe',
      detection('  s: { action: view }\n  timeframe: 1h\n  condition: s'),
      ['r.yml:4:3: detection.timeframe: found a timeframe; allowed: a correlation rule of its own with a timespan'],
    ],
    [
      'a selection that is none',
      detection('  s: view\n  condition: s'),
      ['r.yml:3:6: detection.s: found "view"; allowed: fields with values, or a list of such sections'],
    ],
    [
      'an empty selection',
      detection('  s: {}\n  condition: s'),
      ['r.yml:3:6: detection.s: found an empty section; allowed: fields with values'],
    ],
    [
      'an empty list as selection',
      detection('  s: []\n  condition: s'),
      ['r.yml:3:6: detection.s: found an empty list; allowed: fields with values, or a list of such sections'],
    ],
    [
      'a keyword',
      detection('  s:\n    - mimikatz\n  condition: s'),
      [
        'r.yml:4:7: detection.s[0]: found a keyword without a field; allowed: a section with fields: events have no full text',
      ],
    ],
    [
      'keywords with all',
      detection('  s:\n    "|all": [a, b]\n  condition: s'),
      [
        'r.yml:4:5: detection.s.|all: found a keyword without a field; allowed: a field of the event: events have no full text',
      ],
    ],
    [
      'an unknown field',
      value('src_iq: 10.0.0.1'),
      [
        'r.yml:4:5: detection.s.src_iq: found an unknown field "src_iq"; allowed: src_ip, perhaps; one of event_uid, time, org_uid, source, source_product, source_event_type, actor_uid, actor_name, actor_type, on_behalf_of_uid, action, object_type, object_uids, object_uids_complete, record_count, record_count_basis, logical_op_uid, chunk_seq, owner_uids, columns, has_contact_fields, channel, src_ip, user_agent, session_uid, device_uid, client_app, recipient_uids, query_text, export_format, bytes, outcome, raw_ref, actor.role, actor.team, actor.leaver',
      ],
    ],
    [
      'a field of another log',
      value('EventID: 4625'),
      [
        'r.yml:4:5: detection.s.EventID: found an unknown field "EventID"; allowed: event_uid, perhaps; one of event_uid, time, org_uid, source, source_product, source_event_type, actor_uid, actor_name, actor_type, on_behalf_of_uid, action, object_type, object_uids, object_uids_complete, record_count, record_count_basis, logical_op_uid, chunk_seq, owner_uids, columns, has_contact_fields, channel, src_ip, user_agent, session_uid, device_uid, client_app, recipient_uids, query_text, export_format, bytes, outcome, raw_ref, actor.role, actor.team, actor.leaver',
      ],
    ],
    [
      'an unknown modifier',
      value('query_text|contians: x'),
      [
        'r.yml:4:16: detection.s.query_text|contians: found the modifier |contians; allowed: contains, perhaps; one of contains, startswith, endswith, re, cidr, exists, lt, lte, gt, gte, all, cased',
      ],
    ],
    [
      'a modifier that is not supported',
      value('query_text|base64offset|contains: x'),
      [
        'r.yml:4:16: detection.s.query_text|base64offset|contains: found the modifier |base64offset; allowed: one of contains, startswith, endswith, re, cidr, exists, lt, lte, gt, gte, all, cased',
      ],
    ],
    [
      'two modifiers of a kind',
      value('query_text|contains|endswith: x'),
      ['r.yml:4:25: detection.s.query_text|contains|endswith: found |endswith after |contains; allowed: one of them'],
    ],
    [
      'all with one value',
      value('query_text|contains|all: x'),
      [
        'r.yml:4:5: detection.s.query_text|contains|all: found |all with one value; allowed: a list of two values or more, or no |all',
      ],
    ],
    [
      'contains on a number',
      value('bytes|contains: 1'),
      [
        'r.yml:4:11: detection.s.bytes|contains: found |contains on a field that is no text; allowed: |lt, |lte, |gt, |gte or a number',
      ],
    ],
    [
      'gte on a text',
      value('src_ip|gte: 1'),
      [
        'r.yml:4:12: detection.s.src_ip|gte: found |gte on a field that is no number; allowed: a field that holds a number',
      ],
    ],
    [
      're on a boolean',
      value('has_contact_fields|re: t'),
      ['r.yml:4:24: detection.s.has_contact_fields|re: found |re on a field that is no text; allowed: true or false'],
    ],
    [
      'cased on a number',
      value('bytes|cased: 1'),
      [
        'r.yml:4:11: detection.s.bytes|cased: found |cased where case does not count; allowed: |cased with texts; |re heeds case unless |re|i',
      ],
    ],
    [
      'a flag without re',
      value('src_ip|i: a'),
      [
        'r.yml:4:12: detection.s.src_ip|i: found the modifier |i; allowed: re, perhaps; one of contains, startswith, endswith, re, cidr, exists, lt, lte, gt, gte, all, cased',
      ],
    ],
    [
      'an empty list of values',
      value('action: []'),
      ['r.yml:4:13: detection.s.action: found an empty list; allowed: a value or a list of values'],
    ],
    [
      'a section as a value',
      value('action: { a: b }'),
      ['r.yml:4:13: detection.s.action: found a section; allowed: a text, a number, true, false or null'],
    ],
    [
      'a list in a list',
      value('action: [view, [copy]]'),
      ['r.yml:4:20: detection.s.action[1]: found a list; allowed: a text, a number, true, false or null'],
    ],
    [
      'a value the field never has',
      value('action: exprot'),
      [
        'r.yml:4:13: detection.s.action: found "exprot"; allowed: export, perhaps; one of view, list, search, copy, export, print, api_read, bulk_read, download, share, create, update, delete, login',
      ],
    ],
    [
      'null in a list',
      value('src_ip: [10.0.0.1, null]'),
      ['r.yml:4:24: detection.s.src_ip[1]: found null in a list; allowed: null alone, in a selection of its own'],
    ],
    [
      'null with contains',
      value('src_ip|contains: null'),
      ['r.yml:4:22: detection.s.src_ip|contains: found null; allowed: a value for |contains'],
    ],
    [
      'exists without a boolean',
      value('src_ip|exists: yes please'),
      ['r.yml:4:20: detection.s.src_ip|exists: found "yes please"; allowed: true or false'],
    ],
    [
      'no number',
      value('record_count|gt: many'),
      ['r.yml:4:22: detection.s.record_count|gt: found "many"; allowed: a number'],
    ],
    [
      'no boolean',
      value('has_contact_fields: 1'),
      ['r.yml:4:25: detection.s.has_contact_fields: found 1; allowed: true or false'],
    ],
    [
      'no network',
      value('src_ip|cidr: 10.0.0.0/33'),
      [
        'r.yml:4:18: detection.s.src_ip|cidr: found "10.0.0.0/33"; allowed: a network such as 10.0.0.0/8 or 2001:db8::/32',
      ],
    ],
    [
      'a regular expression at fault',
      value('query_text|re: ab(c'),
      ['r.yml:4:22: detection.s.query_text|re: found a bracket that is not closed; allowed: (...)'],
    ],
    [
      'an unknown selection',
      condition('sel_a and sel_c'),
      [
        'r.yml:5:24: detection.condition: found an unknown selection "sel_c"; allowed: sel_a, perhaps; one of sel_a, sel_b',
      ],
    ],
    [
      'an unfinished condition',
      condition('sel_a and'),
      ['r.yml:5:23: detection.condition: found the end of the condition; allowed: a selection, not, 1 of, all of or ('],
    ],
    [
      'two selections without a word between',
      condition('sel_a sel_b'),
      ['r.yml:5:20: detection.condition: found "sel_b"; allowed: and or or'],
    ],
    [
      'an open bracket',
      condition('(sel_a or sel_b'),
      ['r.yml:5:29: detection.condition: found the end of the condition; allowed: and, or or )'],
    ],
    [
      'a closed bracket',
      condition('sel_a) or sel_b'),
      ['r.yml:5:19: detection.condition: found ")"; allowed: and or or'],
    ],
    [
      'a pipe',
      condition('sel_a | count() > 5'),
      [
        'r.yml:5:20: detection.condition: found a pipe; allowed: a correlation rule of its own that refers to this rule and counts',
      ],
    ],
    [
      'a number of',
      condition('2 of sel_*'),
      ['r.yml:5:14: detection.condition: found "2" of; allowed: 1 of, any of or all of'],
    ],
    [
      'of nothing',
      condition('1 of'),
      ['r.yml:5:14: detection.condition: found nothing to choose from; allowed: them, or a pattern such as selection*'],
    ],
    [
      'of a pattern that nothing matches',
      condition('sel_a and 1 of filter*'),
      ['r.yml:5:29: detection.condition: found "filter*", which no selection matches; allowed: one of sel_a, sel_b'],
    ],
    [
      'a condition nested too deep',
      condition(`${'not '.repeat(60)}sel_a`),
      ['r.yml:5:218: detection.condition: found a condition nested too deep; allowed: 50 levels'],
    ],
    [
      'a condition in quotes',
      condition('"sel_a and sel_c"'),
      [
        'r.yml:5:25: detection.condition: found an unknown selection "sel_c"; allowed: sel_a, perhaps; one of sel_a, sel_b',
      ],
    ],
    [
      'an unknown correlation type',
      correlation('  type: value_avg\n  rules: [base]\n  timespan: 1h'),
      [
        'r.yml:3:9: correlation.type: found "value_avg"; allowed: value_sum, perhaps; one of event_count, value_count, value_sum, temporal, temporal_ordered',
      ],
    ],
    [
      'no type, rules, timespan',
      correlation('  group-by: [actor_uid]'),
      [
        'r.yml:3:3: correlation.type: found nothing; allowed: one of event_count, value_count, value_sum, temporal, temporal_ordered',
        'r.yml:3:3: correlation.rules: found no rule; allowed: names or ids of rules',
        'r.yml:3:3: correlation.timespan: found nothing; allowed: a whole number with s, m, h or d, such as 90m, up to 28d',
      ],
    ],
    [
      'an unknown key of a correlation',
      counted('condition: { gte: 2 }\n  groupby: [src_ip]'),
      [
        'r.yml:8:3: correlation.groupby: found an unknown key; allowed: group-by, perhaps; one of type, rules, group-by, timespan, condition, aliases, generate',
      ],
    ],
    [
      'no condition of a count',
      counted('generate: true'),
      ['r.yml:3:3: correlation.condition: found nothing; allowed: a section such as gte: 10'],
    ],
    [
      'a condition in words',
      counted('condition: base and base'),
      ['r.yml:7:14: correlation.condition: found "base and base"; allowed: a section such as gte: 10'],
    ],
    [
      'an unknown comparison',
      counted('condition: { ge: 2 }'),
      [
        'r.yml:7:16: correlation.condition.ge: found an unknown key; allowed: gt, perhaps; one of gt, gte, lt, lte, eq, neq',
        'r.yml:7:14: correlation.condition: found no comparison; allowed: one of gt, gte, lt, lte, eq, neq',
      ],
    ],
    [
      'a count that is no number',
      counted('condition: { gte: ten }'),
      [
        'r.yml:7:21: correlation.condition.gte: found "ten"; allowed: a whole number of 0 or more, as counts and sums are',
      ],
    ],
    ...(['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const).map((op): [string, string, string[]] => [
      `${op} a number below 0`,
      counted(`condition: { ${op}: -3 }`),
      [
        `r.yml:7:${18 + op.length}: correlation.condition.${op}: found -3; allowed: a whole number of 0 or more, as counts and sums are`,
      ],
    ]),
    [
      'half a count',
      counted('condition: { gte: 2.5, lt: 9 }'),
      [
        'r.yml:7:21: correlation.condition.gte: found 2.5; allowed: a whole number of 0 or more, as counts and sums are',
      ],
    ],
    ...[
      counted('condition: { lt: 9, gte: 0 }'),
      counted('condition: { field: bytes, gte: 0 }').replace('event_count', 'value_sum'),
      counted('condition: { field: src_ip, gte: 0 }').replace('event_count', 'value_count'),
      counted('condition: { gte: 0 }').replace('event_count', 'temporal'),
    ].map((text): [string, string, string[]] => [
      `a condition that always holds: ${/type: \w+/.exec(text)?.[0]}`,
      text,
      [
        expect.stringMatching(
          /^r\.yml:7:\d+: correlation\.condition\.gte: found 0, which every count reaches; allowed: a whole number of 1 or more$/,
        ),
      ],
    ]),
    [
      'a field of event_count',
      counted('condition: { gte: 2, field: src_ip }'),
      ['r.yml:7:24: correlation.condition.field: found an unknown key; allowed: one of gt, gte, lt, lte, eq, neq'],
    ],
    [
      'a condition that never holds',
      counted('condition: { lt: 1 }'),
      [
        'r.yml:7:14: correlation.condition: found a condition that never holds; allowed: a count of 1 or more: rules are looked at when an event comes',
      ],
    ],
    [
      'a range that is empty',
      counted('condition: { gt: 5, lt: 6 }'),
      [
        'r.yml:7:14: correlation.condition: found a condition that never holds; allowed: a count of 1 or more: rules are looked at when an event comes',
      ],
    ],
    [
      'generate without a boolean',
      counted('condition: { gte: 2 }\n  generate: maybe'),
      ['r.yml:8:13: correlation.generate: found "maybe"; allowed: true or false'],
    ],
    [
      'a timespan without unit',
      counted('condition: { gte: 2 }').replace('1h', '60'),
      ['r.yml:6:13: correlation.timespan: found 60; allowed: a whole number with s, m, h or d, such as 90m, up to 28d'],
    ],
    [
      'a timespan too long',
      counted('condition: { gte: 2 }').replace('1h', '29d'),
      [
        'r.yml:6:13: correlation.timespan: found "29d"; allowed: a whole number with s, m, h or d, such as 90m, up to 28d',
      ],
    ],
    [
      'a timespan of months',
      counted('condition: { gte: 2 }').replace('1h', '1M'),
      [
        'r.yml:6:13: correlation.timespan: found "1M"; allowed: a whole number with s, m, h or d, such as 90m, up to 28d',
      ],
    ],
    [
      'an unknown rule',
      counted('condition: { gte: 2 }').replace('[base]', '[bsae]'),
      ['r.yml:4:11: correlation.rules[0]: found an unknown rule "bsae"; allowed: base, perhaps; one of base'],
    ],
    [
      'a rule named twice',
      counted('condition: { gte: 2 }').replace('[base]', '[base, base]'),
      ['r.yml:4:17: correlation.rules[1]: found a name given twice; allowed: each name once'],
    ],
    [
      'an unknown field to group by',
      counted('condition: { gte: 2 }').replace('actor_uid', 'User'),
      [
        'r.yml:5:14: correlation.group-by[0]: found an unknown field "User"; allowed: one of event_uid, time, org_uid, source, source_product, source_event_type, actor_uid, actor_name, actor_type, on_behalf_of_uid, action, object_type, object_uids, object_uids_complete, record_count, record_count_basis, logical_op_uid, chunk_seq, owner_uids, columns, has_contact_fields, channel, src_ip, user_agent, session_uid, device_uid, client_app, recipient_uids, query_text, export_format, bytes, outcome, raw_ref, actor.role, actor.team, actor.leaver',
      ],
    ],
    [
      'two lists to group by',
      counted('condition: { gte: 2 }').replace('actor_uid', 'object_uids, owner_uids'),
      ['r.yml:5:14: correlation.group-by[0]: found two fields that are lists; allowed: one such field in group-by'],
    ],
    [
      'value_count without field',
      counted('condition: { gte: 2 }').replace('event', 'value'),
      ['r.yml:7:14: correlation.condition.field: found nothing; allowed: the field to count'],
    ],
    [
      'value_count of a list and a field',
      counted('condition: { gte: 2, field: [object_uids, src_ip] }').replace('event', 'value'),
      [
        'r.yml:7:32: correlation.condition.field[0]: found "object_uids", which is a list, beside another field; allowed: a list by itself',
      ],
    ],
    [
      'value_sum of a text',
      counted('condition: { gte: 2, field: src_ip }').replace('event_count', 'value_sum'),
      [
        'r.yml:7:31: correlation.condition.field: found "src_ip", which is no number; allowed: one of time, record_count, chunk_seq, bytes',
      ],
    ],
    [
      'value_sum of two fields',
      counted('condition: { gte: 2, field: [bytes, chunk_seq] }').replace('event_count', 'value_sum'),
      ['r.yml:7:39: correlation.condition.field[1]: found a second field; allowed: one field'],
    ],
    [
      'temporal of more rules than there are',
      counted('condition: { gte: 2 }').replace('event_count', 'temporal'),
      ['r.yml:7:14: correlation.condition: found a condition that never holds; allowed: a count from 1 to 1'],
    ],
    [
      'temporal_ordered of some rules',
      `${counted('condition: { gte: 1 }').replace('event_count', 'temporal_ordered').replace('[base]', '[base, b2]')}${BASE.replaceAll('base', 'b2')}`,
      [
        'r.yml:7:14: correlation.condition: found a condition that is not about all rules; allowed: gte: 2, or no condition',
      ],
    ],
    [
      'aliases that are none',
      counted('condition: { gte: 2 }\n  aliases: who'),
      ['r.yml:8:12: correlation.aliases: found "who"; allowed: a section with one section per alias'],
    ],
    [
      'an alias of one field',
      counted('condition: { gte: 2 }\n  aliases: { who: actor_uid }'),
      ['r.yml:8:19: correlation.aliases.who: found "actor_uid"; allowed: a field for each rule'],
    ],
    [
      'an alias for another rule',
      counted('condition: { gte: 2 }\n  aliases: { who: { bse: actor_uid } }'),
      [
        'r.yml:8:21: correlation.aliases.who.bse: found "bse", which is not among the rules; allowed: base, perhaps; one of base',
      ],
    ],
    [
      'an alias without a field',
      counted('condition: { gte: 2 }\n  aliases: { who: {} }').replace('[actor_uid]', '[who]'),
      [
        'r.yml:5:14: correlation.group-by[0]: found the alias "who", which has no field for the rule "base"; allowed: a field for every rule referred to',
      ],
    ],
    [
      'an alias for an unknown field',
      counted('condition: { gte: 2 }\n  aliases: { who: { base: actr_uid } }').replace('[actor_uid]', '[who]'),
      [
        'r.yml:8:27: correlation.aliases.who.base: found an unknown field "actr_uid"; allowed: actor_uid, perhaps; one of who, event_uid, time, org_uid, source, source_product, source_event_type, actor_uid, actor_name, actor_type, on_behalf_of_uid, action, object_type, object_uids, object_uids_complete, record_count, record_count_basis, logical_op_uid, chunk_seq, owner_uids, columns, has_contact_fields, channel, src_ip, user_agent, session_uid, device_uid, client_app, recipient_uids, query_text, export_format, bytes, outcome, raw_ref, actor.role, actor.team, actor.leaver',
      ],
    ],
    [
      'a circle',
      `title: A\nname: a\ncorrelation: { type: temporal, rules: [b], timespan: 1h }\n---\ntitle: B\nname: b\ncorrelation: { type: temporal, rules: [a], timespan: 1h }\n`,
      ['r.yml:7:40: correlation.rules[0]: found "a", which leads back to this rule; allowed: rules without a circle'],
    ],
    [
      'a name twice',
      BASE + BASE,
      [
        'r.yml:7:7: name: found "base", which another rule has; allowed: a name and an id of its own',
        'r.yml:7:7: name: found the short name base, which another rule has; allowed: another name',
      ],
    ],
    [
      'one short name for two rules',
      `${value('action: view')}---\n${value('action: copy')}`,
      ['r.yml:7:8: title: found the short name t, which another rule has; allowed: another name'],
    ],
    [
      'a title without letters',
      value('action: view').replace('title: T', 'title: "!!!"'),
      ['r.yml:1:8: title: found no letter or digit; allowed: a name with some, by which findings go'],
    ],
  ])('%s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual(expected)
  })
})

describe('several files', () => {
  test('refer to each other by name or id', () => {
    const rule = counted('condition: { gte: 2 }').replace(BASE, '')
    const id = '5638f7c0-ac70-491d-8465-2a65075e0d86'
    const base = BASE.replace('name: base', `id: ${id}`)
    expect(
      readCustomRules([
        { file: 'a.yml', text: rule },
        { file: 'b.yml', text: BASE },
      ]).ok,
    ).toBe(true)
    const byId = rule.replace('[base]', `[${id}]`)
    expect(
      readCustomRules([
        { file: 'a.yml', text: byId },
        { file: 'b.yml', text: base },
      ]).ok,
    ).toBe(true)
  })

  test('tell the faults of all of them', () => {
    const result = readCustomRules([
      { file: 'a.yml', text: 'title: T\n' },
      { file: 'b.yml', text: value('action: exprot') },
    ])
    expect(result.ok ? [] : result.faults.map(({ origin }) => origin.kind === 'file' && origin.file)).toEqual([
      'a.yml',
      'b.yml',
    ])
  })

  test('are each named when empty', () => {
    const result = readCustomRules([
      { file: 'a.yml', text: value('action: view') },
      { file: 'b.yml', text: '' },
      { file: 'c.yml', text: '---\n' },
    ])
    expect(result.ok ? [] : result.faults.map(({ origin }) => origin.kind === 'file' && origin.file)).toEqual([
      'b.yml',
      'c.yml',
    ])
  })

  test('may compare with 0 where not every count does', () => {
    for (const given of ['gt: 0', 'neq: 0', 'gt: 0, lt: 9'])
      expect(faultsOf(counted(`condition: { ${given} }`))).toEqual([])
    const sum = counted('condition: { field: record_count, eq: 0 }').replace('event_count', 'value_sum')
    expect(faultsOf(sum)).toEqual([])
  })

  test('are read whatever an author adds', () => {
    const rule = `${value('action: view')}status: test\nlogsource: { product: crm }\ntags: [attack.t1530]\nx_team: blue\n`
    expect(faultsOf(`---\n${rule}---\n# nothing\n`)).toEqual([])
  })
})

describe('loadCustomRules', () => {
  const files: Readonly<Record<string, string>> = {
    'rules/a.yml': value('action: view'),
    'rules/big.yml': ' '.repeat(CUSTOM_RULE_LIMITS.fileBytes + 1),
  }
  const load = (patterns: readonly string[]) => {
    const result = loadCustomRules({
      patterns,
      glob: (pattern) => (pattern.includes('*') ? ['rules/a.yml'] : pattern === 'none.yml' ? [] : [pattern]),
      readFile(path) {
        const text = files[path]
        if (text === undefined) throw Object.assign(new Error('no'), { code: 'EACCES' })
        return text
      },
    })
    return result.ok ? result.rules.length : result.faults.map(formatFault)
  }

  test('reads each file once', () => {
    expect(load(['rules/*.yml', 'rules/a.yml'])).toBe(2)
    expect(load([])).toBe(0)
  })

  test('tells patterns without a file, and files that cannot be read', () => {
    expect(load(['none.yml', 'locked.yml', 'rules/big.yml'])).toEqual([
      'custom_rules[0]: found "none.yml", which names no file; allowed: paths or globs of rule files',
      'locked.yml:1:1: found a file that cannot be read: access is denied; allowed: a YAML file',
      'rules/big.yml:1:1: found a larger file; allowed: at most 1048576 bytes',
    ])
  })
})
