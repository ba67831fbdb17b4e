import type { CoreOptions } from '../../ingest/core.ts'

/** Opens alerts at so small a risk that every budget asked for lies above it. */
export const looseCuts = (): Pick<CoreOptions, 'cuts'> => ({ cuts: { ordinary: 4, leaver: 3.5 } })
