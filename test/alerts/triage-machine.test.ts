import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc, { type AsyncCommand } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlertBook, createAlertBook } from '../../alerts/alert-book.ts'
import { isSettled, triage } from '../../alerts/triage.ts'
import { type BulkResult, createTriageDesk, type TriageDesk } from '../../alerts/triage-desk.ts'
import type { Alert } from '../../model/alert.ts'
import {
  ALERT_STATUSES,
  type AlertStatus,
  type TriageAction,
  type TriageChange,
  type TriageState,
} from '../../model/triage.ts'
import { getAlert, listAlerts, openAlerts, upsertAlerts } from '../../store/alerts.ts'
import { auditOf } from '../../store/audit-log.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { sampleFinding, T0 } from '../store/sample-alert.ts'
import { DAY_MS, inFolder } from '../support/test-core.ts'
import { anyTriageChange } from './any-triage-change.ts'

/** What an alert is to be after all that was asked for. */
interface Expected {
  state: TriageState
  version: number
  readonly history: { readonly by: string; readonly action: TriageAction }[]
}
/** By alert, in the order in which they opened. */
type Model = Map<string, Expected>

/** The real store in a folder, with the book and the desk over it. */
interface Real {
  db: Database
  book: AlertBook
  desk: TriageDesk
  readonly between: <T>(task: () => Promise<T>) => Promise<T>
  readonly dir: string
  now: number
}

const ACTOR = { org_uid: 'default', actor_uid: 'u-17', staff: null, leaver: 'none' as const }
const all = () => true
const analyst = (name: string) => ({ token_uid: `t-${name}`, name })

function assemble(db: Database, real: Pick<Real, 'between'> & { now: number }): Pick<Real, 'book' | 'desk'> {
  const book = createAlertBook({
    severity: { medium: 40, high: 60, critical: 80 },
  })
  const { between } = real
  const desk = createTriageDesk({ db, book, between, now: () => ++real.now, plan: () => [], changed: () => undefined })
  return { book, desk }
}

type Step = AsyncCommand<Model, Real>
const step = (name: string, run: Step['run']): Step => ({ check: () => true, run, toString: () => name })
const pick = (model: Model, n: number): string => [...model.keys()][n % model.size]

/** What the model makes of a change; whether it was taken. */
function apply(expected: Expected, asked: TriageChange, by: string): 'changed' | 'unchanged' | 'refused' {
  const result = triage(expected.state, asked)
  if (result.kind !== 'changed') return result.kind
  expected.state = result.state
  expected.version++
  for (const action of result.actions) expected.history.push({ by, action })
  return 'changed'
}

const find = (model: Model, uid: string): Expected => {
  const expected = model.get(uid)
  if (expected === undefined) throw new Error(`${uid} is not in the model`)
  return expected
}

async function compare(model: Model, { db }: Real): Promise<void> {
  const { items } = await listAlerts(db, {}, null, 500)
  expect(items.map(({ alert_uid }) => alert_uid).toSorted()).toEqual([...model.keys()].toSorted())
  for (const [uid, { state, version, history }] of model) {
    const alert = await getAlert(db, uid)
    expect(alert).toMatchObject({ ...state, labels: [...state.labels], version })
    expect(ALERT_STATUSES).toContain(alert?.status)
    expect(alert?.closed_at !== null).toBe(isSettled(state.status))
    const stored = (await auditOf(db, { subject: 'alert', uid }, null, 500)).items
    expect(stored.map(({ token_name: by, detail: action }) => ({ by, action }))).toEqual(history)
  }
}

const changing = fc.tuple(fc.nat(), anyTriageChange, fc.constantFrom(-1, 0, 0, 0, 1)).map(([n, asked, off]) =>
  step(`change ${n} ${JSON.stringify(asked)} at ${off}`, async (model, { desk }) => {
    const alert_uid = pick(model, n)
    const expected = find(model, alert_uid)
    const version = expected.version + off
    const { kind } = await desk.change({ alert_uid, version }, asked, analyst('mia'), all)
    expect(kind).toBe(off === 0 ? apply(expected, asked, 'mia') : 'stale')
  }),
)

const noting = fc.nat().map((n) =>
  step(`note on ${n}`, async (model, { desk }) => {
    const alert_uid = pick(model, n)
    await desk.change({ alert_uid, version: null }, { note: `note ${n}` }, analyst('olga'), all)
    apply(find(model, alert_uid), { note: `note ${n}` }, 'olga')
  }),
)

const racing = fc.tuple(fc.nat(), anyTriageChange, anyTriageChange).map(([n, one, other]) =>
  step(`two at once on ${n}: ${JSON.stringify([one, other])}`, async (model, { desk }) => {
    const alert_uid = pick(model, n)
    const expected = find(model, alert_uid)
    const seen = { alert_uid, version: expected.version }
    const [first, second] = await Promise.all([
      desk.change(seen, one, analyst('mia'), all),
      desk.change(seen, other, analyst('olga'), all),
    ])
    expect(first.kind).toBe(apply(expected, one, 'mia'))
    expect(second.kind).toBe(first.kind === 'changed' ? 'stale' : apply(expected, other, 'olga'))
  }),
)

/** Of each outcome how many. */
const tally = (kinds: readonly string[]) => ({
  changed: kinds.filter((kind) => kind === 'changed').length,
  unchanged: kinds.filter((kind) => kind === 'unchanged').length,
  failed: kinds.filter((kind) => kind === 'refused' || kind === 'stale').length,
})
const counted = ({ changed, unchanged, failed }: BulkResult) => ({ changed, unchanged, failed: failed.length })

const changingNamed = fc
  .tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), anyTriageChange)
  .map(([ns, asked]) =>
    step(`change ${ns} together: ${JSON.stringify(asked)}`, async (model, { desk }) => {
      const requests = ns.map((n) => ({ alert_uid: pick(model, n), version: find(model, pick(model, n)).version }))
      const result = await desk.changeAll(requests, asked, analyst('mia'), all)
      const kinds = requests.map(({ alert_uid, version }) =>
        find(model, alert_uid).version === version ? apply(find(model, alert_uid), asked, 'mia') : 'stale',
      )
      expect(counted(result)).toEqual(tally(kinds))
    }),
  )

const changingMatching = fc
  .tuple(fc.subarray<AlertStatus>([...ALERT_STATUSES], { minLength: 1 }), anyTriageChange)
  .map(([status, asked]) =>
    step(`change all that are ${status}: ${JSON.stringify(asked)}`, async (model, { desk }) => {
      const result = await desk.changeMatching({ status }, asked, analyst('olga'))
      const matching = [...model.values()].filter(({ state }) => status.includes(state.status))
      if ('kind' in result) throw new Error('there are never so many')
      expect(counted(result)).toEqual(tally(matching.map((expected) => apply(expected, asked, 'olga'))))
    }),
  )

const finding = fc
  .tuple(fc.constantFrom('mass-copy', 'mass-view'), fc.integer({ min: 10, max: 99 }), fc.integer({ min: 1, max: 400 }))
  .map(([detector, score, observed]) =>
    step(`${detector} finds ${observed}, ${score} strong`, async (model, { book, db, between }) => {
      // Each is stronger than those before it would be if it were the same, so that some say nothing new.
      const found = sampleFinding({ detector, score, observed, tail_log10: -score / 10 })
      const before = new Map<string, Alert | null>()
      for (const uid of model.keys()) before.set(uid, await getAlert(db, uid))
      const outcome = await between(async () => {
        const made = book.add(ACTOR, found, found.time, T0)
        if (made !== null) await upsertAlerts(db.writer, [made.alert])
        return made
      })
      if (outcome === null) return
      const { alert, type } = outcome
      if (type === 'alert.opened') {
        expect(alert.follows).toBe([...model.keys()].at(-1) ?? null)
        model.set(alert.alert_uid, { state: freshState(), version: 1, history: [] })
        return
      }
      // What analysts have settled is left alone; what they are at work on keeps what they made of it.
      const expected = find(model, alert.alert_uid)
      expect(isSettled(expected.state.status)).toBe(false)
      expected.version++
    }),
  )

const restart = fc.constant(
  step('restart', async (_, real) => {
    await real.db[Symbol.asyncDispose]()
    real.db = await openDatabase({ dir: real.dir })
    Object.assign(real, assemble(real.db, real))
    real.book.restore(await openAlerts(real.db, T0 - 42 * DAY_MS))
  }),
)

const freshState = (): TriageState => ({ status: 'new', verdict: null, assignee: null, labels: [] })

/** An empty store, copied for each run: making its tables anew would take most of the time. */
let empty = ''
beforeAll(async () => {
  empty = mkdtempSync(join(tmpdir(), 'crmwatch-empty-'))
  const db = await openDatabase({ dir: empty })
  await db[Symbol.asyncDispose]()
})
afterAll(() => rmSync(empty, { recursive: true, force: true }))

async function start(dir: string): Promise<{ model: Model; real: Real }> {
  cpSync(empty, dir, { recursive: true })
  const db = await openDatabase({ dir })
  let turn: Promise<unknown> = Promise.resolve()
  const between = <T>(task: () => Promise<T>): Promise<T> => {
    const done = turn.then(task)
    turn = done.catch(() => undefined)
    return done
  }
  const base = { dir, db, now: T0, between }
  const real: Real = Object.assign(base, assemble(db, base))
  const opened = real.book.add(ACTOR, sampleFinding({ score: 50, observed: 60 }), T0, T0)
  if (opened === null) throw new Error('the first finding opens an alert')
  await upsertAlerts(db.writer, [opened.alert])
  return { model: new Map([[opened.alert.alert_uid, { state: freshState(), version: 1, history: [] }]]), real }
}

test('no sequence of what analysts, findings and restarts do loses anything or leaves an alert undefined', async () => {
  const commands = fc.commands(
    [changing, changing, noting, racing, changingNamed, changingMatching, finding, finding, restart],
    { maxCommands: 40, size: 'max' },
  )
  await fc.assert(
    fc.asyncProperty(commands, (steps) =>
      inFolder(async (dir) => {
        const { model, real } = await start(dir)
        try {
          await fc.asyncModelRun(() => ({ model, real }), steps)
          await compare(model, real)
        } finally {
          await real.db[Symbol.asyncDispose]()
        }
      }),
    ),
    { numRuns: 20 },
  )
}, 120_000)
