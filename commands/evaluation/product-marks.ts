import type { CoreOptions } from '../../ingest/core.ts'
import type { DetectedFinding } from '../../model/alert.ts'
import { strengthOf } from '../../model/score.ts'

/** Opens alerts at so small a risk that every budget asked for lies above it. */
export const looseCuts = (): Pick<CoreOptions, 'cuts'> => ({ cuts: { ordinary: 4, leaver: 3.5 } })

/** What a cut is compared with: how rarely chance alone brings a person-day's risk about. */
export const strengthOfFinding = (finding: DetectedFinding): number => strengthOf(finding.score)
