import { Type } from 'typebox'
import type { Action } from '../../model/event.ts'
import { isTimeZone } from '../../model/time-zone.ts'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, type RowOutcome, rejected } from './adapter.ts'
import { cleanText, isEmpty } from './clean-text.ts'
import { code, typeName } from './hubspot/code.ts'
import { columnName } from './hubspot/column-name.ts'
import { eventOfAct } from './hubspot/event-of-act.ts'
import { readCritical, readSecurity } from './hubspot/read-critical.ts'
import { isExport, readExport, SETUP_EXPORT } from './hubspot/read-export.ts'
import { objectNamed, readRecord } from './hubspot/read-record.ts'
import { createTimeReader, type ReadTime } from './hubspot/read-time.ts'
import { createLocalTime } from './local-time.ts'

/** Categories of the audit log whose rows are about customers' records; all others are set-up, content or security. */
const RECORD_CATEGORIES = new Set(['CRM_OBJECT', 'CRM_OBJECTS', 'PROPERTY_VALUE', 'PROPERTY_VALUES', 'OBJECT'])
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
  lists: ['results', 'data.results', 'body.results', ...ENVELOPE_LISTS, 'Records'],
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

function readLogin(row: NativeRow, readTime: ReadTime): RowOutcome {
  const said = cleanText(row.loginSucceeded)?.toLowerCase()
  const failed = said !== undefined && /^(false|no|0|fail|failed|failure|unsuccessful|login[ _]failed)$/.test(said)
  return eventOfAct(row, readTime, {
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
    return eventOfAct(row, readTime, { action: 'login', outcome, source_event_type: type })
  }
  if (isExport(sub, act) || (category === 'EXPORT' && !SETUP_EXPORT.test(sub)))
    return readExport(row, readTime, `${sub} ${category}`, type)
  const action = Object.hasOwn(RECORD_ACTS, act) ? RECORD_ACTS[act] : null
  if (!RECORD_CATEGORIES.has(category)) {
    const critical = category === 'CRITICAL_ACTION' || category.startsWith('SECURITY')
    return critical ? readCritical(row, readTime, sub, type) : ignored(type)
  }
  if (action === null) return ignored(type)
  // A value that is taken away changes its record, which stays.
  const isValue = category.startsWith('PROPERTY_VALUE')
  return readRecord(row, readTime, {
    action: isValue && action === 'delete' ? 'update' : action,
    type,
    object: objectNamed(sub),
    target: row.targetObjectId ?? row.objectId,
  })
}
