import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { RiskCuts } from '../../../detectors/risk/calibration.ts'
import { createRandom } from '../../../fixtures/simulator/random.ts'
import { type CoreOptions, openFoundation } from '../../../ingest/core.ts'
import { importFiles } from '../../../ingest/offline/import-files.ts'
import { foldStore } from '../../../ingest/offline/replay.ts'
import type { Alert } from '../../../model/alert.ts'
import { createSimulatedFeed } from '../../support/simulated-feed.ts'
import { inFolder, memoryOf, NOW, openTestCore, storedOutcome, TEST_CORE } from '../../support/test-core.ts'

const { events, staff, feed } = createSimulatedFeed({
  seed: 5,
  staff: 24,
  weeks: 7,
  campaigns: { share: 0.25, fromWeek: 3 },
  careers: { leavers: 0.3 },
})

/** So that notices have something to find. */
const HARD_ON_LEAVERS: RiskCuts = { ordinary: 9, leaver: 2 }

/** Folds the files as the command line does; `data` keeps the store there. */
async function replay(files: readonly string[], data = ':memory:') {
  const foundation = await openFoundation({ ...TEST_CORE, cuts: HARD_ON_LEAVERS, dir: data } satisfies CoreOptions)
  try {
    const options = { defaultOrg: 'default', latestTime: NOW, now: NOW, source: 'replay' }
    const summary = await importFiles(files, foundation, options)
    const alerts = await foldStore(foundation, { staff, now: NOW, keep: data !== ':memory:' })
    return { summary, ...alerts }
  } finally {
    await foundation.db[Symbol.asyncDispose]()
  }
}

const text = (some: readonly unknown[]) => some.map((event) => `${JSON.stringify(event)}\n`).join('')

describe('replay', () => {
  it('finds what a service running all along finds, whatever the order of the files', async () => {
    await inFolder(async (dir) => {
      await using live = await openTestCore(':memory:', { cuts: HARD_ON_LEAVERS })
      await feed(live, 0, events.length, 700)
      const outcome = await storedOutcome(live)
      const opened: Alert[] = live.commits
        .flatMap(({ changes }) => changes)
        .filter(({ type }) => type === 'alert.opened')
        .map(({ alert }) => alert)
      expect(opened.length).toBeGreaterThan(3)
      expect(opened.some(({ findings }) => findings.some(({ look_back }) => look_back))).toBe(true)

      const inOrder = join(dir, 'events.jsonl')
      await writeFile(inOrder, text(events))
      const sorted = await replay([inOrder])
      expect(sorted.summary).toMatchObject({ events: events.length, duplicates: 0 })
      expect(byUid(sorted.opened)).toEqual(byUid(opened))
      const grown = new Map(live.commits.flatMap(({ changes }) => changes.map(({ alert }) => [alert.alert_uid, alert])))
      expect(byUid(sorted.final)).toEqual(byUid([...grown.values()]))
      expect(sorted.final.map(({ alert_uid }) => alert_uid)).toEqual(sorted.opened.map(({ alert_uid }) => alert_uid))
      expect(sorted.final).not.toEqual(sorted.opened)
      expect(await replay([inOrder])).toEqual(sorted)

      const random = createRandom(3)
      const shuffled = events
        .map((event) => ({ event, at: random.next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event)
      const [first, second, again] = ['1.jsonl', '2.jsonl.gz', '3.jsonl'].map((name) => join(dir, name))
      const half = Math.floor(events.length / 2)
      await writeFile(first, text(shuffled.slice(0, half)))
      await writeFile(second, gzipSync(text(shuffled.slice(half))))
      await writeFile(again, `${text(shuffled.slice(0, 100))}\nnonsense\n{"actor_uid":"x"}`)
      const data = join(dir, 'data')
      const disordered = await replay([first, second, again], data)
      expect(disordered.summary).toMatchObject({ events: events.length, duplicates: 100 })
      expect([...disordered.summary.rejected]).toEqual([
        ['invalid_json', 1],
        ['missing_time', 1],
      ])
      expect(disordered.summary.firstRejects.map(({ line }) => line)).toEqual([102, 103])
      expect(disordered.opened).toEqual(sorted.opened)
      expect(disordered.final).toEqual(sorted.final)

      // A service goes on from the kept store as if it had been there.
      await using core = await openTestCore(data, { cuts: HARD_ON_LEAVERS })
      expect(await storedOutcome(core)).toEqual(outcome)
      expect(memoryOf(core)).toEqual(memoryOf(live))
    })
  })
})

const byUid = (alerts: readonly Alert[]) => [...alerts].sort((a, b) => (a.alert_uid < b.alert_uid ? -1 : 1))
