import { Type } from 'typebox'
import type { Action, ObjectType } from '../../model/event.ts'
import { actOf, objectOf } from './act-words.ts'
import {
  type AdapterEvent,
  defineAdapter,
  ignored,
  type NativeRow,
  oneEvent,
  type RowOutcome,
  rejected,
} from './adapter.ts'
import { cleanAddress } from './clean-address.ts'
import { cleanId, cleanText, isEmpty } from './clean-text.ts'
import { columnName } from './hubspot/column-name.ts'
import { createTimeReader, type ReadTime } from './hubspot/read-time.ts'
import { createLocalTime, isTimeZone } from './local-time.ts'
import { asFields, renameFields } from './native-fields.ts'

/** Categories of the audit log whose rows are about customers' records; all others are set-up, content or security. */
const RECORD_CATEGORIES = new Set(['CRM_OBJECT', 'CRM_OBJECTS', 'PROPERTY_VALUE', 'PROPERTY_VALUES', 'OBJECT'])
const OBJECT_NAMES: Readonly<Record<string, ObjectType>> = {
  CONTACT: 'contact',
  COMPANY: 'account',
  COMPANIES: 'account',
  DEAL: 'deal',
  QUOTE: 'deal',
  LEAD: 'lead',
  '0-1': 'contact',
  '0-2': 'account',
  '0-3': 'deal',
  '0-14': 'deal',
  '0-136': 'lead',
}
const RECORD_ACTS: Readonly<Record<string, Action>> = {
  CREATE: 'create',
  CREATED: 'create',
  ADD: 'create',
  IMPORT: 'create',
  UPDATE: 'update',
  UPDATED: 'update',
  EDIT: 'update',
  MERGE: 'update',
  RESTORE: 'update',
  ASSIGN: 'update',
  DELETE: 'delete',
  DELETED: 'delete',
  ARCHIVE: 'delete',
  PURGE: 'delete',
  VIEW: 'view',
  READ: 'view',
  EXPORT: 'export',
  EXPORTED: 'export',
  DOWNLOAD: 'download',
}
/** Exports of logs and of set-up take no customers along. */
const SETUP_EXPORT =
  /AUDIT|LOGIN|SECURITY|ACTIVITY|HISTORY|USER|PERMISSION|PROPERT(Y|IES)|WORKFLOW|TEMPLATE|PAGE|BLOG|CONTENT|REDIRECT|DOMAIN|THEME|SETTING|PIPELINE|INVOICE_SETTING/

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

export const hubspot = defineAdapter({
  name: 'hubspot',
  title: 'HubSpot account activity',
  product: 'hubspot',
  options: Type.Object({
    time_zone: Type.Refine(
      Type.String({ default: 'UTC', description: 'Zone of times without one, as in exported CSV files.' }),
      isTimeZone,
      () => 'must be an IANA time zone',
    ),
  }),
  lists: ['results', 'data.results', 'body.results', 'data'],
  keyOf: columnName,
  create({ time_zone }) {
    const readTime = createTimeReader(createLocalTime(time_zone))
    return (row) => {
      // Tables that hold all three logs have all columns, empty where they are another log's.
      if (!isEmpty(row.loginAt) || !isEmpty(row.loginSucceeded)) return readLogin(row, readTime)
      if (!isEmpty(row.category) || !isEmpty(row.subCategory)) return readAudit(row, readTime)
      if (!isEmpty(row.type) && SECURITY_FIELDS.some((name) => !isEmpty(row[name]))) return readSecurity(row, readTime)
      return rejected('unknown_layout', 'the row has none of category, loginAt, loginSucceeded and type')
    }
  },
})

/** What a row of the security log has beside its type; many a collector adds a `type` of its own. */
const SECURITY_FIELDS = ['userId', 'actingUser', 'email', 'objectId', 'createdAt'] as const

/** `Contact export` and `CONTACT_EXPORT` are one word. */
const code = (value: unknown): string =>
  (cleanText(value) ?? '')
    .toUpperCase()
    .replaceAll(/[\s./-]+/g, '_')
    .slice(0, 80)

const typeName = (...parts: readonly string[]): string =>
  parts
    .filter((part) => /^[A-Z0-9_]{1,60}$/.test(part))
    .join('/')
    .slice(0, 80) || 'none'

function readLogin(row: NativeRow, readTime: ReadTime): RowOutcome {
  const said = cleanText(row.loginSucceeded)?.toLowerCase()
  const failed = said !== undefined && /^(false|no|0|fail|failed|failure|unsuccessful|login[ _]failed)$/.test(said)
  return finished(row, readTime, {
    action: 'login',
    outcome: failed ? 'failure' : 'success',
    source_event_type: 'LOGIN',
  })
}

function readAudit(row: NativeRow, readTime: ReadTime): RowOutcome {
  const [category, sub, act] = [code(row.category), code(row.subCategory), code(row.action)]
  const type = typeName(category, sub, act)
  if (category === '' && sub === '') return rejected('unknown_layout', 'category is missing')
  if (/^LOGINS?$/.test(category)) {
    if (!/SUCCE|FAIL|^LOGIN$|^$/.test(sub)) return ignored(type)
    const outcome = /FAIL/.test(sub) ? 'failure' : 'success'
    return finished(row, readTime, { action: 'login', outcome, source_event_type: type })
  }
  if (isExport(sub, act) || (category === 'EXPORT' && !SETUP_EXPORT.test(sub)))
    return readExport(row, readTime, `${sub} ${category}`, type)
  const action = Object.hasOwn(RECORD_ACTS, act) ? RECORD_ACTS[act] : null
  if (!RECORD_CATEGORIES.has(category)) {
    const critical = category === 'CRITICAL_ACTION' || category.startsWith('SECURITY')
    return critical ? readCritical(row, readTime, sub, type) : ignored(type)
  }
  if (action === null) return ignored(type)
  return readRecord(row, readTime, {
    action,
    type,
    object: objectNamed(sub),
    target: row.targetObjectId ?? row.objectId,
  })
}

function readSecurity(row: NativeRow, readTime: ReadTime): RowOutcome {
  const named = code(row.type)
  if (named === '') return rejected('unknown_layout', 'type is missing')
  return readCritical(row, readTime, named, typeName(named))
}

/** Acts that HubSpot holds for critical: mostly set-up, but exports and deletions of many records are among them. */
function readCritical(row: NativeRow, readTime: ReadTime, named: string, type: string): RowOutcome {
  const known = Object.hasOwn(CRITICAL, named) ? CRITICAL[named] : undefined
  if (known !== undefined) {
    const target = row.objectId ?? row.targetObjectId
    if (known.target === 'record') return readRecord(row, readTime, { ...known, type, target })
    const on_behalf_of_uid = known.target === 'user' ? recordId(target) : null
    return finished(row, readTime, {
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
    return finished(row, readTime, { action: 'login', outcome, source_event_type: type })
  }
  const records =
    /^(?:BULK_|MASS_)?(?:CREATE_|UPDATE_|DELETE_|MERGE_|RESTORE_|IMPORT_)?(CONTACT|COMPANY|COMPANIES|DEAL|LEAD|CRM_OBJECT)(S?)(?:_|$)/.exec(
      named,
    )
  const action = records === null || /PROPERTY|SETTING|PERMISSION|PIPELINE|LIST|VIEW_/.test(named) ? null : actOf(named)
  if (records === null || action === null) return ignored(type)
  const bulk = /BULK|MASS/.test(named) || records[2] === 'S' || action === 'create'
  const target = bulk ? null : (row.objectId ?? row.targetObjectId)
  return readRecord(row, readTime, { action, type, object: objectNamed(records[1]), target })
}

const isExport = (named: string, act: string): boolean =>
  !/^EXPORT_(APPROVAL|DOWNLOAD)/.test(named) &&
  (/(^|_)EXPORT(S|ED|ING)?(_|$)/.test(named) || /^EXPORT(ED)?$/.test(act)) &&
  !SETUP_EXPORT.test(named)

/** What an export names is the export or a list, never the records: their number stays unknown. */
function readExport(row: NativeRow, readTime: ReadTime, named: string, type: string): RowOutcome {
  const list = /(^|_| )(LIST|SEGMENT)S?(_| |$)/.test(named)
  const object = objectOf(named)
  return finished(row, readTime, {
    action: 'export',
    object_type: object === 'unknown' && list ? 'contact' : object,
    source_event_type: type,
  })
}

interface RecordAct {
  readonly action: Action
  readonly type: string
  readonly object: ObjectType
  readonly target: unknown
}

function readRecord(row: NativeRow, readTime: ReadTime, { action, type, object, target }: RecordAct): RowOutcome {
  const id = recordId(target)
  const time = timeOf(row, readTime)
  // Setting values of a record is logged beside the record's own row at the same instant: one act of one person.
  const logical_op_uid = id === null || Number.isNaN(time) ? null : `hubspot:${time}:${id}`
  return finished(row, readTime, {
    action,
    object_type: object,
    object_uids: id === null ? [] : [id],
    logical_op_uid,
    source_event_type: type,
  })
}

function objectNamed(name: string): ObjectType {
  const single = name.replace(/^(STANDARD|CRM|OBJECT)_/, '').replace(/(_OBJECT|S)$/, '')
  if (Object.hasOwn(OBJECT_NAMES, name)) return OBJECT_NAMES[name]
  return Object.hasOwn(OBJECT_NAMES, single) ? OBJECT_NAMES[single] : 'unknown'
}

/** Ids are numbers; whatever else stands in their place is a name, perhaps a person's. */
function recordId(value: unknown): string | null {
  const id = cleanId(value)
  return id !== null && /^(\d{1,20}|\d+-\d+[-:/]\d+|[0-9a-f]{8}-[0-9a-f-]{27})$/.test(id) ? id : null
}

const timeOf = (row: NativeRow, readTime: ReadTime): number =>
  readTime([row.loginAt, row.occurredAt, row.createdAt].find((value) => !isEmpty(value)))

function finished(
  row: NativeRow,
  readTime: ReadTime,
  act: Omit<AdapterEvent, 'time' | 'actor_uid'> & Pick<AdapterEvent, 'action'>,
): RowOutcome {
  const time = timeOf(row, readTime)
  if (Number.isNaN(time)) return rejected('missing_time', 'occurredAt, loginAt or createdAt is missing or not a time')
  const nested = asFields(row.actingUser)
  const acting = nested === null ? null : renameFields(nested, columnName)
  const email = cleanText(row.email) ?? (acting === null ? cleanText(row.actingUser) : cleanText(acting.email))
  const actor_uid =
    cleanId(row.userId) ??
    (acting === null ? null : (cleanId(acting.userId) ?? cleanId(acting.id))) ??
    cleanId(email?.toLowerCase())
  if (actor_uid === null) return rejected('missing_actor', 'userId, email and actingUser are missing')
  return oneEvent({
    ...act,
    time,
    actor_uid,
    actor_name: email ?? null,
    org_uid: cleanId(row.portalId) ?? undefined,
    src_ip: cleanAddress(row.ipAddress),
    user_agent: cleanText(row.userAgent),
  })
}
