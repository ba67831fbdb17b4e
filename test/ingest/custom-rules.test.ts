import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDesks } from '../../commands/open-desks.ts'
import { createRandom } from '../../fixtures/simulator/random.ts'
import { openFoundation } from '../../ingest/core.ts'
import { importFiles } from '../../ingest/offline/import-files.ts'
import { foldStore } from '../../ingest/offline/replay.ts'
import { readRules } from '../detectors/custom/rule-bench.ts'
import {
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  NOW,
  openTestCore,
  staffRecord,
  storedOutcome,
  submitAll,
  TEST_CORE,
  type TestCore,
} from '../support/test-core.ts'

const customRules = readRules(`
title: Exports in quick succession
name: quick-exports
level: high
correlation: { type: event_count, rules: [export], group-by: [actor_uid], timespan: 10m, condition: { gte: 3 } }
---
title: Many accounts from one address
name: many-accounts
level: critical
correlation:
  type: value_count
  rules: [access]
  group-by: [src_ip]
  timespan: 30m
  condition: { field: actor_uid, gte: 3 }
---
title: A record opened by name
name: named-record
level: low
detection: { s: { object_uids|startswith: vip-, 'query_text|contains': [board] }, condition: s }
---
title: A leaver deletes
name: leaver-deletes
level: medium
detection: { s: { action: delete, actor.leaver: notice, actor.role: sales }, condition: s }
---
title: An export
name: export
detection: { s: { action: export }, condition: s }
---
title: An access
name: access
detection: { s: { action: '*' }, condition: s }
`)
const FROM = NOW - 4 * HOUR_MS

interface Step {
  readonly at: number
  readonly actor?: string
  readonly action?: string
  readonly ip?: string
  readonly object?: string
  readonly query?: string
}
const eventOf = ({ at, actor = 'anna', action = 'view', ip, object = 'c1', query }: Step, n: number) => ({
  event_uid: `e${n}`,
  time: FROM + at * MINUTE_MS,
  actor_uid: actor,
  action,
  object_type: 'contact',
  object_uids: [object],
  ...(ip === undefined ? {} : { src_ip: ip }),
  ...(query === undefined ? {} : { query_text: query }),
})

/** All four rules come true, some more than once. */
const STORY = (
  [
    { at: 0, action: 'export' },
    { at: 1, action: 'export', ip: '192.0.2.7' },
    { at: 2, actor: 'bert', ip: '192.0.2.7' },
    { at: 5, action: 'export' },
    { at: 8, actor: 'cleo', ip: '192.0.2.7' },
    { at: 9, actor: 'dora', object: 'vip-4', query: 'the board of directors' },
    { at: 10, actor: 'dora', object: 'vip-4' },
    { at: 14, actor: 'emil', action: 'delete' },
    { at: 15, action: 'export' },
    { at: 20, actor: 'emil', action: 'export' },
    { at: 21, actor: 'emil', action: 'export' },
    { at: 31, actor: 'dora', ip: '192.0.2.7' },
    { at: 32, actor: 'emil', ip: '192.0.2.7' },
    { at: 60, action: 'export' },
    { at: 61, action: 'export' },
    { at: 62, action: 'export' },
  ] satisfies Step[]
).map(eventOf)
const STAFF = [staffRecord('emil', { status: 'notice', notice_on: '2026-05-01' })]

const withRules = { customRules }

async function outcomeOf(core: TestCore) {
  const { alerts } = await storedOutcome(core)
  return alerts
}
const told = (alerts: Awaited<ReturnType<typeof outcomeOf>>) =>
  alerts
    .flatMap(({ actor_uid, findings }: { actor_uid: string; findings: { detector: string; observed: number }[] }) =>
      findings.map(({ detector, observed }) => `${actor_uid} ${detector} ${observed}`),
    )
    .sort()

/** What rules that keep people apart told, each once: an alert keeps the first of equals and what came before it. */
const apart = (lines: readonly string[]) => [...new Set(lines.filter((one) => !one.includes('many-accounts')))]

async function unbroken(): Promise<Awaited<ReturnType<typeof outcomeOf>>> {
  await using core = await openTestCore(':memory:', withRules)
  await core.pipeline.submitStaff(STAFF)
  await submitAll(core, STORY)
  return await outcomeOf(core)
}

describe('rules of the operator’s own in the pipeline', () => {
  it('open alerts of their level, about the person whose event completed them', async () => {
    const alerts = await unbroken()
    expect(told(alerts)).toEqual([
      'anna custom:quick-exports 3',
      'cleo custom:many-accounts 3',
      'dora custom:many-accounts 4',
      'dora custom:named-record 1',
      'emil custom:leaver-deletes 1',
    ])
    const severities = Object.fromEntries(alerts.map((alert) => [alert.detector, alert.severity]))
    expect(severities).toEqual({
      'custom:quick-exports': 'high',
      'custom:many-accounts': 'critical',
      'custom:leaver-deletes': 'medium',
    })
  })

  it('keep the level as the severity under other scores of severities', async () => {
    await using core = await openTestCore(':memory:', {
      ...withRules,
      severity: { medium: 10, high: 91, critical: 95 },
    })
    await submitAll(core, STORY.slice(0, 6))
    const alerts = await outcomeOf(core)
    expect(alerts.map(({ detector, severity }) => `${detector} ${severity}`).sort()).toEqual([
      'custom:many-accounts critical',
      'custom:named-record low',
      'custom:quick-exports high',
    ])
  })

  it('do not see events that are left out', async () => {
    const outcome = async (events: readonly (typeof STORY)[number][], effect: 'events' | null) => {
      await using core = await openTestCore(':memory:', withRules)
      const suppression = {
        suppression_uid: 's1',
        org_uid: 'default',
        reason: 'audit',
        created_by: 'mia',
        created_at: NOW,
      }
      const times = { starts_at: 0, ends_at: NOW, revoked_by: null, revoked_at: null, last_suppressed_at: null }
      if (effect !== null)
        core.suppressions.put({ ...suppression, ...times, effect, scope: { actor_uid: 'anna' }, suppressed: 0 })
      await core.pipeline.submitStaff(STAFF)
      await submitAll(core, events)
      return await outcomeOf(core)
    }
    const withoutAnna = await outcome(
      STORY.filter(({ actor_uid }) => actor_uid !== 'anna'),
      null,
    )
    expect(told(withoutAnna).length).toBeGreaterThan(0)
    expect(await outcome(STORY, 'events')).toEqual(withoutAnna)
  })

  it('go on after restarts as if there had been none, and tell nothing twice', async () => {
    const wanted = await unbroken()
    for (const seed of [1, 2, 3]) {
      await inFolder(async (dir) => {
        const random = createRandom(seed)
        {
          await using core = await openTestCore(dir, withRules)
          await core.pipeline.submitStaff(STAFF)
        }
        for (let from = 0; from < STORY.length; ) {
          const to = from + 1 + random.int(3)
          await using core = await openTestCore(dir, withRules)
          expect(core.commits.flatMap(({ changes }) => changes)).toEqual([])
          await submitAll(core, STORY.slice(from, to))
          from = to
        }
        await using core = await openTestCore(dir, withRules)
        expect(await outcomeOf(core)).toEqual(wanted)
      })
    }
  })

  it('find with late events what they find in order, those that people share as long as the window holds', async () => {
    const wanted = await unbroken()
    for (const late of [0, 3, 5, 13]) {
      await using core = await openTestCore(':memory:', withRules)
      await core.pipeline.submitStaff(STAFF)
      await submitAll(core, [...STORY.slice(0, late), ...STORY.slice(late + 1), STORY[late]])
      const got = apart(told(await outcomeOf(core)))
      expect(got).toEqual(apart(told(wanted)))
    }
    await using core = await openTestCore(':memory:', withRules)
    const [a, b, c] = [1, 2, 4].map((n) => STORY[n])
    // Anna goes on elsewhere, so that the access from the shared address is late for her.
    await submitAll(core, [eventOf({ at: 12 }, 99), b, c])
    expect(await outcomeOf(core)).toEqual([])
    await submitAll(core, [a])
    expect(told(await outcomeOf(core))).toEqual(['anna custom:many-accounts 3'])
  })

  describe('with a chain: people who fail to log in thrice each, three of them from one address', () => {
    const chain = readRules(`
title: Password guessing from one address
name: spraying
level: critical
correlation:
  type: value_count
  rules: [guessing]
  group-by: [src_ip]
  timespan: 1h
  generate: true
  condition: { field: actor_uid, gte: 3 }
---
title: Many failed logins
name: guessing
level: low
correlation:
  type: event_count
  rules: [failed]
  group-by: [actor_uid]
  timespan: 10m
  condition: { gte: 3 }
---
title: A login that failed
name: failed
detection: { s: { action: login, outcome: failure }, condition: s }
`)
    const login = (actor: string, at: number, n: number) => ({
      ...eventOf({ at, actor, action: 'login', ip: '192.0.2.9' }, n),
      outcome: 'failure',
    })
    const logins = ['anna', 'bert', 'cleo'].flatMap((actor, k) =>
      [0, 1, 2].map((i) => login(actor, 5 * k + i, 3 * k + i)),
    )
    const sprayed = async (core: TestCore) => told(await outcomeOf(core)).filter((one) => one.includes('spraying'))

    it('finds the same however often the service was started anew', async () => {
      await inFolder(async (dir) => {
        for (const one of logins) {
          await using core = await openTestCore(dir, { customRules: chain })
          await submitAll(core, [one])
        }
        await using core = await openTestCore(dir, { customRules: chain })
        expect(await sprayed(core)).toEqual(['cleo custom:spraying 3'])
        expect(told(await outcomeOf(core))).toContain('anna custom:guessing 3')
      })
    })

    it('finds it when the last login, or one of the first, comes late', async () => {
      for (const late of [1, 8]) {
        await using core = await openTestCore(':memory:', { customRules: chain })
        const on = eventOf({ at: 13, actor: logins[late].actor_uid }, 99)
        await submitAll(core, [...logins.filter((_, n) => n !== late), on, logins[late]])
        await core.pipeline.drain()
        expect(await sprayed(core)).toEqual([`${logins[late].actor_uid} custom:spraying 3`])
      }
    })

    it('keeps what it knows of a person whose past is folded again, and counts nothing of it twice', async () => {
      await using core = await openTestCore(':memory:', { customRules: chain })
      await submitAll(core, logins.slice(0, 8))
      await core.pipeline.submitStaff([staffRecord('cleo', { status: 'notice', notice_on: '2026-05-01' })])
      await core.pipeline.drain()
      expect(await sprayed(core)).toEqual([])
      await submitAll(core, logins.slice(8))
      expect(await sprayed(core)).toEqual(['cleo custom:spraying 3'])
      const held = core.customRules?.usage().find(({ rule }) => rule === 'guessing')
      expect(held).toMatchObject({ groups: 6, entries: 18 })
    })
  })

  it('fold events that come while a past is being folded again', async () => {
    await using core = await openTestCore(':memory:', withRules)
    await submitAll(core, [STORY[1], STORY[2]])
    // The notice has Anna's past folded again, and what follows at once is kept aside for it.
    const notice = core.pipeline.submitStaff([staffRecord('anna', { status: 'notice', notice_on: '2026-05-01' })])
    const events = core.pipeline.submitEvents(
      [STORY[3], eventOf({ at: 6, action: 'export' }, 50)].map(bytes),
      'http',
      null,
    )
    await notice
    const after = core.pipeline.submitEvents([eventOf({ at: 7, action: 'export' }, 51)].map(bytes), 'http', null)
    await Promise.all([events, after])
    expect(told(await outcomeOf(core))).toEqual(['anna custom:quick-exports 3', 'anna custom:quick-exports 4'])
  })

  it('are found by a replay as by the running service', async () => {
    const wanted = await unbroken()
    await inFolder(async (dir) => {
      const file = join(dir, 'events.jsonl')
      await writeFile(file, STORY.map((event) => `${JSON.stringify(event)}\n`).join(''))
      const foundation = await openFoundation({ ...TEST_CORE, ...withRules, dir: join(dir, 'store') })
      try {
        const options = { defaultOrg: 'default', latestTime: NOW, now: NOW, source: 'replay' }
        await importFiles([file], foundation, options)
        await foldStore(foundation, { staff: STAFF, now: NOW, keep: true })
        const stored = await foundation.db.query<{ body: string }>('SELECT body FROM alerts ORDER BY alert_uid')
        const alerts = stored.map(({ body }) => {
          const { detected_at: _wallClock, ...alert } = JSON.parse(body)
          return alert
        })
        expect(alerts).toEqual(wanted)
      } finally {
        await foundation.db[Symbol.asyncDispose]()
      }
    })
  })

  it('tell of so many people a day, over restarts, and count what was held back', async () => {
    const limited = { ...withRules, customRulePeoplePerDay: 2 }
    const people = ['p1', 'p2', 'p3', 'p4']
    const events = people.map((actor, n) => eventOf({ at: n, actor, object: 'vip-1', query: 'board' }, n))
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir, limited)
        await submitAll(core, events.slice(0, 1))
      }
      await using core = await openTestCore(dir, limited)
      await submitAll(core, [...events.slice(1), eventOf({ at: 9, actor: 'p9', action: 'copy' }, 9)])
      expect(told(await outcomeOf(core))).toEqual(['p1 custom:named-record 1', 'p2 custom:named-record 1'])
      const usage = core.customRules?.usage() ?? []
      expect(usage.find(({ rule }) => rule === 'named-record')?.withheld).toBe(2)
      const nextDay = { ...eventOf({ at: 0, actor: 'p3', object: 'vip-1', query: 'board' }, 77), time: NOW }
      const before = { ...nextDay, event_uid: 'before', time: FROM - 24 * HOUR_MS, actor_uid: 'p4' }
      await submitAll(core, [nextDay, before])
      expect(told(await outcomeOf(core))).toContain('p4 custom:named-record 1')
      expect(told(await outcomeOf(core))).not.toContain('p3 custom:named-record 1')
    })
  })

  it('can be held back by name, and only those that are reported', async () => {
    await using core = await openTestCore(':memory:', withRules)
    const desks = openDesks({ ...core, now: () => NOW, planTriage: () => [], changed: () => undefined })
    const faultOf = (detector: string) => desks.suppressions.scopeFault('findings', { detector })
    expect(faultOf('custom:named-record')).toBeNull()
    expect(faultOf('custom:access')).toMatchObject({ path: '/scope/detector' })
    expect(faultOf('named-record')).toMatchObject({ message: expect.stringContaining('there is no such detector') })
  })

  it('leave the engine alone when there are none', async () => {
    await using core = await openTestCore(':memory:')
    expect(core.engine).toBe(core.builtIn)
    expect(core.customRules).toBeNull()
    await submitAll(core, STORY)
    expect([core.codes.originOf(0), core.codes.objectUid(0)]).toEqual([null, null])
  })
})

const bytes = (event: object): Buffer => Buffer.from(JSON.stringify(event))
