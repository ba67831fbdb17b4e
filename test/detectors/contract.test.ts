import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Activity } from '../../detectors/detector.ts'
import { bindDetectors, DETECTORS } from '../../detectors/registry.ts'
import type { DetectorCase } from '../../fixtures/cases/case.ts'
import { catalogueOf } from '../../messages/catalogues.ts'
import { sayFinding } from '../../messages/say-finding.ts'
import type { DetectedFinding } from '../../model/alert.ts'
import { LANGUAGES } from '../../model/language.ts'
import { createBench, inOrder, kindOf } from './fold-case.ts'

const ROOT = join(import.meta.dirname, '../..')
const files = readdirSync(join(ROOT, 'fixtures/cases')).filter((name) => name !== 'case.ts')
const cases: DetectorCase[] = (
  await Promise.all(
    files.map(async (file) => (await import(join(ROOT, 'fixtures/cases', file))) as { cases: DetectorCase[] }),
  )
).flatMap((module) => module.cases)

const fold = (one: DetectorCase, detectors = bindDetectors()) =>
  createBench({ detectors, numbered: one.numbered, plantedUids: one.planted })
    .fold(inOrder(one.events), one.staff)
    .map(({ finding }) => finding)

/** Somebody who has done nothing at all. */
const EMPTY: Activity = {
  event: { time: 0, kind: kindOf({ time: 0, actor: 'a', action: 'view' }), objects: 0, recordCount: null },
  actor: { type: 'user', staff: null, role: null, leaver: 'none', lookBack: false },
  count: () => 0,
  baseline: () => ({ expected: 0, expectedPeers: 0, days: 0, tailLog10: () => 0 }),
  surprise: () => 0,
  seen: () => 0,
  reached: () => 0,
  contributions: () => [],
  score: 0,
  share: () => ({ among: 'contacts_viewed', seen: 0, expected: 0, expectedPeers: 0 }),
  dayStart: 0,
  since: () => 0,
  accessesAfterLeaving: 0,
}

const floored = DETECTORS.flatMap(({ id, defaults }) =>
  'floors' in defaults ? [[id, Object.keys(defaults.floors)] as const] : [],
)

test.each(floored)('%s says nothing below its own floors, though others listen to the same tests', (id, names) => {
  const floors = Object.fromEntries(names.map((name) => [name, 1_000_000]))
  const detectors = bindDetectors({ [id]: { enabled: true, params: { floors } } })
  const found = cases.filter(({ detector }) => detector === id).flatMap((one) => fold(one, detectors))
  expect(found.map(({ detector }) => detector)).not.toContain(id)
})

describe.each(DETECTORS.map(({ id }) => id))('%s', (id) => {
  const own = cases.filter((one) => one.detector === id)

  test.each(own.map((one) => [one.fires ? 'reports' : 'leaves alone', one.name, one] as const))(
    '%s: %s',
    (_, __, one) => {
      const found = fold(one).filter((finding) => finding.detector === id)
      expect(found.length > 0).toBe(one.fires)
    },
  )

  test('has its docs page, its rule file, and cases that fire and that stay quiet', () => {
    expect(existsSync(join(ROOT, `docs/detectors/${id}.md`))).toBe(true)
    expect(existsSync(join(ROOT, `detectors/rules/${id}.ts`))).toBe(true)
    expect(own.some((one) => one.fires) && own.some((one) => !one.fires)).toBe(true)
  })

  test('says nothing about nothing: no events, or none that were surprising', () => {
    expect(createBench({ detectors: bindDetectors() }).fold([])).toEqual([])
    const [detector] = bindDetectors().filter((one) => one.id === id)
    expect(detector.examine(EMPTY)).toBeNull()
  })
})

describe('every detector on every case', () => {
  test.each(cases.map((one) => [`${one.detector}: ${one.name}`, one] as const))('%s', (_, one) => {
    const findings = fold(one)
    expect(fold(one)).toEqual(findings)
    for (const finding of findings) {
      expect(finding.score).toBeGreaterThan(0)
      expect(finding.score).toBeLessThanOrEqual(100)
      expect(finding.window_from).toBeLessThanOrEqual(finding.window_to)
      for (const language of LANGUAGES) {
        expect(sayFinding(finding, catalogueOf(language))).toMatch(/^\p{Ll}.*[^.]$/u)
      }
      const parts = (finding.contributions ?? []).map(({ part }) => part)
      expect(parts.length).toBeGreaterThan(0)
      expect(parts).toEqual([...parts].sort((a, b) => b - a))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(1)
      for (const { kind, observed, expected, expected_peers, weight, part, share } of finding.contributions ?? []) {
        expect(part).toBeGreaterThan(0)
        expect(share !== undefined).toBe(kind === 'share')
        if (share !== undefined)
          for (const number of [share.seen, share.expected ?? 0, share.expected_peers])
            expect(Number.isFinite(number) && number >= 0).toBe(true)
        for (const number of [observed, expected, expected_peers, weight])
          if (number !== null) expect(Number.isFinite(number) && number >= 0).toBe(true)
      }
      for (const number of [finding.observed, finding.expected, finding.expected_peers, finding.tail_log10]) {
        if (number !== null) expect(Number.isFinite(number)).toBe(true)
      }
    }
  })

  test.each(cases.map((one) => [`${one.detector}: ${one.name}`, one] as const))(
    'equal times in another order find the same: %s',
    (_, one) => {
      const numbers = (found: ReturnType<typeof fold>) =>
        found.map(({ detector, time, observed }) => ({ detector, time, observed }))
      const otherwise = { ...one, events: [...one.events].reverse() }
      expect(numbers(fold(otherwise))).toEqual(numbers(fold(one)))
    },
  )
})

test.each(cases.map((one) => [`${one.detector}: ${one.name}`, one] as const))(
  'is not changed by looking on at every event: %s',
  (_, one) => {
    const asked: DetectedFinding[] = []
    const bench = createBench({
      detectors: bindDetectors(),
      numbered: one.numbered,
      plantedUids: one.planted,
      onWeighed: ({ speeches, findings }) => asked.push(...findings(speeches().map(({ voice }) => voice))),
    })
    const { engine } = bench
    const foldRow = engine.fold.bind(engine)
    engine.fold = (batch, i) => {
      const outcome = foldRow(batch, i)
      engine.slots(batch.actor[i])
      return outcome
    }
    const found = bench.fold(inOrder(one.events), one.staff).map(({ finding }) => finding)
    expect(found).toEqual(fold(one))
    expect(found.some(({ facts }) => facts?.kind !== 'after-leaving') ? asked.length : 1).toBeGreaterThan(0)
  },
)

test('a detector that is switched off reports nothing', () => {
  const [first] = cases.filter((one) => one.detector === 'mass-copy' && one.fires)
  const detectors = bindDetectors({ 'mass-copy': { enabled: false, params: {} } })
  expect(fold(first, detectors).filter((finding) => finding.detector === 'mass-copy')).toEqual([])
})
