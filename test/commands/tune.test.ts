import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCommand } from '../../cli/parse-command.ts'
import { replay } from '../../commands/replay.ts'
import type { TuneReport } from '../../commands/tune/format-tune.ts'
import { tune } from '../../commands/tune.ts'
import type { Config } from '../../config.ts'
import { writeDataset } from '../../fixtures/simulator/write-dataset.ts'
import type { Suppression, SuppressionScope } from '../../model/suppression.ts'
import { openDatabase } from '../../store/database.ts'
import { insertSuppression, markRevoked } from '../../store/suppressions.ts'
import { configOf, load } from '../config/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'crmwatch-tune-'))
const dataset = join(folder, 'data')
const store = join(folder, 'store')
const quiet = { write: () => true }

const settings = (env: Record<string, string>): Config => configOf(load(null, env))

/** Fills a store as a service with these settings would have, and gives the ids of the alerts in it. */
async function fillStore(dir: string, env: Record<string, string>): Promise<string[]> {
  const alertsOut = join(folder, 'alerts.ndjson')
  const command = parseCommand([
    ...['replay', '--events', join(dataset, 'events.jsonl'), '--staff', join(dataset, 'staff.jsonl')],
    ...['--data', dir, '--alerts-out', alertsOut],
  ])
  if (command.command !== 'replay') throw new Error('not a replay')
  const parts = { config: settings(env), stdout: quiet, stderr: quiet, now: () => 0, monotonic: () => 0 }
  expect(await replay(command, parts)).toBe(0)
  return readFileSync(alertsOut, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).alert_uid)
}

const run = (...args: string[]) => runOn(store, ...args)

async function runOn(dir: string, ...args: string[]) {
  const command = parseCommand(['tune', '--data', dir, ...args])
  if (command.command !== 'tune') throw new Error(JSON.stringify(command))
  const said = { out: '', err: '' }
  const code = await tune(command, {
    config: settings({}),
    configOf: () => settings({ CRMWATCH_ALERT_BUDGET: '20', CRMWATCH_LEAVER_ALERT_BUDGET: '20' }),
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    now: () => 0,
    monotonic: () => 0,
  })
  return { code, ...said }
}

const reportOf = (...args: string[]) => reportOn(store, ...args)

async function reportOn(dir: string, ...args: string[]): Promise<TuneReport> {
  const { code, out } = await runOn(dir, '--json', ...args)
  expect(code).toBe(0)
  return JSON.parse(out)
}

const AT_THE_END = Date.UTC(2100, 0, 1)

const suppressionOf = (suppression_uid: string, scope: SuppressionScope): Suppression => ({
  ...{ suppression_uid, scope, org_uid: 'default', effect: 'findings', reason: 'a migration' },
  ...{ created_by: 'mia', created_at: 0, starts_at: 0, ends_at: AT_THE_END },
  ...{ revoked_by: null, revoked_at: null, suppressed: 0, last_suppressed_at: null },
})

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

let stored: string[]
beforeAll(async () => {
  await writeDataset(dataset, { seed: 4, staff: 20, weeks: 8, campaigns: { share: 0.4, fromWeek: 3 } })
  stored = await fillStore(store, {})
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('tune', () => {
  it('opens under today’s settings the alerts that the service opened, and under others those that it would have', async () => {
    const report = await reportOf('--budget', '0.1,20', '--days', '3650')
    expect(stored.length).toBeGreaterThan(3)
    expect(report.today.alerts).toBe(stored.length)
    expect(report.stored).toEqual({ alerts: stored.length, opened_again: stored.length })
    for (const { budget, alerts, lost, gained } of report.others) {
      const env = {
        CRMWATCH_ALERT_BUDGET: String(budget.ordinary),
        CRMWATCH_LEAVER_ALERT_BUDGET: String(budget.leaver),
      }
      const there = await fillStore(join(folder, `store-${budget.ordinary}`), env)
      expect(alerts).toBe(there.length)
      for (const { alert_uid } of gained) expect(there).toContain(alert_uid)
      for (const { alert_uid } of lost) expect(stored).toContain(alert_uid)
    }
    const [tight, loose] = report.others
    expect(tight.lost.length).toBeGreaterThan(0)
    expect(tight.gained).toEqual([])
    expect(loose.gained.length).toBeGreaterThan(0)
  })

  it('counts by week, by people and by role', async () => {
    const { today, people, from, to, stored: known } = await reportOf('--days', '14')
    const weeks = (Date.parse(to) - Date.parse(from)) / (7 * 86_400_000)
    expect(weeks).toBe(2)
    expect(known.alerts).toBeLessThan(stored.length)
    expect(known).toEqual({ alerts: today.alerts, opened_again: today.alerts })
    expect(today.alerts_per_week).toBe(Math.round((today.alerts / weeks) * 100) / 100)
    const weekly = today.by_role.map(({ alerts_per_week }) => alerts_per_week ?? Number.NaN)
    expect(today.per_1000_people_per_week).toBeCloseTo((today.alerts / weeks / people) * 1_000, 1)
    expect(today.by_role.reduce((sum, role) => sum + role.people, 0)).toBe(people)
    expect(weekly.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(today.alerts_per_week ?? Number.NaN, 1)
    expect(today.by_role.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(today.alerts)
  })

  it.each([
    ['6', false],
    ['7', true],
  ])('tells weekly rates of seven days and more: %s days', async (days, isTold) => {
    const { today, others } = await reportOf('--days', days)
    for (const row of [today, ...others]) {
      const rates = [row.alerts_per_week, row.per_1000_people_per_week, ...row.by_role.map((r) => r.alerts_per_week)]
      expect(rates.length).toBeGreaterThan(3)
      expect(rates.map((rate) => rate !== null)).toEqual(rates.map(() => isTold))
    }
    const { out } = await run('--days', days)
    expect(out.includes('Less than seven days: too little to tell alerts a week by.')).toBe(!isTold)
    expect(out).toMatch(isTold ? /^Alerts a week by role:$/m : /^Alerts by role:$/m)
    expect(out).toMatch(isTold ? /^as configured( +\d+){3} +[\d.]+ /m : /^as configured( +\d+){3} +- +- /m)
  })

  it('tells no alerts a week of some minutes', async () => {
    const [events, dir] = [join(import.meta.dirname, '../../fixtures/events.ndjson'), join(folder, 'minutes')]
    const command = parseCommand(['replay', '--events', events, '--data', dir])
    if (command.command !== 'replay') throw new Error('not a replay')
    const parts = { config: settings({}), stdout: quiet, stderr: quiet, now: () => 0, monotonic: () => 0 }
    expect(await replay(command, parts)).toBe(0)
    const { today } = await reportOn(dir)
    expect(today.alerts).toBeGreaterThan(0)
    expect(today).toMatchObject({ alerts_per_week: null, per_1000_people_per_week: null })
    expect(today.by_role).toEqual([{ role: '(none)', people: 1, alerts: today.alerts, alerts_per_week: null }])
  })

  it('folds once more for another detector', async () => {
    const before = await reportOf('--budget', '0.1', '--days', '3650')
    const [{ detector }] = before.others[0].lost
    const off = await reportOf('--detector', `${detector}=off`, '--days', '3650')
    expect(off.changes).toEqual([`${detector} off`])
    expect(off.others).toHaveLength(1)
    expect(off.others[0].gained.map((alert) => alert.detector)).not.toContain(detector)
    expect(off.today).toEqual(before.today)
  })

  it('folds once more for another floor, or a file of settings', async () => {
    const floor = await reportOf('--floor', 'mass-view/contacts_viewed.1h=100000', '--days', '3650')
    expect(floor.changes).toEqual(['floor of mass-view contacts_viewed.1h 100000'])
    const other = await reportOf('--with', 'other.yaml', '--days', '3650')
    expect(other.others.map(({ budget }) => budget.ordinary)).toEqual([20])
    expect(other.others[0].alerts).toBeGreaterThan(other.today.alerts)
  })

  it('holds back what suppressions held back, and of a revoked one no more', async () => {
    const dir = join(folder, 'suppressed')
    cpSync(store, dir, { recursive: true })
    const db = await openDatabase({ dir })
    const alerts = await db.query<{ actor_uid: string; first: number; alerts: number }>(
      'SELECT actor_uid, min(opened_at) AS first, count(*) AS alerts FROM alerts GROUP BY actor_uid ORDER BY actor_uid',
    )
    const [standing, revokedLater, revokedBefore] = alerts
    for (const [i, { actor_uid }] of [standing, revokedLater, revokedBefore].entries())
      await insertSuppression(db.writer, suppressionOf(`s.${i}`, { actor_uid }))
    await markRevoked(db.writer, 's.1', 'mia', AT_THE_END - 1)
    await markRevoked(db.writer, 's.2', 'mia', revokedBefore.first)
    await db[Symbol.asyncDispose]()
    const before = await reportOf('--days', '3650')
    const after = await reportOn(dir, '--days', '3650')
    const held = standing.alerts + revokedLater.alerts
    expect(after.stored).toEqual({ alerts: stored.length, opened_again: stored.length - held })
    expect([before.today, after.today].map((today) => today.alerts)).toEqual([stored.length, stored.length - held])
    expect(before.today.findings_held_back).toBe(0)
    expect(after.today.findings_held_back).toBeGreaterThanOrEqual(held)
    const { out } = await runOn(dir, '--days', '3650')
    expect(out).toContain(`Suppressions hold back ${after.today.findings_held_back} findings of that time`)
  })

  it('says the same every time, and leaves the store as it was', async () => {
    const file = join(store, 'crmwatch.duckdb')
    const before = hashOf(file)
    expect(await run('--budget', '2,10')).toEqual(await run('--budget', '2,10'))
    expect(hashOf(file)).toBe(before)
  })

  it('shows people a table and the alerts that come and go', async () => {
    const { out, err } = await run('--budget', '0.1,20', '--days', '3650')
    expect(out).toMatch(/^as configured +5 +5 +\d+ +[\d.]+ +[\d.]+ +\d+$/m)
    expect(out).toMatch(/^ +0\.1 +0\.1 +\d+ +[\d.]+ +[\d.]+ +\d+ +\d+ +\d+$/m)
    expect(out).toMatch(/^Budget 0\.1: would not have opened:\n +2026-\d\d-\d\d \d\d:\d\d +[\w-]+ /m)
    expect(out).not.toMatch(/undefined|NaN/)
    expect(err).toContain('events')
  })
})

describe('tune refuses', () => {
  it.each([
    [['--detector', 'mass-vew=off'], /no detector 'mass-vew'; did you mean 'mass-view'/],
    [['--detector', 'mass-view=no'], /on or off/],
    [['--floor', 'mass-view/x=3'], /contacts_viewed\.10m/],
    [['--floor', 'mass-view/contacts_viewed.1h=0'], /from 1 to/],
    [['--floor', 'after-leaving/x=3'], /after-leaving/],
  ])('%j', async (args, message) => {
    const { code, err } = await run(...args)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })

  it.each([['--budget', '0'], ['--budget', 'x'], ['--days', '0'], ['--detector', 'x'], ['--nothing']])(
    'the words %j %j',
    (...args) => {
      expect(parseCommand(['tune', ...args]).command).toBe('usage-error')
    },
  )

  it('a folder without a store, and a store without events', async () => {
    const command = parseCommand(['tune', '--data', join(folder, 'nowhere')])
    if (command.command !== 'tune') throw new Error('not tune')
    const parts = {
      config: settings({}),
      configOf: () => null,
      stdout: quiet,
      stderr: quiet,
      now: () => 0,
      monotonic: () => 0,
    }
    await expect(tune(command, parts)).rejects.toThrow(/There is no store in/)
    const empty = join(folder, 'empty')
    await (await openDatabase({ dir: empty }))[Symbol.asyncDispose]()
    expect(await tune({ ...command, dataDir: empty }, parts)).toBe(1)
  })
})
