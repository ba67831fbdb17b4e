import { type AlertBook, createAlertBook } from '../alerts/alert-book.ts'
import type { SeverityScores } from '../alerts/episode.ts'
import { RISK_DAYS } from '../alerts/person-risk.ts'
import { createRiskBook, type RiskBook } from '../alerts/risk-book.ts'
import { createSuppressionBook, type SuppressionBook } from '../alerts/suppression.ts'
import { createCustomRules, GROUP_LIMITS } from '../detectors/custom/custom-rules.ts'
import { createDailyLimit } from '../detectors/custom/daily-limit.ts'
import { levelScores } from '../detectors/custom/level-scores.ts'
import { createRuleWatch, type RuleWatch } from '../detectors/custom/rule-watch.ts'
import { textsNeededBy } from '../detectors/custom/texts-needed.ts'
import { type Calendar, createCalendar } from '../detectors/days/calendar.ts'
import { createEngine, type Engine } from '../detectors/engine.ts'
import type { EngineOptions } from '../detectors/engine-contract.ts'
import { type BoundDetector, bindDetectors } from '../detectors/registry.ts'
import type { AlertBudget, RiskCuts } from '../detectors/risk/calibration.ts'
import type { Alert } from '../model/alert.ts'
import type { CustomRuleSet } from '../model/custom-rule.ts'
import type { Language } from '../model/language.ts'
import { WINDOW_MS } from '../model/measure.ts'
import { openAlerts, scoredAlerts } from '../store/alerts.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { type Dictionaries, loadDictionaries } from '../store/dictionaries.ts'
import { nextSeq } from '../store/event-log.ts'
import { readRefoldRequests } from '../store/refold-queue.ts'
import { readOffsets } from '../store/source-offsets.ts'
import { standingSuppressions } from '../store/suppressions.ts'
import type { ReadingOptions } from './kafka/thread/thread-messages.ts'
import type { PlanBatch } from './pipeline/batch-writer.ts'
import { createPipeline } from './pipeline/pipeline.ts'
import type { Pipeline, PipelineHooks } from './pipeline/pipeline-contract.ts'
import { plantedNames } from './planted-contacts.ts'
import { rebuild } from './rebuild/rebuild.ts'
import { rebuildRules } from './rebuild/rebuild-rules.ts'
import { REMEMBERED_EVENTS, rememberTaken } from './rebuild/remember-taken.ts'
import { whileReleasing } from './rebuild/while-releasing.ts'
import { createSeenUids, type SeenUids } from './seen-uids.ts'
import type { Source } from './sources/source.ts'
import { openTallyWriter } from './sources/write-tallies.ts'

/** What the working parts need to be told; the composition root takes it from the configuration. */
export interface CoreOptions {
  /** Folder of the store, or `:memory:`. */
  readonly dir: string
  /** Leaves the store as it is. */
  readonly readOnly?: boolean
  /** Told of every risk that grows. */
  readonly onWeighed?: EngineOptions['onWeighed']
  readonly memoryLimit?: string
  /** DuckDB's memory when the rebuild is over; as before unless told. */
  readonly runningMemoryLimit?: string
  readonly timeZone: string
  /** In which alerts explain themselves. */
  readonly language?: Language
  readonly defaultOrg: string
  readonly detectors?: readonly BoundDetector[]
  readonly budget?: AlertBudget
  readonly cuts?: RiskCuts
  /** Ids of contacts that are planted to be touched by nobody: in every tenant, or as TENANT/ID in one. */
  readonly plantedContacts?: readonly string[]
  readonly severity?: SeverityScores
  /** The operator's own rules. */
  readonly customRules?: CustomRuleSet
  /** People of one tenant that one of them may tell of on one day. */
  readonly customRulePeoplePerDay?: number
  readonly reorderToleranceMs: number
  readonly maxFutureMs: number
  /** Accounts of one tenant; no limit unless told. */
  readonly maxPeople?: number
  readonly batchMaxEvents: number
  readonly batchMaxDelayMs: number
  readonly keepDeadLetterBodies?: boolean
  readonly staffTopic?: string | null
  /** Sources by the topic that their rows come by. */
  readonly streams?: ReadonlyMap<string, Source>
  readonly hooks?: Partial<PipelineHooks>
  /** What is to be told of a batch's alerts; without it nothing is. */
  readonly planDeliveries?: PlanBatch
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  /** Lets others on the thread have their turn. */
  readonly breathe?: () => Promise<void>
}

export const DEFAULT_SEVERITY: SeverityScores = { medium: 40, high: 60, critical: 80 }
/** Findings older than the longest window cannot be repeated, and older alerts not be continued. */
const REMEMBERED_ALERTS_MS = WINDOW_MS['28d'] + 14 * 86_400_000
/** What ended longer ago covers nothing that a past folded again could still say. */
const REMEMBERED_SUPPRESSIONS_MS = 366 * 86_400_000

export const DEFAULT_CUSTOM_RULE_PEOPLE_PER_DAY = 100

/** Store, engine and alerts, without anything that feeds them. */
export interface Foundation {
  readonly db: Database
  readonly codes: Dictionaries
  /** With the operator's rules, when there are any. */
  readonly engine: Engine
  /** Without them: a rebuild brings both back apart. */
  readonly builtIn: Engine
  readonly customRules: RuleWatch | null
  readonly book: AlertBook
  readonly suppressions: SuppressionBook
  readonly seen: SeenUids
  readonly alerts: readonly Alert[]
  readonly risks: RiskBook
}

export interface Core extends Foundation {
  readonly calendar: Calendar
  readonly pipeline: Pipeline
  /** How messages are to be read for the pipeline, wherever that happens. */
  readonly reading: ReadingOptions
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the store with an engine that knows nothing yet, and without what events were taken before. */
export async function openFoundation(options: CoreOptions): Promise<Foundation & { calendar: Calendar }> {
  const db = await openDatabase({ dir: options.dir, memoryLimit: options.memoryLimit, readOnly: options.readOnly })
  const rules = options.customRules ?? []
  const severity = options.severity ?? DEFAULT_SEVERITY
  const codes = await loadDictionaries(
    db,
    textsNeededBy(rules),
    options.maxPeople,
    plantedNames(options.plantedContacts ?? []),
  )
  const calendar = createCalendar(options.timeZone)
  const directory = { org: codes.orgOfActor, uid: codes.uidOfActor }
  const builtIn = createEngine({
    calendar,
    detectors: options.detectors ?? bindDetectors(),
    budget: options.budget,
    cuts: options.cuts,
    onWeighed: options.onWeighed,
    reorderToleranceMs: options.reorderToleranceMs,
    directory,
    kindOf: codes.kindOf,
    order: codes,
    placeOf: codes.placeOf,
    programOf: codes.programOf,
    planted: codes.namedObjects,
  })
  const customRules =
    rules.length === 0
      ? null
      : createRuleWatch(
          builtIn,
          createCustomRules(rules, { ...codes, directory }, GROUP_LIMITS, levelScores(severity)),
          createDailyLimit({
            people: options.customRulePeoplePerDay ?? DEFAULT_CUSTOM_RULE_PEOPLE_PER_DAY,
            orgOf: codes.orgOfActor,
            dayOf: calendar.dayOf,
          }),
        )
  const engine = customRules?.engine ?? builtIn
  const book = createAlertBook({ severity, language: options.language })
  const alerts = await openAlerts(db, (await newestAlertTime(db)) - REMEMBERED_ALERTS_MS)
  book.restore(alerts)
  const suppressions = createSuppressionBook(await standingSuppressions(db, options.now() - REMEMBERED_SUPPRESSIONS_MS))
  const seen = createSeenUids(REMEMBERED_EVENTS, db.hashKey)
  const risks = createRiskBook(calendar.dayOf)
  return { db, codes, engine, builtIn, customRules, book, suppressions, seen, alerts, risks, calendar }
}

/** Opens the store, rebuilds the working set from it and starts the pipeline. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const foundation = await openFoundation(options)
  const { db, customRules, codes, risks } = foundation
  const closedDays = await whileReleasing(db, options.after, async () => {
    // Much of the rebuild is waiting for DuckDB, in which the ids of events are taken in.
    const [closed] = await Promise.all([
      rebuild({ ...foundation, engine: foundation.builtIn }),
      rememberTaken(foundation.db, foundation.seen),
    ])
    if (customRules !== null) await rebuildRules(db, customRules)
    return closed
  })
  if (options.runningMemoryLimit !== undefined) await db.limitMemory(options.runningMemoryLimit)
  const counted = options.now() - RISK_DAYS * WINDOW_MS['1d']
  for (const alert of await scoredAlerts(db, counted))
    risks.putAlert(codes.actor(alert.org_uid, alert.actor_uid), alert)
  const pipeline = createPipeline({
    ...foundation,
    hooks: { ...SILENT, ...options.hooks },
    planDeliveries: options.planDeliveries ?? (async () => []),
    defaultOrg: options.defaultOrg,
    staffTopic: options.staffTopic ?? null,
    batchMaxEvents: options.batchMaxEvents,
    batchMaxDelayMs: options.batchMaxDelayMs,
    maxFutureMs: options.maxFutureMs,
    keepDeadLetterBodies: options.keepDeadLetterBodies ?? false,
    wholeEvents: customRules !== null,
    nextSeq: await db.withConnection(nextSeq),
    offsets: await readOffsets(db),
    pendingRefolds: await readRefoldRequests(db),
    closedDays,
    now: options.now,
    after: options.after,
    breathe: options.breathe ?? (() => Promise.resolve()),
    streamSource: 'kafka',
    streams: options.streams ?? new Map(),
    tallies: await openTallyWriter(db),
  })
  return {
    ...foundation,
    pipeline,
    reading: { defaultOrg: options.defaultOrg, maxFutureMs: options.maxFutureMs, hashKey: db.hashKey },
    async [Symbol.asyncDispose]() {
      await pipeline.close()
      await db[Symbol.asyncDispose]()
    },
  }
}

async function newestAlertTime(db: Database): Promise<number> {
  const [row] = await db.query<{ newest: number | null }>('SELECT max(updated_at) AS newest FROM alerts')
  return row?.newest ?? 0
}

const SILENT: PipelineHooks = {
  events: () => undefined,
  rejected: () => undefined,
  findings: () => undefined,
  committed: () => undefined,
  staff: () => undefined,
  failed: () => undefined,
}
