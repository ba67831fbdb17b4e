import { describe, expect, it } from 'vitest'
import { createExaminer } from '../../commands/examine-actor.ts'
import { openDesks } from '../../commands/open-desks.ts'
import type { RiskCuts } from '../../detectors/risk/calibration.ts'
import { EXAMINATION_LIMITS } from '../../model/examination.ts'
import { auditOf } from '../../store/audit-log.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  memoryOf,
  NOW,
  openTestCore,
  storedOutcome,
  submitAll,
  type TestCore,
  views,
} from '../support/test-core.ts'

/** What ordinary people do is never enough. */
const LEAVERS_ONLY: RiskCuts = { ordinary: 99, leaver: 3 }
const FIRST_DAY = NOW - 40 * DAY_MS
const BOLD = NOW - 10 * DAY_MS + 6 * HOUR_MS
const days = (actor: string) =>
  Array.from({ length: 40 }, (_, n) => views(`${actor}${n}`, FIRST_DAY + n * DAY_MS, 9, 30 * MINUTE_MS, actor)).flat()
const story = [...days('anna'), ...days('bert'), ...views('bold', BOLD, 200, 20_000)].sort((a, b) => a.time - b.time)
const mia = { token_uid: 't1', name: 'mia' }
const examinerOf = (core: TestCore) => createExaminer({ ...core, now: () => NOW })

describe('an analyst who has somebody examined', () => {
  it('is told what a leaver would have been called for, with its own times', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await submitAll(core, story)
    expect((await storedOutcome(core)).alerts).toEqual([])
    const to = core.engine.newestEvent(core.codes.findActor('default', 'anna'))
    const outcome = await examinerOf(core)('default', 'anna', 'a colleague saw her photograph the screen', mia)
    if (outcome.kind !== 'examined') throw new Error(outcome.kind)
    expect(outcome).toMatchObject({ from: Number(to) - 90 * DAY_MS, to })
    expect(outcome.alerts).toMatchObject([{ actor_uid: 'anna', opened_at: NOW, leaver: false, status: 'new' }])
    const [{ findings }] = outcome.alerts
    expect(outcome.findings).toBeGreaterThanOrEqual(findings.length)
    for (const finding of findings) {
      expect(finding).toMatchObject({ look_back: true, sentence: expect.stringContaining('found on look-back') })
      expect(finding.time).toBeLessThan(NOW - DAY_MS)
    }
    expect((await storedOutcome(core)).alerts).toHaveLength(1)
    expect(await core.db.query('SELECT * FROM refold_queue')).toEqual([])
    const { items } = await auditOf(core.db, { subject: 'actor', uid: 'anna', org: 'default' }, null, 10)
    expect(items).toMatchObject([
      { token_name: 'mia', done_at: NOW, detail: { action: 'examined', reason: expect.stringContaining('colleague') } },
    ])
    expect((await auditOf(core.db, { subject: 'actor', uid: 'anna', org: 'acme' }, null, 10)).items).toEqual([])
  })

  it('changes nothing else: counts, closed days, the usual cut for what comes after', async () => {
    const outcomes = []
    for (const examined of [false, true]) {
      await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
      await submitAll(core, story)
      if (examined) await examinerOf(core)('default', 'anna', 'audit', mia)
      const found = (await storedOutcome(core)).alerts
      await submitAll(core, views('after', NOW, 150, 20_000))
      const { alerts, dayPeaks } = await storedOutcome(core)
      expect(alerts).toEqual(found)
      outcomes.push({ dayPeaks, memory: memoryOf(core) })
    }
    expect(outcomes[1]).toEqual(outcomes[0])
  })

  it('finds nothing twice, nor anything about somebody who did nothing', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await submitAll(core, story)
    const examine = examinerOf(core)
    await examine('default', 'anna', 'first', mia)
    const { alerts } = await storedOutcome(core)
    expect(await examine('default', 'anna', 'second', mia)).toMatchObject({ kind: 'examined', alerts: [] })
    const nothing = {
      findings: 0,
      findings_new: 0,
      findings_known: 0,
      findings_suppressed: 0,
      alerts: [],
      known_in: [],
    }
    expect(await examine('default', 'bert', 'beside', mia)).toMatchObject(nothing)
    expect((await storedOutcome(core)).alerts).toEqual(alerts)
  })

  it('is told where the findings went: to alerts, nowhere because they are known, or behind a suppression', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await submitAll(core, story)
    const examine = async (reason: string) => {
      const outcome = await examinerOf(core)('default', 'anna', reason, mia)
      if (outcome.kind !== 'examined') throw new Error(outcome.kind)
      const { findings, findings_new, findings_known, findings_suppressed } = outcome
      expect(findings_new + findings_known + findings_suppressed).toBe(findings)
      return outcome
    }
    const suppress = {
      org_uid: 'default',
      effect: 'findings',
      reason: 'audit',
      starts_at: FIRST_DAY,
      ends_at: NOW + DAY_MS,
    } as const
    const { suppressions } = openDesks({ ...core, now: () => NOW, planTriage: () => [], changed: () => undefined })
    const made = await suppressions.create({ ...suppress, scope: { actor_uid: 'anna' } }, mia)
    if (made.kind !== 'done') throw new Error(made.message)

    const held = await examine('held back')
    expect(held.findings).toBeGreaterThan(0)
    expect(held).toMatchObject({ findings_suppressed: held.findings, findings_new: 0, alerts: [], known_in: [] })

    await suppressions.revoke(made.suppression.suppression_uid, mia, () => true)
    const first = await examine('first')
    expect(first).toMatchObject({ findings: held.findings, findings_suppressed: 0, known_in: [] })
    expect(first.findings_new).toBeGreaterThan(0)
    expect(first.alerts).toHaveLength(1)

    const second = await examine('second')
    expect(second).toMatchObject({
      findings: held.findings,
      findings_new: 0,
      findings_known: held.findings,
      alerts: [],
      known_in: [first.alerts[0].alert_uid],
    })
  })

  it('gets an answer each when several ask at once, up to a limit, and of nobody known none', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await submitAll(core, story)
    const examine = examinerOf(core)
    expect(await examine('default', 'nobody', 'audit', mia)).toEqual({ kind: 'absent' })
    const asked = Array.from({ length: EXAMINATION_LIMITS.waiting + 1 }, () => examine('default', 'anna', 'audit', mia))
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
    expect(kinds).toEqual([...Array(EXAMINATION_LIMITS.waiting).fill('examined'), 'busy'])
    expect(await examine('default', 'bert', 'audit', mia)).toMatchObject({ kind: 'examined' })
  })

  it('finds it after a restart where the service ended before it was done', async () => {
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir, { cuts: LEAVERS_ONLY })
        await submitAll(core, story)
        const actor = core.codes.findActor('default', 'anna')
        // As a kill leaves it: asked for, and not done.
        await core.db.writer.run("INSERT INTO refold_queue VALUES (?, ?, 'examination', ?)", [actor, FIRST_DAY, NOW])
      }
      await using core = await openTestCore(dir, { cuts: LEAVERS_ONLY })
      await core.pipeline.drain()
      expect((await storedOutcome(core)).alerts).toMatchObject([{ actor_uid: 'anna', opened_at: NOW }])
    })
  })
})
