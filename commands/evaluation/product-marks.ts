import { DEFAULT_CUTS } from '../../detectors/limits.ts'
import { strengthOf } from '../../detectors/score.ts'
import type { CoreOptions } from '../../ingest/core.ts'
import type { Finding } from '../../model/alert.ts'
import type { Window } from '../../model/measure.ts'

/** Share of the usual cut at which findings are made, so that there are more of them than any budget allows. */
const LOOSE = 0.7

/** Options under which the engine makes findings far below its usual cut. */
export function looseCuts(): Partial<CoreOptions> {
  const scale = (cuts: Readonly<Record<Window, number>>) => ({
    '10m': cuts['10m'] * LOOSE,
    '1h': cuts['1h'] * LOOSE,
    '1d': cuts['1d'] * LOOSE,
    '7d': cuts['7d'] * LOOSE,
    '28d': cuts['28d'] * LOOSE,
  })
  return {
    cuts: {
      ordinary: scale(DEFAULT_CUTS.ordinary),
      leaver: scale(DEFAULT_CUTS.leaver),
      cusum: { ordinary: DEFAULT_CUTS.cusum.ordinary * LOOSE, leaver: DEFAULT_CUTS.cusum.leaver * LOOSE },
    },
  }
}

/** What a cut is compared with: the score before it saturates. */
export const strengthOfFinding = (finding: Finding): number => strengthOf(finding.score)
