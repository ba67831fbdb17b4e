import { describe, expect, test } from 'vitest'
import { createRuleBench, type RuleEvent } from '../detectors/custom/rule-bench.ts'
import { blocksOf } from './documents.ts'

const MINUTE_MS = 60_000
const examples = blocksOf('docs/custom-rules.md').filter(({ language }) => language === 'yaml')

const many = (count: number, event: RuleEvent, from = 0): RuleEvent[] =>
  Array.from({ length: count }, (_, n) => ({ ...event, time: (from + n) * 1_000 }))
const leaver = { leaver: 'notice' } as const

interface Story {
  readonly fires: readonly RuleEvent[]
  readonly quiet: readonly RuleEvent[]
}

/** Per example, by the name of its rule: what it is for, and something close to it. */
const STORIES: Readonly<Record<string, Story>> = {
  'leaver-takes-records': {
    fires: many(3, { action: 'export', record_count: 100, staff: leaver }),
    quiet: [
      ...many(3, { action: 'export', record_count: 100 }),
      ...many(3, { action: 'export', record_count: 90, staff: leaver }),
    ],
  },
  'many-accounts-one-address': {
    fires: ['a', 'b', 'c', 'd', 'e'].map((actor_uid, n) => ({
      actor_uid,
      src_ip: '198.51.100.7',
      time: n * MINUTE_MS,
    })),
    quiet: ['a', 'b', 'c', 'd', 'e'].flatMap((actor_uid, n) => [
      { actor_uid, src_ip: '10.0.0.7', time: n * MINUTE_MS },
      { actor_uid, src_ip: '198.51.100.7', time: n * 8 * MINUTE_MS },
    ]),
  },
  'search-export-delete': {
    fires: (['search', 'export', 'delete'] as const).map((action, n) => ({ action, time: n * MINUTE_MS })),
    quiet: (['delete', 'export', 'search'] as const).map((action, n) => ({ action, time: n * MINUTE_MS })),
  },
  'guessed-password': {
    fires: [...many(10, { action: 'login', outcome: 'failure' }), { action: 'login', time: MINUTE_MS }],
    quiet: [...many(9, { action: 'login', outcome: 'failure' }), { action: 'login', time: MINUTE_MS }],
  },
  'contacts-by-script': {
    fires: [{ user_agent: 'Python-Requests/2.31' }],
    quiet: [{ user_agent: 'Python-Requests/2.31', actor_type: 'integration' }, { user_agent: 'Mozilla/5.0' }],
  },
}

const nameOf = (text: string): string => /^name: (.+)$/m.exec(text)?.[1] ?? ''

describe('rules shown in the documents', () => {
  test('are those of the stories', () => {
    expect(examples.map(({ text }) => nameOf(text))).toEqual(Object.keys(STORIES))
  })

  test.each(examples.map(({ text }) => [nameOf(text), text] as const))('%s fires and stays quiet', (name, text) => {
    const { fires, quiet } = STORIES[name]
    expect(
      createRuleBench(text)
        .fold(fires)
        .map(({ finding }) => finding.detector),
    ).toEqual([`custom:${name}`])
    expect(createRuleBench(text).fold(quiet)).toEqual([])
  })
})
