import type { AdapterEvent } from '../adapter.ts'
import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { type EventLogRow, type ReadEventLogRow, startOf } from './event-log-row.ts'
import { readLightningPage } from './lightning-page.ts'
import { idOf, recordId } from './record-id.ts'
import { byPrefix, isSetupId, isSetupName, type Sobject } from './sobject.ts'

/** LightningPageView: a record's page or a list; home, set-up and app pages are none. PREVPAGE_* is the page before. */
export const readPageView: ReadEventLogRow = (log) => {
  const { row, sobject } = log
  const page = readLightningPage(row.PAGE_URL)
  const id = idOf(row.PAGE_ENTITY_ID) ?? (cleanText(row.PAGE_ENTITY_ID) === null ? page.id : null)
  const entity = cleanText(row.PAGE_ENTITY_TYPE) ?? page.object
  if (id !== null) return recordView(log, id, entity, channelOf(log))
  const isList =
    page.kind === 'list' || (page.kind === 'other' && page.object === null && isObjectHome(row.PAGE_CONTEXT))
  if (!isList || entity === null || isSetupName(entity)) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({ ...start, action: 'list', channel: channelOf(log), object_type: sobject.typeOf(entity) })
}

const isObjectHome = (context: unknown): boolean => /objectHome/i.test(cleanText(context) ?? '')

const channelOf = ({ row }: EventLogRow): 'mobile' | 'ui' =>
  /^(S1|SFX:(?!BROWSER)|.*(PHONE|TABLET|MOBILE|IPHONE|IPAD|ANDROID_NATIVE))/i.test(cleanText(row.DEVICE_PLATFORM) ?? '')
    ? 'mobile'
    : 'ui'

/** URI: pages of Salesforce Classic, by the id in the address; `/aura` calls without one are none. */
export const readUri: ReadEventLogRow = (log) => {
  const { row, sobject } = log
  const path = (cleanText(row.URI) ?? '').split('?', 1)[0]
  const inPath = /^\/([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)(?:\/|$)/.exec(path)?.[1]
  const id = idOf(row.URI_ID_DERIVED) ?? recordId(inPath)
  if (id !== null) return recordView(log, id, null, 'ui')
  const prefix = /^\/([0-9a-zA-Z]{3})(?:\/o)?\/?$/.exec(path)?.[1]
  const object_type = prefix === undefined ? 'unknown' : byPrefix(prefix)
  if (object_type === 'unknown' || sobject === undefined) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({ ...start, action: 'list', channel: 'ui', object_type })
}

/** SearchClick: a record opened from the results of a search. */
export const readSearchClick: ReadEventLogRow = (log) => {
  const id = idOf(log.row.CLICKED_RECORD_ID)
  return id === null ? ignored(log.type) : recordView(log, id, null, 'ui')
}

function recordView(log: EventLogRow, id: string, entity: string | null, channel: 'ui' | 'mobile') {
  if (isSetupId(id) || isSetupName(entity)) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({ ...start, action: 'view', channel, ...viewedObject(id, entity, log.sobject) })
}

/** A report's page shows records that are not named: its own id is not counted as one. */
export function viewedObject(id: string, entity: string | null, sobject: Sobject): Partial<AdapterEvent> {
  const named = sobject.typeOf(entity)
  const object_type = named === 'unknown' ? byPrefix(id) : named
  return { object_type, object_uids: [id], object_uids_complete: object_type !== 'report' }
}

/** Search: what was typed is a person's name as often as not, and is dropped. */
export const readSearch: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const prefixes = (cleanText(row.PREFIXES_SEARCHED) ?? '').split(/[^0-9a-zA-Z]+/).filter((prefix) => prefix !== '')
  const types = new Set(prefixes.map(byPrefix))
  const [only] = types
  return oneEvent({
    ...start,
    action: 'search',
    channel: 'ui',
    object_type: types.size === 1 ? only : 'unknown',
    record_count: cleanCount(row.NUM_RESULTS),
  })
}
