import type { ReplayCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { withOutputFile } from '../cli/output-file.ts'
import { createProgress } from '../cli/progress.ts'
import { workingFolder } from '../cli/working-folder.ts'
import type { Config } from '../config.ts'
import { openFoundation } from '../ingest/core.ts'
import { importFiles } from '../ingest/offline/import-files.ts'
import { foldStore } from '../ingest/offline/replay.ts'
import { EVENTS_FILE } from '../ingest/wanted-files.ts'
import type { Alert } from '../model/alert.ts'
import { LATEST_TIME } from '../model/event-time.ts'
import { coreOptions } from './core-options.ts'
import { readStaffFile } from './read-staff-file.ts'

export interface ReplayParts {
  readonly config: Config
  readonly stdout: Output
  readonly stderr: Output
  /** Wall clock, epoch ms. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/**
 * Folds files through the detectors, as a service would have seen them. Exit code 1 when nothing could be read, 2 when
 * the alerts could not be written.
 */
export function replay(command: ReplayCommand, parts: ReplayParts): Promise<number> {
  const inputs = command.staff === null ? command.events : [...command.events, command.staff]
  const output = { option: 'replay: --alerts-out', path: command.alertsOut, inputs, stderr: parts.stderr }
  return withOutputFile(output, (file) => foldFiles(command, parts, file ?? parts.stdout))
}

async function foldFiles(
  command: ReplayCommand,
  { config, stderr, now, monotonic }: ReplayParts,
  out: Pick<Output, 'write'>,
): Promise<number> {
  const folder = workingFolder(command.dataDir, 'crmwatch-replay-')
  const { dir } = folder
  const startedAt = monotonic()
  try {
    const staff = command.staff === null ? [] : await readStaffFile(command.staff, config.org.default, stderr)
    const foundation = await openFoundation({
      ...coreOptions(config),
      dir,
      memoryLimit: `${Math.max(config.data.memory_limit_mb, 1024)}MB`,
      timeZone: command.timezone ?? config.timezone,
      now,
      after: () => () => undefined,
    })
    try {
      if (foundation.codes.actorCount > 0) {
        stderr.write(
          `${dir} already holds a store. Replay into an empty folder, or use 'import' for a running service.\n`,
        )
        return 1
      }
      const reading = createProgress({ label: 'reading', unit: 'events', total: null, stream: stderr, now: monotonic })
      const imported = await importFiles(command.events, foundation, {
        defaultOrg: config.org.default,
        latestTime: LATEST_TIME,
        now: now(),
        source: 'replay',
        onProgress: ({ events }) => reading.update(events),
      })
      reading.finish(imported.events)
      const folding = createProgress({
        label: 'folding',
        unit: 'events',
        total: imported.events,
        stream: stderr,
        now: monotonic,
      })
      const { final: alerts } = await foldStore(foundation, {
        staff,
        now: now(),
        keep: command.dataDir !== null,
        onProgress: (events) => folding.update(events),
      })
      folding.finish(imported.events)
      out.write(alerts.map((alert) => `${JSON.stringify(replayedAlert(alert))}\n`).join(''))
      stderr.write(
        `${imported.events} events (${imported.duplicates} duplicates, ${sum(imported.rejected)} refused), ${staff.length} staff records, ${alerts.length} alerts in ${((monotonic() - startedAt) / 1000).toFixed(1)} s\n`,
      )
      for (const { file, line, detail } of imported.firstRejects) stderr.write(`${file}:${line}: ${detail}\n`)
      if (imported.events > 0) return 0
      stderr.write(`crmwatch: replay: ${noEvent(command.events, sum(imported.rejected))}\n`)
      return 1
    } finally {
      await foundation.db[Symbol.asyncDispose]()
    }
  } finally {
    folder.remove()
  }
}

function noEvent(files: readonly string[], refused: number): string {
  const many = refused === 1 ? 'its only line was refused' : `all ${refused} lines were refused`
  return `no event in ${files.join(', ')}: ${refused === 0 ? 'there is no line in it' : many}; give ${EVENTS_FILE}`
}

/** An alert as it stands at the end, in the replay's wire format: times in RFC 3339. */
function replayedAlert(alert: Alert) {
  const iso = (time: number) => new Date(time).toISOString()
  return {
    alert_uid: alert.alert_uid,
    org_uid: alert.org_uid,
    actor_uid: alert.actor_uid,
    detector: alert.detector,
    score: alert.score,
    severity: alert.severity,
    leaver: alert.leaver,
    opened_at: iso(alert.opened_at),
    window: { from: iso(alert.window.from), to: iso(alert.window.to) },
    summary: alert.summary,
    findings: alert.findings.map((finding) => ({
      ...finding,
      time: iso(finding.time),
      window_from: iso(finding.window_from),
      window_to: iso(finding.window_to),
    })),
  }
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0)
