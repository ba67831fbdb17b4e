import { DETECTORS } from '../../detectors/registry.ts'
import type { DetectedFinding } from '../../model/alert.ts'
import { CORRELATION_TYPES } from '../../model/custom-rule.ts'
import type { FindingFacts, Standing } from '../../model/finding-facts.ts'
import { MEASURE_WINDOWS, MEASURES, WINDOW_MS } from '../../model/measure.ts'
import { sampleFinding, T0 } from '../store/sample-alert.ts'

/** How a person can stand when a finding is made. */
export const STANDINGS: readonly (Standing & { readonly look_back: boolean })[] = [
  { role: 'reception', leaver: 'none', notice_on: null, last_working_day: null, look_back: false },
  { role: null, leaver: 'none', notice_on: null, last_working_day: null, look_back: true },
  { role: 'sales', leaver: 'notice', notice_on: '2026-03-03', last_working_day: '2026-03-31', look_back: true },
  { role: 'sales', leaver: 'notice', notice_on: '2026-05-01', last_working_day: null, look_back: false },
  { role: 'sales', leaver: 'notice', notice_on: null, last_working_day: null, look_back: false },
  { role: 'sales', leaver: 'left', notice_on: '2026-03-03', last_working_day: '2026-03-02', look_back: false },
  { role: null, leaver: 'left', notice_on: null, last_working_day: null, look_back: false },
]

/** Every category of every language's plural rules, and a number with its thousands separated. */
export const COUNTS = [1, 2, 5, 21, 143, 12_345]

const { sentence: _, ...sample } = sampleFinding()
const finding = (change: Partial<DetectedFinding>): DetectedFinding => ({
  ...sample,
  time: T0,
  window_to: T0,
  ...change,
})

/** A finding of every kind: each measure in each window and way of comparing, a leaver's access, each kind of rule. */
export function* everyFinding(observed: number, standing: (typeof STANDINGS)[number]): Generator<DetectedFinding> {
  const { look_back, ...person } = standing
  for (const measure of MEASURES) {
    for (const window of MEASURE_WINDOWS[measure]) {
      const kinds: FindingFacts[] = [
        { kind: 'count', ...person },
        { kind: 'peers', ...person },
        { kind: 'team', ...person },
        {
          kind: 'share',
          ...person,
          among: 'contacts_viewed',
          share: 0.8,
          expected_share: 0.123,
          expected_share_peers: 0.004,
        },
        { kind: 'cusum', ...person, last_day: observed, expected_last_day: 0.4 },
      ]
      for (const facts of kinds) {
        const window_from = T0 - WINDOW_MS[window]
        const base = { measure, window, observed, window_from, look_back, facts, detector: DETECTORS[0].id }
        yield finding({ ...base, expected: 6.4, expected_peers: 0.5, baseline_days: 40 })
        yield finding({ ...base, expected: 0, expected_peers: 9, baseline_days: 0, window_from: T0 - 34 * 60_000 })
      }
    }
  }
  yield finding({
    detector: 'after-leaving',
    measure: null,
    window: '1d',
    observed,
    look_back,
    facts: { kind: 'after-leaving', ...person },
  })
  for (const type of CORRELATION_TYPES) yield ruleFinding(type, observed)
}

export const ruleFinding = (type: (typeof CORRELATION_TYPES)[number], observed: number): DetectedFinding =>
  finding({
    detector: 'custom:many-exports',
    measure: null,
    window: null,
    observed,
    expected: null,
    expected_peers: null,
    window_from: T0 - 34 * 60_000,
    facts: {
      kind: 'rule',
      title: 'Many exports from one address',
      type,
      rules: 3,
      fields: ['record_count'],
      timespan_ms: 3_600_000,
      condition: [
        { op: 'gte', value: 10 },
        { op: 'lt', value: 1_000.5 },
      ],
      group: [
        { name: 'src_ip', text: '192.0.2.7' },
        { name: 'session_uid', text: null },
      ],
    },
  })
