import { createAlertBook } from '../../alerts/alert-book.ts'
import { createSuppressionBook } from '../../alerts/suppression.ts'
import type { ActorFinding, Weighed } from '../../detectors/engine-contract.ts'
import type { BoundDetector } from '../../detectors/registry.ts'
import type { AlertBudget } from '../../detectors/risk/calibration.ts'
import { createSaid } from '../../detectors/said.ts'
import { type CoreOptions, DEFAULT_SEVERITY, openFoundation } from '../../ingest/core.ts'
import { foldStore } from '../../ingest/offline/replay.ts'
import type { Alert, DetectedFinding } from '../../model/alert.ts'
import { allStaffRecords } from '../../store/staff-records.ts'
import { pastSuppressions } from '../../store/suppressions.ts'

/** An alert as it opened, and as it stood in the end. */
export interface TunedAlert {
  readonly opened: Alert
  readonly final: Alert
}

export interface BudgetRun {
  readonly budget: AlertBudget
  /** In the order in which they opened. */
  readonly alerts: readonly TunedAlert[]
  /** Event times, epoch ms, of the findings that suppressions held back. */
  readonly held: readonly number[]
}

interface StoredAlert {
  readonly alert_uid: string
  /** Event time, epoch ms. */
  readonly opened_at: number
}

export interface FoldedBudgets {
  readonly events: number
  /** Event time of the newest event, epoch ms; null without any. */
  readonly newest: number | null
  readonly oldest: number | null
  readonly runs: readonly BudgetRun[]
  /** The alerts that the store holds. */
  readonly stored: readonly StoredAlert[]
  /** People, not integrations, by their role as HR says last, who did something from a time on. */
  peopleSince(since: number): ReadonlyMap<string, number>
}

export const NO_ROLE = '(none)'

/** The risk of a person-day is the same under any budget: only the cut differs, so that one fold answers for all. */
const NO_CUT = { ordinary: Number.POSITIVE_INFINITY, leaver: Number.POSITIVE_INFINITY }

/**
 * Folds all that the store holds, as a service would have seen it, and opens alerts under each budget. Suppressions hold
 * back what they held back then. Changes nothing.
 */
export async function foldBudgets(
  options: CoreOptions,
  budgets: readonly AlertBudget[],
  onProgress: (events: number, total: number) => void,
): Promise<FoldedBudgets> {
  const lanes = budgets.map((budget) => createLane(budget, options))
  const lanesOf = new WeakMap<DetectedFinding, readonly Lane[]>()
  let found: ActorFinding[] = []
  let drain: () => ActorFinding[] = () => []

  const onWeighed = (weighed: Weighed) => {
    const hearing = lanes.map((lane) => ({ lane, heard: lane.news(weighed) })).filter(({ heard }) => heard.length > 0)
    if (hearing.length === 0) return
    // What was found before comes before, since the first finding of an episode names its alert.
    found.push(...drain())
    for (const finding of weighed.findings([...new Set(hearing.flatMap(({ heard }) => heard))])) {
      const reached = hearing.filter(({ heard }) => heard.some(({ id }) => id === finding.detector))
      lanesOf.set(
        finding,
        reached.map(({ lane }) => lane),
      )
      found.push({ actor: weighed.actor, finding, knownAt: finding.time })
    }
  }
  const foundation = await openFoundation({ ...options, cuts: NO_CUT, onWeighed, readOnly: true })
  const { db, engine, codes } = foundation
  try {
    const [{ events, oldest, newest }] = await db.query<{
      events: number
      oldest: number | null
      newest: number | null
    }>('SELECT count(*) AS events, min(time) AS oldest, max(time) AS newest FROM event_log')
    const stored = await db.query<StoredAlert>('SELECT alert_uid, opened_at FROM alerts')
    const suppressions = createSuppressionBook(await pastSuppressions(db, oldest ?? 0))
    drain = () => engine.takeFindings()
    await foldStore(
      {
        ...foundation,
        engine: {
          ...engine,
          takeFindings() {
            const taken = [...found, ...engine.takeFindings()]
            found = []
            return taken
          },
          beginRefold(code, plan) {
            for (const lane of lanes) lane.forget(code)
            return engine.beginRefold(code, plan)
          },
        },
        book: {
          ...foundation.book,
          add(actor, finding, openedAt, now) {
            const isHeld = suppressions.hold(actor, finding, finding.time) !== null
            for (const lane of lanesOf.get(finding) ?? lanes) {
              if (isHeld) lane.hold(finding)
              else lane.add(actor, finding, openedAt, now)
            }
            return null
          },
        },
      },
      {
        staff: await allStaffRecords(db),
        now: options.now(),
        keep: false,
        onProgress: (folded) => onProgress(folded, events),
      },
    )
    const people: { role: string; newest: number }[] = []
    for (let code = 0; code < codes.actorCount; code++) {
      const seen = engine.newestEvent(code)
      if (seen === null) continue
      const { record } = engine.staffOf(code, seen)
      if ((record?.actor_type ?? 'user') === 'user') people.push({ role: record?.role ?? NO_ROLE, newest: seen })
    }
    return {
      events,
      oldest,
      newest,
      stored,
      runs: lanes.map(({ budget, alerts, held }) => ({ budget, alerts: alerts(), held })),
      peopleSince(since) {
        const counts = new Map<string, number>()
        for (const { role, newest: seen } of people) if (seen >= since) counts.set(role, (counts.get(role) ?? 0) + 1)
        return counts
      },
    }
  } finally {
    await db[Symbol.asyncDispose]()
  }
}

type Lane = ReturnType<typeof createLane>

/** The alerts of one budget. */
function createLane(budget: AlertBudget, { severity, language }: CoreOptions) {
  const book = createAlertBook({ severity: severity ?? DEFAULT_SEVERITY, language })
  const said = createSaid<BoundDetector>()
  const opened = new Map<string, Alert>()
  const final = new Map<string, Alert>()
  const held: number[] = []
  return {
    budget,
    held: held as readonly number[],
    /** The detectors that would be heard; from then on what they say counts as said. */
    news({ actor, day, risk, hasGrown, leaver, calibration, speeches }: Weighed): readonly BoundDetector[] {
      if (!hasGrown && !said.has(actor, day)) return []
      const cuts = calibration.cutsAt(budget)
      return risk < (leaver ? cuts.leaver : cuts.ordinary) ? [] : said.news(actor, day, risk, speeches())
    },
    forget: (actor: number) => said.forget(actor),
    add(...[actor, finding, openedAt, now]: Parameters<typeof book.add>): void {
      const change = book.add(actor, finding, openedAt, now)
      if (change === null) return
      if (change.type === 'alert.opened') opened.set(change.alert.alert_uid, change.alert)
      final.set(change.alert.alert_uid, change.alert)
    },
    hold: ({ time }: DetectedFinding): void => {
      held.push(time)
    },
    alerts: (): TunedAlert[] =>
      [...opened.values()].map((alert) => ({ opened: alert, final: final.get(alert.alert_uid) ?? alert })),
  }
}
