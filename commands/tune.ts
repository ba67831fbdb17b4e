import type { TuneCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { createProgress } from '../cli/progress.ts'
import type { Config } from '../config.ts'
import { bindDetectors } from '../detectors/registry.ts'
import type { AlertBudget } from '../detectors/risk/calibration.ts'
import type { CoreOptions } from '../ingest/core.ts'
import { coreOptions } from './core-options.ts'
import { budgetsOf } from './tune/budgets.ts'
import { compareRun } from './tune/compare-runs.ts'
import { type FoldedBudgets, foldBudgets } from './tune/fold-budgets.ts'
import { formatTune, type TuneReport } from './tune/format-tune.ts'
import { withChanges } from './tune/other-settings.ts'

export interface TuneParts {
  readonly config: Config
  /** The configuration in a file; null when it has faults, which are on standard error then. */
  readonly configOf: (file: string) => Config | null
  readonly stdout: Output
  readonly stderr: Output
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

const DAY_MS = 86_400_000

/**
 * Folds the stored history under other settings and says which alerts would have opened. Exit code 0; 1 when there is
 * nothing to fold or the store cannot be opened; 2 for settings that are none.
 */
export async function tune(command: TuneCommand, parts: TuneParts): Promise<number> {
  const { config, stdout, stderr } = parts
  const other = command.with === null ? config : parts.configOf(command.with)
  if (other === null) return 2
  const changed = withChanges(other, command.detectors, command.floors)
  if (!changed.ok) {
    stderr.write(`crmwatch: tune: ${changed.message}\n`)
    return 2
  }
  const dir = command.dataDir ?? config.data.dir
  const storeOptions = {
    dir,
    memoryLimit: `${Math.max(config.data.memory_limit_mb, 1024)}MB`,
    now: parts.now,
    after: () => () => undefined,
  }
  const configured = { ordinary: config.alert_budget, leaver: config.leaver_alert_budget }
  const budgets = budgetsOf(command, other)
  const isChanged = command.with !== null || changed.changes.length > 0
  const asIs: CoreOptions = { ...coreOptions(config), ...storeOptions }
  const today = await fold(asIs, isChanged ? [configured] : [configured, ...budgets], 'folding', parts)
  if (today.newest === null) {
    stderr.write(`crmwatch: tune: the store in ${dir} holds no events\n`)
    return 1
  }
  const asChanged = { ...coreOptions(other), detectors: bindDetectors(changed.detectors), ...storeOptions }
  const [reference, ...rest] = today.runs
  const runs = isChanged ? (await fold(asChanged, budgets, 'folding, changed', parts)).runs : rest
  const period = { from: Math.max(today.oldest ?? 0, today.newest - command.days * DAY_MS), to: today.newest }
  const people = today.peopleSince(period.from)
  const openedAgain = new Set(reference.alerts.map(({ opened }) => opened.alert_uid))
  const stored = today.stored.filter(({ opened_at }) => opened_at >= period.from)
  const compare = (run: (typeof runs)[number]) => compareRun(run, reference, period, people)
  const report: TuneReport = {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    events: today.events,
    people: [...people.values()].reduce((sum, n) => sum + n, 0),
    stored: {
      alerts: stored.length,
      opened_again: stored.filter(({ alert_uid }) => openedAgain.has(alert_uid)).length,
    },
    today: compare(reference),
    changes: [...(command.with === null ? [] : [`the settings of ${command.with}`]), ...changed.changes],
    others: runs.map(compare),
  }
  if (command.json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else stdout.write(formatTune(report))
  return 0
}

async function fold(
  options: CoreOptions,
  budgets: readonly AlertBudget[],
  label: string,
  { stderr, monotonic }: TuneParts,
): Promise<FoldedBudgets> {
  const progress = createProgress({ label, unit: 'events', total: null, stream: stderr, now: monotonic })
  const folded = await foldBudgets(options, budgets, (events, total) => progress.update(events, events / total))
  progress.finish(folded.events)
  return folded
}
