import { objectOf } from '../act-words.ts'
import type { NativeRow, RowOutcome } from '../adapter.ts'
import { eventOfAct } from './event-of-act.ts'
import type { ReadTime } from './read-time.ts'

/** Exports of logs and of set-up take no customers along. */
export const SETUP_EXPORT =
  /AUDIT|LOGIN|SECURITY|ACTIVITY|HISTORY|USER|PERMISSION|PROPERT(Y|IES)|WORKFLOW|TEMPLATE|PAGE|BLOG|CONTENT|REDIRECT|DOMAIN|THEME|SETTING|PIPELINE|INVOICE_SETTING/

/** Whether the words tell of an export that takes customers' records along. */
export const isExport = (named: string, act: string): boolean =>
  !/^EXPORT_(APPROVAL|DOWNLOAD)/.test(named) &&
  (/(^|_)EXPORT(S|ED|ING)?(_|$)/.test(named) || /^EXPORT(ED)?$/.test(act)) &&
  !SETUP_EXPORT.test(named)

/** What an export names is the export or a list, never the records: their number stays unknown. */
export function readExport(row: NativeRow, readTime: ReadTime, named: string, type: string): RowOutcome {
  const list = /(^|_| )(LIST|SEGMENT)S?(_| |$)/.test(named)
  const object = objectOf(named)
  return eventOfAct(row, readTime, {
    action: 'export',
    object_type: object === 'unknown' && list ? 'contact' : object,
    source_event_type: type,
  })
}
