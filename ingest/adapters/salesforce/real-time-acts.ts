import type { AdapterEvent } from '../adapter.ts'
import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { viewedObject } from './event-log-pages.ts'
import { readLightningPage } from './lightning-page.ts'
import { operationId, type ReadRealTime, startOf } from './real-time-row.ts'
import { idOf } from './record-id.ts'
import { isSetupId, isSetupName, splitNames } from './sobject.ts'

const ACTS: ReadonlyMap<string, AdapterEvent['action']> = new Map([
  ['read', 'view'],
  ['create', 'create'],
  ['update', 'update'],
  ['delete', 'delete'],
])

/**
 * UriEvent and LightningUriEvent. RecordId names the record; the page's address need not. An update or delete of Classic
 * comes as `Initiated` and again as `Success`: one operation.
 */
export const readUriEvent: ReadRealTime = (event) => {
  const { row, sobject } = event
  const action = ACTS.get((cleanText(row.Operation) ?? '').toLowerCase())
  const entities = splitNames(row.QueriedEntities)
  const id = idOf(row.RecordId)
  const isSetup = (entities.length > 0 && entities.every(isSetupName)) || (id !== null && isSetupId(id))
  if (action === undefined || isSetup) return ignored(event.type)
  const start = startOf(event)
  if ('kind' in start) return start
  const channel = /PHONE|TABLET|S1|MOBILE/i.test(cleanText(row.DevicePlatform) ?? '') ? 'mobile' : 'ui'
  if (id === null) {
    const page = readLightningPage(row.PageUrl)
    if (action !== 'view' || page.kind !== 'list' || isSetupName(page.object)) return ignored(event.type)
    return oneEvent({ ...start, action: 'list', channel, object_type: sobject.typeOf(page.object ?? entities[0]) })
  }
  const object_type = sobject.typeOfAny(row.QueriedEntities)
  const status = cleanText(row.OperationStatus)
  return oneEvent({
    ...start,
    action,
    channel,
    ...viewedObject(id, null, sobject),
    ...(object_type === 'unknown' ? {} : { object_type, object_uids_complete: object_type !== 'report' }),
    outcome: status !== null && /fail/i.test(status) ? 'failure' : start.outcome,
    logical_op_uid:
      status === null || action === 'view'
        ? null
        : (operationId('change', row.RelatedEventIdentifier) ?? operationId('change', row.EventIdentifier)),
  })
}

/** FileEvent: downloads, previews and uploads. */
export const readFileEvent: ReadRealTime = (event) => {
  const { row } = event
  const act = (cleanText(row.FileAction) ?? '').toUpperCase()
  const action = act.includes('DOWNLOAD')
    ? 'download'
    : /PREVIEW|VIEW|RENDITION/.test(act)
      ? 'view'
      : /UPLOAD|CREATE|INSERT/.test(act)
        ? 'create'
        : null
  if (action === null) return ignored(event.type)
  const start = startOf(event)
  if ('kind' in start) return start
  const id = idOf(row.DocumentId) ?? idOf(row.VersionId)
  return oneEvent({
    ...start,
    action,
    channel: act.startsWith('API') ? 'api' : 'ui',
    object_type: 'file',
    object_uids: id === null ? [] : [id],
    bytes: cleanCount(row.ContentSize),
  })
}

/** LoginEvent: Status is `Success` or says in words what went wrong. */
export const readLoginEvent: ReadRealTime = (event) => {
  const start = startOf(event)
  if ('kind' in start) return start
  const status = cleanText(event.row.Status)
  const failed = status !== null && !/^success/i.test(status)
  return oneEvent({ ...start, action: 'login', outcome: failed ? 'failure' : start.outcome })
}

/** LoginAsEvent: DelegatedUsername is the person who acts, UserId the one in whose name. */
export const readLoginAsEvent: ReadRealTime = (event) => {
  const start = startOf(event)
  if ('kind' in start) return start
  const actor = cleanId(event.row.DelegatedUsername)
  if (actor === null) return oneEvent({ ...start, action: 'login' })
  return oneEvent({
    ...start,
    action: 'login',
    actor_uid: actor,
    actor_name: actor,
    on_behalf_of_uid: start.actor_uid,
  })
}
