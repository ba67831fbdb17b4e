import type { Action, ObjectType } from '../../../model/event.ts'
import { actOf } from '../act-words.ts'
import { ignored, type NativeRow, type RowOutcome, rejected } from '../adapter.ts'
import { code, typeName } from './code.ts'
import { eventOfAct } from './event-of-act.ts'
import { isExport, readExport } from './read-export.ts'
import { objectNamed, readRecord, recordId } from './read-record.ts'
import type { ReadTime } from './read-time.ts'

/** Critical actions on records that their words tell too little of, and what their object id is the id of. */
const CRITICAL: Readonly<
  Record<string, { readonly action: Action; readonly object: ObjectType; readonly target?: 'record' | 'user' }>
> = {
  EXPORT_DOWNLOAD: { action: 'download', object: 'unknown' },
  DATA_BACKUP_DOWNLOADED: { action: 'download', object: 'unknown' },
  IMPORT: { action: 'create', object: 'unknown' },
  GDPR_DELETE: { action: 'delete', object: 'contact', target: 'record' },
  MERGE_REVERT: { action: 'update', object: 'unknown', target: 'record' },
  IMPERSONATE_USER: { action: 'login', object: 'unknown', target: 'user' },
}

/** A row of the security log. */
export function readSecurity(row: NativeRow, readTime: ReadTime): RowOutcome {
  const named = code(row.type)
  if (named === '') return rejected('unknown_layout', 'type is missing')
  return readCritical(row, readTime, named, typeName(named))
}

/** Acts that HubSpot holds for critical: mostly set-up, but exports and deletions of many records are among them. */
export function readCritical(row: NativeRow, readTime: ReadTime, named: string, type: string): RowOutcome {
  const known = Object.hasOwn(CRITICAL, named) ? CRITICAL[named] : undefined
  if (known !== undefined) {
    const target = row.objectId ?? row.targetObjectId
    if (known.target === 'record') return readRecord(row, readTime, { ...known, type, target })
    const on_behalf_of_uid = known.target === 'user' ? recordId(target) : null
    return eventOfAct(row, readTime, {
      action: known.action,
      object_type: known.object,
      on_behalf_of_uid,
      source_event_type: type,
    })
  }
  if (isExport(named, '')) return readExport(row, readTime, named, type)
  const login = /^(USER_|SSO_|MOBILE_|HUBSPOT_)?LOG_?IN(_SUCCEEDED|_SUCCESS|_FAILED|_FAILURE)?$/.exec(named)
  if (login !== null) {
    const outcome = /FAIL/.test(named) ? 'failure' : 'success'
    return eventOfAct(row, readTime, { action: 'login', outcome, source_event_type: type })
  }
  const records =
    /^(?:BULK_|MASS_|GDPR_)?(?:CREATE_|UPDATE_|DELETE_|MERGE_|RESTORE_|IMPORT_)?(CONTACT|COMPANY|COMPANIES|DEAL|LEAD|CRM_OBJECT)(S?)(?:_|$)/.exec(
      named,
    )
  const action = records === null || /PROPERTY|SETTING|PERMISSION|PIPELINE|LIST|VIEW_/.test(named) ? null : actOf(named)
  if (records === null || action === null) return ignored(type)
  const bulk = /BULK|MASS/.test(named) || records[2] === 'S' || action === 'create'
  const target = bulk ? null : (row.objectId ?? row.targetObjectId)
  return readRecord(row, readTime, { action, type, object: objectNamed(records[1]), target })
}
