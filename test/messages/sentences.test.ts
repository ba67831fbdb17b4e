import { describe, expect, it } from 'vitest'
import { createCard, testText, undeliveredText } from '../../alerts/delivery/alert-card.ts'
import { triageText } from '../../alerts/delivery/triage-text.ts'
import { DETECTORS } from '../../detectors/registry.ts'
import { TESTS } from '../../detectors/risk/tests.ts'
import type { DetectorId } from '../../messages/catalogue.ts'
import { catalogueOf, detectorTitle, firstStepOf } from '../../messages/catalogues.ts'
import { createTimeFormat } from '../../messages/numbers.ts'
import { sayAlert } from '../../messages/say-alert.ts'
import { sayContribution } from '../../messages/say-contribution.ts'
import { sayFinding } from '../../messages/say-finding.ts'
import { type Alert, type Contribution, SEVERITIES } from '../../model/alert.ts'
import { CORRELATION_TYPES } from '../../model/custom-rule.ts'
import { DELIVERY_FAILURES } from '../../model/delivery.ts'
import { LANGUAGES, type Language } from '../../model/language.ts'
import { MEASURE_WINDOWS, MEASURES } from '../../model/measure.ts'
import { ALERT_STATUSES, VERDICTS } from '../../model/triage.ts'
import { sampleAlert, sampleFinding, T0 } from '../store/sample-alert.ts'
import { staffRecord } from '../support/test-core.ts'
import { COUNTS, everyFinding, ruleFinding, STANDINGS } from './every-finding.ts'

/** Where a placeholder, a missing word or a value that is none shows. */
const BROKEN = /[#{}]|undefined|null|NaN|\[object| {2}|^\s|\s$|;\s*;|; $/

/** A detector whose id is any text would let a catalogue lack its words: this line then fails to compile. */
const everyIdIsKnown: string extends DetectorId ? false : true = true

const contributions: Contribution[] = TESTS.map(({ id, kind, measure, window }) => ({
  test: id,
  kind,
  measure,
  window,
  observed: 143,
  expected: 6.2,
  expected_peers: 0.3,
  weight: 2.1,
  part: 0.62,
  ...(kind === 'share'
    ? { share: { among: 'contacts_viewed', seen: 0.8, expected: 0.43, expected_peers: 0.004 } }
    : {}),
}))
/** Of somebody without days of their own. */
const ofNew: Contribution[] = contributions
  .filter(({ kind }) => kind === 'share' || kind === 'count')
  .map((one) => ({ ...one, expected: null, ...(one.share && { share: { ...one.share, expected: null } }) }))
/** As alerts of versions that kept no share have it. */
const ofOld: Contribution[] = contributions
  .filter(({ kind }) => kind === 'share')
  .slice(0, 1)
  .map(({ share: _, ...rest }) => rest)
const other: Contribution[] = [
  {
    ...contributions[0],
    test: 'access-after-leaving',
    kind: 'after-leaving',
    measure: null,
    expected: 0,
    expected_peers: 0,
    part: 1,
  },
  {
    ...contributions[0],
    test: 'custom:x',
    kind: 'rule',
    measure: null,
    window: null,
    expected: null,
    expected_peers: null,
  },
]

const standing = (change: Parameters<typeof staffRecord>[1]): Alert['staff'] => {
  const { portfolio_size: _, ...staff } = staffRecord('u-17', { name: 'Anna Example', role: 'reception', ...change })
  return staff
}

describe.each(LANGUAGES)('in %s', (language) => {
  const words = catalogueOf(language)
  const card = { alertUrl: null, showTime: createTimeFormat(language, 'Europe/Amsterdam'), words }

  it('every finding is a sentence with its numbers, whoever it is about', () => {
    expect(everyIdIsKnown).toBe(true)
    for (const person of STANDINGS) {
      for (const observed of COUNTS) {
        for (const finding of everyFinding(observed, person)) {
          const sentence = sayFinding(finding, words)
          expect(sentence).not.toMatch(BROKEN)
          expect(sentence).toMatch(/^\p{Ll}|^\d/u)
          if (finding.facts?.kind !== 'after-leaving' || observed > 1)
            expect(sentence).toContain(words.numbers.whole(observed))
          if (language === 'ru') expect(sentence).toMatch(/\p{Script=Cyrillic}/u)
        }
      }
    }
  })

  it('reasons, titles, first steps and messages leave nothing open', () => {
    const texts = [
      ...[...contributions, ...other, ...ofNew, ...ofOld].map((one) => sayContribution(one, words)),
      ...DETECTORS.flatMap(({ id }) => [detectorTitle(words, id), firstStepOf(words, id)]),
      firstStepOf(words, 'custom:x'),
      testText('soc', words),
      words.messages.test.title,
      ...Object.values(words.messages.labels),
      ...COUNTS.flatMap((count) => [words.messages.alerts(count), words.messages.more(count)]),
      ...messages().flat(),
      triaged(),
      words.messages.news.openedBeyond,
    ]
    for (const text of texts) expect(text).not.toMatch(BROKEN)
  })

  /** Everything that an analyst can do with an alert. */
  const triaged = (): string =>
    triageText(
      {
        by: '',
        actions: [
          ...ALERT_STATUSES.map((to) => ({ action: 'status', from: 'new', to }) as const),
          ...[...VERDICTS, null].map((to) => ({ action: 'verdict', from: null, to }) as const),
          { action: 'assignee', from: null, to: 'mia' },
          { action: 'assignee', from: 'mia', to: null },
          { action: 'label_added', label: 'branch-7' },
          { action: 'label_removed', label: 'branch-7' },
          { action: 'note' },
        ],
      },
      words,
    )

  /** Cards of each severity, reason and standing, and what is said of channels that cannot be reached. */
  const messages = (): string[][] => {
    const cards = SEVERITIES.flatMap((severity, n) => {
      const staff = [
        null,
        standing({ status: 'notice', notice_on: '2026-03-03', last_working_day: '2026-03-31' }),
        standing({ status: 'left', last_working_day: '2026-03-02' }),
        standing({ status: 'notice' }),
      ][n]
      const findings = [sampleFinding({ contributions: contributions.slice(0, 3) })]
      const alert = sampleAlert({ severity, staff, leaver: staff !== null, findings })
      const reason = (['opened', 'updated', 'repeated', 'escalated'] as const)[n]
      const grown = createCard({ alert, before: { severity, leaver: n > 1 }, reason: 'updated' }, card)
      const earlier = createCard({ alert: { ...alert, leaver: false }, before: null, reason: 'opened' }, card)
      return [createCard({ alert, before: { severity: 'low', leaver: false }, reason }, card), grown, earlier]
    })
    const lost = DELIVERY_FAILURES.map((failure, n) =>
      undeliveredText(
        {
          channel: 'soc',
          failure,
          answer_status: n % 2 === 0 ? null : 503,
          reason: 'opened',
          alert_uid: null,
          severity: n === 0 ? null : SEVERITIES[n % 4],
          since: T0,
        },
        card,
      ),
    )
    return [
      ...cards.map(({ title, severity, news, who, leaver, score, when, why }) => [
        title,
        severity,
        news,
        who,
        leaver,
        score,
        when,
        ...why,
      ]),
      ...lost.map(({ title, what, todo }) => [title, what, todo]),
    ]
  }

  it('reads as it was read by people who speak it', async () => {
    const [plain, , notice] = STANDINGS
    const counted = MEASURES.map((measure) =>
      [1, 2, 5, 21].map((n) => `  ${words.numbers.counted(n, words.measures[measure].done)}`).join('\n'),
    )
    const [first] = everyFinding(143, notice)
    const said = [...everyFinding(143, plain)]
      .filter(({ measure, window, expected, facts }) =>
        measure === null || measure === 'contacts_copied'
          ? window === '1h'
          : facts?.kind === 'cusum' && window === MEASURE_WINDOWS[measure].at(-1) && expected !== 0,
      )
      .map((finding) => `  ${sayFinding(finding, words)}`)
    const leavers = STANDINGS.map((person) => `  ${sayFinding([...everyFinding(143, person)][0], words)}`)
    const rules = CORRELATION_TYPES.flatMap((type) =>
      [1, 2, 5].map((n) => `  ${sayFinding(ruleFinding(type, n), words)}`),
    )
    const accesses = [1, 2, 5, 21].map(
      (n) =>
        `  ${sayFinding([...everyFinding(n, STANDINGS[5])].find(({ detector }) => detector === 'after-leaving') ?? first, words)}`,
    )
    const others = [first, { ...first, detector: 'after-hours' }, ruleFinding('event_count', 12)]
    const [leading, ...also] = others.map((one) => ({ ...one, sentence: '' }))
    const alert = sayAlert(leading, also, words)
    const detectors = DETECTORS.map(({ id }) => `  ${detectorTitle(words, id)}: ${firstStepOf(words, id)}`)
    await expect(
      [
        'Counts',
        ...counted,
        'Findings',
        ...said,
        'How people stand',
        ...leavers,
        'Accesses after leaving',
        ...accesses,
        'Rules',
        ...rules,
        'Reasons',
        ...[...contributions, ...other, ...ofOld].map((one) => `  ${sayContribution(one, words)}`),
        'An alert',
        `  ${alert}`,
        'Detectors',
        ...detectors,
        `  ${firstStepOf(words, 'custom:x')}`,
        'Messages',
        ...messages().map((lines) => `  ${lines.join(' | ')}`),
        `  ${triaged()}`,
        `  ${words.messages.news.openedBeyond}`,
        ...COUNTS.map((n) => `  ${words.messages.alerts(n)}, ${words.messages.more(n)}`),
        `  ${words.messages.test.title}: ${testText('soc', words)}`,
        `  ${Object.values(words.messages.labels).join(', ')}, ${words.messages.open}`,
        '',
      ].join('\n'),
    ).toMatchFileSnapshot(`golden/${language}.txt`)
  })
})

it('a finding that was stored without its facts keeps the words it has', () => {
  const finding = sampleFinding()
  expect(sayFinding(finding, catalogueOf('ru'))).toBe(finding.sentence)
})

it('a detector that this version does not know is called by its id', () => {
  expect(detectorTitle(catalogueOf('nl'), 'from-tomorrow')).toBe('from-tomorrow')
  expect(detectorTitle(catalogueOf('nl'), 'constructor')).toBe('constructor')
})

describe('a share as a reason', () => {
  const contribution: Contribution = {
    test: 'contacts_unworked_share.28d',
    kind: 'share',
    measure: 'contacts_unworked',
    window: '28d',
    observed: 208,
    expected: 111.8,
    expected_peers: 117,
    weight: 3,
    part: 0.29,
    share: { among: 'contacts_viewed', seen: 0.8, expected: 0.43, expected_peers: 0.45 },
  }
  const said = (one: Contribution, language: Language) =>
    sayContribution(one, catalogueOf(language)).replaceAll('\u00a0', ' ')

  it.each<[Language, string]>([
    [
      'en',
      '29% · contacts opened but not worked on as a share of all opened in 28 days: 80% (usual for this person 43%, for the role 45%)',
    ],
    [
      'nl',
      '29% · contacten geopend zonder ermee te werken als aandeel van alles wat is geopend in 28 dagen: 80% (gebruikelijk voor deze persoon 43%, voor de functie 45%)',
    ],
    [
      'ru',
      '29 % · контакты, открытые без последующей работы с ними — доля от всех открытых за 28 дней: 80 % (обычно у этого сотрудника 43 %, в этой роли 45 %)',
    ],
  ])('is said in percent: %s', (language, text) => {
    expect(said(contribution, language)).toBe(text)
  })

  it('is said in the counts that there are where an alert of an older version has no share', () => {
    const { share: _, ...rest } = contribution
    expect(said(rest, 'en')).toBe(
      '29% · contacts opened but not worked on in 28 days: 208 (usual for this person 112, for the role 117)',
    )
  })
})

it.each([
  ['28d', 0, 'in 1 minute'],
  ['7d', 119 * 60_000, 'in 119 minutes'],
  ['28d', 5 * 3_600_000, 'in 5 hours'],
  ['28d', 86_400_000, 'in 28 days'],
] as const)('what was done within %s in the last %i ms is told as done %s', (window, lasted, span) => {
  const standing = { role: null, leaver: 'none', notice_on: null, last_working_day: null } as const
  const finding = sampleFinding({
    window,
    window_from: T0 - lasted,
    window_to: T0,
    facts: { kind: 'count', ...standing },
  })
  expect(sayFinding(finding, catalogueOf('en'))).toMatch(new RegExp(` ${span}; usual for this person`))
})
