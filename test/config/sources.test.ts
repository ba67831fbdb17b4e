import { describe, expect, it } from 'vitest'
import { checkSources } from '../../ingest/sources/check-sources.ts'
import { configOf, linesOf, load } from './load.ts'

const sources = (yaml: string, env: Record<string, string> = {}) => load(yaml, env, {}, { checkSources })

describe('sources', () => {
  it('are read with their adapter, options and way in', () => {
    const config = configOf(
      sources(
        `kafka: { brokers: ['b:1'] }
sources:
  salesforce:
    adapter: salesforce-event-log-file
    options: { encoding: utf-8 }
    org: \${TENANT}
    user_map: users.csv
    folder: { path: ./in, poll_seconds: 2 }
  crm-audit:
    adapter: hubspot
    kafka: { topics: [hubspot.audit] }
  by-hand:
    adapter: mapped
    options: { preset: yclients }
`,
        { TENANT: 'acme' },
      ),
    )
    expect(config.sources).toEqual({
      salesforce: {
        adapter: 'salesforce-event-log-file',
        options: { encoding: 'utf-8' },
        org: 'acme',
        user_map: 'users.csv',
        folder: { path: './in', poll_seconds: 2 },
      },
      'crm-audit': { adapter: 'hubspot', kafka: { topics: ['hubspot.audit'] } },
      'by-hand': { adapter: 'mapped', options: { preset: 'yclients' } },
    })
    expect(Object.isFrozen(config.sources.salesforce.options)).toBe(true)
  })

  it('take numbers and truth values from variables', () => {
    const yaml = `sources:
  a: { adapter: hubspot, org: \${ORG}, folder: { path: in, poll_seconds: \${POLL}, settle_seconds: "\${SETTLE:-7}" } }
  b: { adapter: dataverse, http: \${BY_HTTP} }
  c: { adapter: espocrm, pull: { url: https://crm.example/, api_key: \${KEY}, every_minutes: \${EVERY} } }
`
    const env = { ORG: '17', POLL: '30', BY_HTTP: 'true', KEY: '4711', EVERY: '5' }
    expect(configOf(sources(yaml, env)).sources).toEqual({
      a: { adapter: 'hubspot', org: '17', folder: { path: 'in', poll_seconds: 30, settle_seconds: 7 } },
      b: { adapter: 'dataverse', http: true },
      c: {
        adapter: 'espocrm',
        pull: { adapter: 'espocrm', url: 'https://crm.example/', api_key: '4711', every_minutes: 5 },
      },
    })
    expect(linesOf(sources(yaml, { ...env, POLL: 'often', BY_HTTP: 'yes', EVERY: '0' }))).toEqual([
      expect.stringMatching(
        /sources\.a\.folder\.poll_seconds: found \$\{POLL\}; allowed: a whole number from 1 to 86400$/,
      ),
      expect.stringMatching(/sources\.b\.http: found \$\{BY_HTTP\}; allowed: true or false$/),
      expect.stringMatching(
        /sources\.c\.pull\.every_minutes: found \$\{EVERY\}; allowed: a whole number from 1 to 1440$/,
      ),
    ])
    expect(linesOf(sources('sources: { a: { adapter: hubspot, http: "true" } }'))).toEqual([
      expect.stringMatching(/sources\.a\.http: found "true"; allowed: true or false$/),
    ])
  })

  it.each([
    [
      'a: 3',
      [
        'sources.a: found 3; allowed: a section with adapter, options, org, instance, actions, user_map, kafka, http, folder, pull',
      ],
    ],
    ['a: {}', ['sources.a.adapter: found nothing; allowed: the name of an adapter']],
    [
      'A_b: { adapter: hubspot }',
      [
        'sources.A_b: found a name of another form; allowed: a name of 1 to 63 small letters, digits and - that begins with a letter',
      ],
    ],
    [
      'kafka: { adapter: hubspot }',
      ['sources.kafka: found a reserved name; allowed: a name other than kafka, http, file, replay, demo, import'],
    ],
    ['a: { adapter: hubspot, adaptr: x }', ['sources.a.adaptr: found an unknown key; allowed: did you mean adapter?']],
    ['a: { adapter: hubspot, http: yes please }', ['sources.a.http: found "yes please"; allowed: true or false']],
    [
      'a: { adapter: hubspot, folder: { path: x, poll_seconds: 0 } }',
      ['sources.a.folder.poll_seconds: found 0; allowed: a whole number from 1 to 86400'],
    ],
    ['a: { adapter: hubspot, folder: {} }', ['sources.a.folder.path: found nothing; allowed: a path']],
    [
      'a: { adapter: hubspot, actions: [view, look] }',
      [expect.stringContaining('sources.a.actions: found a list; allowed: a list of view, list')],
    ],
    [
      'a: { adapter: hubspot, http: true, folder: { path: x } }',
      ['sources.a: found http and folder; allowed: one way in: kafka, http, folder, pull'],
    ],
    [
      'a: { adapter: salesfarce }',
      [expect.stringContaining('sources.a.adapter: found no such adapter; allowed: suitecrm,')],
    ],
    [
      'a: { adapter: hubspot, options: { encoding: utf-99 } }',
      [
        'sources.a.options.encoding: found a value that cannot be used; allowed: must be an encoding that the runtime knows, such as windows-1251',
      ],
    ],
    [
      'a: { adapter: hubspot, options: { org: x } }',
      ['sources.a.options.org: found a tenant among the options; allowed: org beside adapter'],
    ],
    [
      'a: { adapter: mapped }',
      [
        'sources.a.options.mapping: found a value that cannot be used; allowed: must be given, or a preset: yclients, amocrm, zoho, pipedrive',
      ],
    ],
    [
      'a: { adapter: mapped, options: { mapping: nowhere.yaml } }',
      [
        expect.stringContaining(
          'sources.a.options.mapping: found a value that cannot be used; allowed: nowhere.yaml: the file cannot be read: there is no such file or folder',
        ),
      ],
    ],
    [
      'a: { adapter: hubspot, kafka: { topics: [t] } }',
      ['sources.a: found a topic without kafka.brokers; allowed: kafka.brokers, or another way in'],
    ],
  ])('%s', (yaml, faults) => {
    const lines = linesOf(sources(`sources:\n  ${yaml}\n`))
    expect(lines.map((line) => line.replace(/^crmwatch\.yaml:\d+:\d+: /, ''))).toEqual(faults)
    expect(lines.every((line) => line.startsWith('crmwatch.yaml:2:'))).toBe(true)
  })

  it('do not share topics with anything else', () => {
    const lines = linesOf(
      sources(`kafka: { brokers: ['b:1'], topics: [crm.access], topic_pattern: 'x\\..*' }
sources:
  a: { adapter: hubspot, kafka: { topics: [crm.access, crm.staff, crm.access.dead, x.1, y] } }
  b: { adapter: suitecrm, kafka: { topics: [y] } }
`),
    )
    expect(lines.map((line) => /found topic (\S+), which (\S+)/.exec(line)?.slice(1))).toEqual([
      ['crm.access', 'kafka.topics'],
      ['crm.staff', 'kafka.staff_topic'],
      ['crm.access.dead', 'kafka.dead_letter_topic'],
      ['x.1', 'kafka.topic_pattern'],
      ['y', 'sources.a'],
    ])
  })

  it.each([
    [
      'hourly and daily files',
      '{ adapter: salesforce-event-log-file }',
      '{ adapter: salesforce-event-log-file }',
      true,
    ],
    [
      'a log file and the stream',
      '{ adapter: salesforce-event-log-file }',
      '{ adapter: salesforce-real-time-events }',
      true,
    ],
    [
      'one act of many',
      '{ adapter: salesforce-event-log-file, actions: [view, export] }',
      '{ adapter: salesforce-real-time-events, actions: [export] }',
      true,
    ],
    ['a tenant and whoever a row names', '{ adapter: hubspot, org: a }', '{ adapter: hubspot }', true],
    [
      'one mapping',
      '{ adapter: mapped, options: { preset: zoho } }',
      '{ adapter: mapped, options: { preset: zoho } }',
      true,
    ],
    [
      'acts apart',
      '{ adapter: salesforce-event-log-file, actions: [api_read] }',
      '{ adapter: salesforce-real-time-events, actions: [export] }',
      false,
    ],
    ['two tenants', '{ adapter: hubspot, org: a }', '{ adapter: hubspot, org: b }', false],
    ['two installations', '{ adapter: hubspot, instance: north }', '{ adapter: hubspot, instance: south }', false],
    [
      'two mappings',
      '{ adapter: mapped, options: { preset: zoho } }',
      '{ adapter: mapped, options: { preset: pipedrive } }',
      false,
    ],
    [
      'two mappings written out that begin alike',
      '{ adapter: mapped, options: { mapping: "time: when\\nactor: who\\naction: view\\n" } }',
      '{ adapter: mapped, options: { mapping: "time: when\\nactor: user\\naction: export\\n" } }',
      false,
    ],
    [
      'one mapping written out',
      '{ adapter: mapped, options: { mapping: "time: when\\nactor: who\\naction: view\\n" } }',
      '{ adapter: mapped, options: { mapping: "time: when\\nactor: who\\naction: view\\n" } }',
      true,
    ],
    ['two products', '{ adapter: hubspot }', '{ adapter: suitecrm }', false],
  ])('take each act from one feed: %s', (_what, a, b, refused) => {
    const lines = linesOf(sources(`sources:\n  a: ${a}\n  b: ${b}\n`))
    if (refused)
      expect(lines).toEqual([expect.stringMatching(/sources\.b\.actions: found .*which sources\.a brings as well/)])
    else expect(lines).toEqual([])
  })

  it('are at most 64', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => `  s${n}: { adapter: hubspot, instance: i${n} }\n`).join('')
    expect(linesOf(sources(`sources:\n${many(64)}`))).toEqual([])
    expect(linesOf(sources(`sources:\n${many(65)}`))).toEqual([
      expect.stringContaining('found 65 sources; allowed: at most 64'),
    ])
  })
})
