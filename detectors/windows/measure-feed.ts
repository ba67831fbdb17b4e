import type { Kind } from '../../model/event-batch.ts'
import { MEASURE_INDEX } from '../../model/measure.ts'

/** Which measures an operation of one kind feeds, as their indexes; -1 for none. */
export interface MeasureFeed {
  /** Takes the distinct records touched. */
  readonly distinct: number
  /** Whether the records named were worked on. */
  readonly works: boolean
  /** Takes the number of records, once per logical operation. */
  readonly sum: number
  /** Whether the records were sent to somebody. */
  readonly shares: boolean
  /** Whether a logical operation counts as one of unknown size while its number of records is unknown. */
  readonly countsUnsized: boolean
  /** Whether the ids named are records (and not a report or a file), and whether they are all there are. */
  readonly namesRecords: boolean
  readonly namesAll: boolean
}

const NOTHING = -1
const NONE_AT_ALL: MeasureFeed = {
  distinct: NOTHING,
  works: false,
  shares: false,
  sum: NOTHING,
  countsUnsized: false,
  namesRecords: true,
  namesAll: true,
}

/**
 * Which measures a kind of operation feeds. Failed operations and those left out feed none. Views and copies count the records they name;
 * where a source gives only their number, it is added up instead, since it cannot be told apart. Reports and files are
 * no contacts when merely opened, but what leaves through them counts.
 */
export function feedOf(kind: Kind): MeasureFeed {
  if (kind.outcome !== 'success' || kind.excluded) return NONE_AT_ALL
  const isRecord = kind.object_type !== 'report' && kind.object_type !== 'file'
  const works = isRecord && (kind.action === 'update' || kind.action === 'delete')
  return {
    ...fedBy(kind, isRecord),
    works,
    shares: kind.action === 'share',
    namesRecords: isRecord,
    namesAll: kind.object_uids_complete,
  }
}

function fedBy(kind: Kind, isRecord: boolean): Pick<MeasureFeed, 'distinct' | 'sum' | 'countsUnsized'> {
  switch (kind.action) {
    case 'view':
      return isRecord
        ? { distinct: MEASURE_INDEX.contacts_viewed, sum: MEASURE_INDEX.records_listed, countsUnsized: false }
        : { distinct: NOTHING, sum: MEASURE_INDEX.records_listed, countsUnsized: false }
    case 'copy':
      return { distinct: MEASURE_INDEX.contacts_copied, sum: MEASURE_INDEX.records_taken, countsUnsized: false }
    case 'list':
    case 'search':
      return { distinct: NOTHING, sum: MEASURE_INDEX.records_listed, countsUnsized: false }
    case 'export':
    case 'print':
    case 'download':
    case 'share':
    case 'bulk_read':
    case 'api_read':
      return { distinct: NOTHING, sum: MEASURE_INDEX.records_taken, countsUnsized: true }
    case 'create':
    case 'update':
    case 'delete':
    case 'login':
      return NONE_AT_ALL
  }
}
