import { Type } from 'typebox'
import type { Action, ObjectType } from '../../model/event.ts'
import {
  defineAdapter,
  ENVELOPE_LISTS,
  ignored,
  type NativeRow,
  oneEvent,
  type RowOutcome,
  rejected,
} from './adapter.ts'
import { cleanAddress } from './clean-address.ts'
import { cleanCount } from './clean-count.ts'
import { cleanId, cleanText, isEmpty } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { hasContactColumns } from './contact-columns.ts'
import { readExportParams } from './espocrm/export-params.ts'
import { createKnownColumns } from './known-columns.ts'
import { createObjectTypeOf, ObjectNameOptions, type ObjectTypeOf } from './object-names.ts'
import { rowType } from './row-type.ts'

const ENTITIES: Readonly<Record<string, ObjectType>> = {
  contact: 'contact',
  lead: 'lead',
  account: 'account',
  opportunity: 'deal',
  quote: 'deal',
  salesorder: 'deal',
  invoice: 'deal',
  report: 'report',
  document: 'file',
  attachment: 'file',
}

const ACTS: Readonly<Record<string, Action>> = {
  read: 'view',
  create: 'create',
  update: 'update',
  delete: 'delete',
  restore: 'update',
}

export const espocrm = defineAdapter({
  name: 'espocrm',
  title: 'EspoCRM',
  product: 'espocrm',
  options: Type.Object({ ...ObjectNameOptions.properties }),
  lists: [...ENVELOPE_LISTS, 'Records'],
  keyOf(native) {
    const bare = native.trim().replace(/^.*\.(?=\w)/, '')
    return knownColumn(bare) ?? bare
  },
  create(options) {
    const typeOf = createObjectTypeOf(ENTITIES, options)
    return (row) => {
      if (!isEmpty(row.action)) return readHistory(row, typeOf)
      // Tables that hold all three have all columns, empty where they are another's.
      if (!isEmpty(row.params) || !isEmpty(row.attachmentId)) return readExport(row, typeOf)
      if (!isEmpty(row.role)) return readAttachment(row, typeOf)
      if (row.params !== undefined || row.attachmentId !== undefined) return readExport(row, typeOf)
      if (row.role !== undefined) return ignored('Attachment')
      if (row.action !== undefined) return ignored('(no action)')
      return rejected('unknown_layout', 'there is neither action (history), params (exports) nor role (attachments)')
    }
  },
})

/** The REST API writes `targetType`, the table `target_type`, a warehouse `TARGETTYPE`. */
const knownColumn = createKnownColumns(
  'id action targetType targetId userId userName createdAt createdById createdByName authTokenId ipAddress params attachmentId status role name size'.split(
    ' ',
  ),
)

interface Start {
  readonly time: number
  readonly actor_uid: string
  readonly actor_type: 'user' | 'system'
  readonly actor_name: string | null
}

/** Times are UTC without saying so. */
function startOf(row: NativeRow, user: 'userId' | 'createdById'): Start | RowOutcome {
  const time = cleanTime(row.createdAt)
  if (Number.isNaN(time)) return rejected('missing_time', 'createdAt is missing or not a time')
  const actor_uid = cleanId(row[user])
  if (actor_uid === null) return rejected('missing_actor', `${user} is empty`)
  return { time, actor_uid, actor_type: actor_uid === 'system' ? 'system' : 'user', actor_name: nameOf(row) }
}

const nameOf = (row: NativeRow): string | null => cleanText(row.userName) ?? cleanText(row.createdByName)

/** ActionHistoryRecord: one row per record. targetName, the record's name, is dropped. */
function readHistory(row: NativeRow, typeOf: ObjectTypeOf): RowOutcome {
  const word = cleanText(row.action)?.toLowerCase() ?? ''
  if (!Object.hasOwn(ACTS, word)) return ignored(rowType(row.action))
  const start = startOf(row, 'userId')
  if ('kind' in start) return start
  const id = cleanId(row.targetId)
  return oneEvent({
    ...start,
    action: ACTS[word],
    object_type: typeOf(row.targetType),
    object_uids: id === null ? [] : [id],
    source_event_type: `${rowType(row.targetType)} ${word}`,
    session_uid: cleanText(row.authTokenId),
    src_ip: cleanAddress(row.ipAddress),
  })
}

/**
 * Export: a background export. Its row changes while it runs and is polled more than once: the uid is made from its id.
 * The file it ends in is an attachment of its own, joined by the operation.
 */
function readExport(row: NativeRow, typeOf: ObjectTypeOf): RowOutcome {
  const start = startOf(row, 'createdById')
  if ('kind' in start) return start
  const { entityType, format, columns, ids } = readExportParams(row.params)
  const id = cleanId(row.id)
  return oneEvent({
    ...start,
    ...(id === null || id.length > 100 ? {} : { event_uid: `espocrm-export-${id}` }),
    action: 'export',
    object_type: typeOf(entityType),
    object_uids: ids === null ? [] : [...new Set(ids)],
    columns: [...columns],
    has_contact_fields: hasContactColumns(columns),
    logical_op_uid: cleanId(row.attachmentId) ?? id,
    source_event_type: 'Export',
    export_format: format,
    outcome: /^failed$/i.test(cleanText(row.status) ?? '') ? 'failure' : 'success',
  })
}

const FILES: Readonly<Record<string, { readonly action: Action; readonly type: string }>> = {
  'export file': { action: 'export', type: 'Export File' },
  'mass pdf': { action: 'print', type: 'Mass Pdf' },
}

/** Attachment: the file that an export or a mass print leaves. How many records are in it is not known. */
function readAttachment(row: NativeRow, typeOf: ObjectTypeOf): RowOutcome {
  const role = cleanText(row.role)?.toLowerCase() ?? ''
  const file = Object.hasOwn(FILES, role) ? FILES[role] : undefined
  if (file === undefined) return ignored(rowType(row.role, 'Attachment'))
  const start = startOf(row, 'createdById')
  if ('kind' in start) return start
  const name = (cleanText(row.name) ?? '').slice(-256)
  return oneEvent({
    ...start,
    action: file.action,
    object_type: typeOf(/^Export_([A-Za-z]\w{0,60}?)(?:[_ -]\d.*)?\.\w+$/.exec(name)?.[1]),
    object_uids: [],
    logical_op_uid: cleanId(row.id),
    source_event_type: file.type,
    export_format: /\.(\w{2,5})$/.exec(name)?.[1].toLowerCase() ?? null,
    bytes: cleanCount(row.size),
  })
}
