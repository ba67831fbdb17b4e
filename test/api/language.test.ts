import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstAccepted } from '../../api/language.ts'
import { upsertAlerts } from '../../store/alerts.ts'
import { sampleAlert, sampleFinding } from '../store/sample-alert.ts'
import { createHarness, type Harness } from './harness.ts'

const finding = sampleFinding({
  facts: { kind: 'count', role: 'reception', leaver: 'notice', notice_on: '2026-03-01', last_working_day: null },
  contributions: [
    {
      test: 'contacts_copied.1h',
      kind: 'count',
      measure: 'contacts_copied',
      window: '1h',
      observed: 143,
      expected: 6,
      expected_peers: 9,
      weight: 3.2,
      part: 0.62,
    },
    {
      test: 'contacts_copied_share.1d',
      kind: 'share',
      measure: 'contacts_copied',
      window: '1d',
      observed: 143,
      expected: 61.5,
      expected_peers: 64.4,
      weight: 2.2,
      part: 0.2,
      share: { among: 'contacts_viewed', seen: 0.8, expected: 0.43, expected_peers: 0.45 },
    },
  ],
})

let harness: Harness
beforeAll(async () => {
  harness = await createHarness()
  await upsertAlerts(harness.db.writer, [sampleAlert({ alert_uid: 'alert-facts', findings: [finding] })])
})
afterAll(() => harness[Symbol.asyncDispose]())

const read = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await harness.app.inject({ url, headers: { ...harness.auth('viewer'), ...headers } })
  return { status: answer.statusCode, language: answer.headers['content-language'], body: answer.json() }
}

const DUTCH =
  'in een uur de gegevens van 143 verschillende contacten gekopieerd; gebruikelijk voor deze persoon is 6, voor collega’s met de functie reception 9; gaat uit dienst (opgezegd op 1 maart)'

describe('an alert is explained', () => {
  it('in the language asked for, and with its reasons', async () => {
    const { language, body } = await read('/v1/alerts/alert-facts?lang=nl')
    expect(language).toBe('nl')
    expect(body.findings[0].sentence).toBe(DUTCH)
    expect(body.summary).toBe(`I${DUTCH.slice(1)}.`)
    expect(body.reasons).toEqual([
      {
        ...finding.contributions?.[0],
        text: '62% · gekopieerde contacten in een uur: 143 (gebruikelijk voor deze persoon 6, voor de functie 9)',
      },
      {
        ...finding.contributions?.[1],
        text: '20% · gekopieerde contacten als aandeel van alles wat is geopend in een dag: 80% (gebruikelijk voor deze persoon 43%, voor de functie 45%)',
      },
    ])
  })

  it('in the one that the client reads, where the address asks for none', async () => {
    const { language, body } = await read('/v1/alerts/alert-facts', { 'accept-language': 'de, ru-RU;q=0.8, en;q=0.5' })
    expect(language).toBe('ru')
    expect(body.summary).toMatch(/^За час скопированы данные 143 разных контактов; /)
    const list = await read('/v1/alerts?lang=nl', { 'accept-language': 'ru' })
    expect(list.body.items.find((one: { alert_uid: string }) => one.alert_uid === 'alert-facts').summary).toContain(
      'gekopieerd',
    )
  })

  it('in the configured one otherwise, and as it was stored where facts are missing', async () => {
    expect((await read('/v1/alerts/alert-facts', { 'accept-language': 'de' })).language).toBe('en')
    const { body } = await read('/v1/alerts/alert-1?lang=ru')
    expect(body.summary).toBe(sampleAlert().summary)
    expect(body.reasons).toEqual([])
  })

  it('in no language that is not known', async () => {
    const { status, body } = await read('/v1/alerts?lang=de')
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toMatch(/lang/)
  })
})

it.each([
  [undefined, null],
  ['', null],
  ['*', null],
  ['nl', 'nl'],
  ['NL-be', 'nl'],
  ['de;q=1, nl;q=0.1', 'nl'],
  ['nl;q=0, ru', 'ru'],
  ['en;q=0.2,ru;q=0.9', 'ru'],
  [';;;,=,q=1', null],
  [`${'de,'.repeat(5_000)}nl`, null],
])('Accept-Language %j asks for %j', (header, language) => {
  expect(firstAccepted(header)).toBe(language)
})
