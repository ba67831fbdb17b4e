import { describe, expect, it } from 'vitest'
import { showConfig } from '../../config/show-config.ts'
import { checkSources } from '../../ingest/sources/check-sources.ts'
import { configOf, linesOf, load } from './load.ts'

const withPull = (
  adapter: string,
  pull: string,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
) => load(`sources:\n  crm:\n    adapter: ${adapter}\n    pull: ${pull}\n`, env, files, { checkSources })

const ENV = { SECRET: 'a-secret-of-ours' }
const SALESFORCE = '{ url: https://acme.my.salesforce.com, client_id: app, client_secret: ${SECRET} }'

describe('pull', () => {
  it('is read with its secrets from the environment or a file', () => {
    const fromEnv = configOf(withPull('salesforce-event-log-file', SALESFORCE, ENV))
    expect(fromEnv.sources.crm).toEqual({
      adapter: 'salesforce-event-log-file',
      pull: {
        adapter: 'salesforce-event-log-file',
        url: 'https://acme.my.salesforce.com',
        client_id: 'app',
        client_secret: 'a-secret-of-ours',
      },
    })
    const fromFile = configOf(
      withPull(
        'espocrm',
        '{ url: https://crm.example/, api_key_file: key.txt, every_minutes: 5 }',
        {},
        { 'key.txt': 'k\n' },
      ),
    )
    expect(fromFile.sources.crm.pull).toEqual({
      adapter: 'espocrm',
      url: 'https://crm.example/',
      api_key: 'k',
      every_minutes: 5,
    })
  })

  it('never shows a secret', () => {
    const shown = showConfig(configOf(withPull('salesforce-event-log-file', SALESFORCE, ENV)))
    expect(shown).not.toContain(ENV.SECRET)
    expect(shown).toContain('client_secret: "********"')
    expect(shown).toContain('url: https://acme.my.salesforce.com')
  })

  it.each([
    [
      'suitecrm',
      '{ url: https://x.example }',
      [
        'found an adapter without a connector ("suitecrm"); allowed: the adapters salesforce-event-log-file, dataverse, hubspot, espocrm',
      ],
    ],
    [
      'hubspot',
      '{ token: written-out }',
      [
        'token: found a secret written out (not shown); allowed: ${NAME} of an environment variable, or token_file with the path of a file',
      ],
    ],
    [
      'hubspot',
      '{ token: ${NONE} }',
      ['token: found ${NONE}, which is not set; allowed: a variable that is set, or ${NONE:-fallback}'],
    ],
    [
      'hubspot',
      '{ token: ${SECRET}, feeds: [audit] }',
      [
        'feeds: found "audit"; allowed: [audit-logs], or a list of login and security: the same acts are not to come twice',
      ],
    ],
    [
      'hubspot',
      '{ token: ${SECRET}, every_minutes: 0 }',
      ['every_minutes: found 0; allowed: a whole number from 1 to 1440'],
    ],
    [
      'hubspot',
      '{ token: ${SECRET}, every_minute: 3 }',
      ['every_minute: found an unknown key; allowed: did you mean every_minutes?'],
    ],
    [
      'espocrm',
      '{ url: https://me:pw@crm.example, api_key: ${SECRET} }',
      ['url: found "***@crm.example"; allowed: an https: address without user, query and fragment'],
    ],
    [
      'dataverse',
      '{ tenant_id: contoso, client_id: a, client_secret: ${SECRET} }',
      ['tenant_id: found "contoso"; allowed: the id of a tenant (a GUID)'],
    ],
    [
      'salesforce-event-log-file',
      '{ url: https://a.example, client_id: a, client_secret: ${SECRET}, interval: both }',
      ['interval: found "both"; allowed: hourly or daily'],
    ],
    [
      'salesforce-event-log-file',
      '{ client_id: a, client_secret: ${SECRET} }',
      ['url: found nothing; allowed: an https: address without user, query and fragment'],
    ],
    ...['10.0.0.0/99', '10.0.0/8', '999.1.1.1', 'fd00::/129'].map((network): [string, string, string[]] => [
      'espocrm',
      `{ url: https://crm.example, api_key: \${SECRET}, allow_networks: [10.1.2.0/24, '${network}'] }`,
      [`allow_networks: found "${network}"; allowed: a list of addresses or networks such as 10.1.2.0/24`],
    ]),
    ['salesforce-event-log-file', 'yes please', ['found "yes please"; allowed: a section']],
  ])('says what is wrong: %s %s', (adapter, pull, faults) => {
    const lines = linesOf(withPull(adapter, pull, ENV))
    expect(lines.map((line) => line.replace(/^crmwatch\.yaml:4:\d+: sources\.crm\.pull(\.|: )/, ''))).toEqual(faults)
    expect(lines.join()).not.toContain('written-out')
  })

  it.each([
    ['http://10.1.2.3/crm', [{ path: 'sources.crm.pull.url', text: 'plain HTTP: the secret can be read on its way' }]],
    ['http://127.0.0.1:8081', []],
    ['https://crm.example', []],
  ])('notes a secret that goes out readable: %s', (url, notes) => {
    const loaded = withPull('espocrm', `{ url: ${url}, api_key: \${SECRET} }`, ENV)
    expect(loaded.ok && loaded.notes).toEqual(notes)
  })

  it('is one way in among others', () => {
    const yaml = 'sources:\n  a: { adapter: hubspot, http: true, pull: { token: "${SECRET}" } }\n'
    expect(linesOf(load(yaml, ENV))).toEqual([
      expect.stringContaining('sources.a: found http and pull; allowed: one way in: kafka, http, folder, pull'),
    ])
  })
})
