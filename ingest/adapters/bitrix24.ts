import { Type } from 'typebox'
import type { Action, ObjectType } from '../../model/event.ts'
import { isTimeZone } from '../../model/time-zone.ts'
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
import { cleanId, cleanText, isEmpty } from './clean-text.ts'
import { cleanTime, type LocalTime } from './clean-time.ts'
import { createKnownColumns } from './known-columns.ts'
import { createLocalTime } from './local-time.ts'
import { asFields, renameFields } from './native-fields.ts'
import { createObjectTypeOf, ObjectNameOptions, type ObjectTypeOf } from './object-names.ts'
import { rowType } from './row-type.ts'

const ENTITIES: Readonly<Record<string, ObjectType>> = {
  contact: 'contact',
  c: 'contact',
  lead: 'lead',
  l: 'lead',
  company: 'account',
  co: 'account',
  deal: 'deal',
  d: 'deal',
  quote: 'deal',
  order: 'deal',
  invoice: 'deal',
  smart_invoice: 'deal',
}

/** What EVENT_TYPE's numbers mean in a stock installation, for counting the types that are no access. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  '0': 'USER',
  '1': 'UPDATE',
  '2': 'EMAIL',
  '3': 'VIEW',
  '4': 'EXPORT',
  '5': 'DELETE',
  '6': 'MERGER',
  '7': 'LINK',
  '8': 'UNLINK',
}

const types = (what: string, value: string) =>
  Type.String({ default: value, description: `Values of EVENT_TYPE that stand for ${what}, separated by commas.` })

export const bitrix24 = defineAdapter({
  name: 'bitrix24',
  title: 'Bitrix24',
  product: 'bitrix24',
  options: Type.Object({
    time_zone: Type.Refine(
      Type.String({
        default: 'UTC',
        description: 'IANA zone of times without an offset, as in DATE_CREATE, such as Europe/Moscow.',
      }),
      isTimeZone,
      () => 'must be an IANA time zone such as Europe/Moscow',
    ),
    view_types: types('the opening of a record', '3,VIEW'),
    export_types: types('the export of a record', '4,EXPORT'),
    update_types: types('a change of a record', '1,6,UPDATE,CHANGE,MERGER'),
    delete_types: types('the deletion of a record', '5,DELETE'),
    ...ObjectNameOptions.properties,
  }),
  lists: ['result.items', ...ENVELOPE_LISTS, 'Records'],
  keyOf: columnName,
  create(options) {
    const local = createLocalTime(options.time_zone)
    const typeOf = createObjectTypeOf(ENTITIES, options)
    const acts = new Map<string, Action>()
    const given: readonly (readonly [Action, string])[] = [
      ['update', options.update_types],
      ['delete', options.delete_types],
      ['export', options.export_types],
      ['view', options.view_types],
    ]
    for (const [action, values] of given)
      for (const value of values.split(',')) if (value.trim() !== '') acts.set(value.trim().toUpperCase(), action)
    return (outer) => {
      const row = itemOf(outer)
      if (!isEmpty(row.AUDIT_TYPE_ID)) return readEventLog(row, local)
      if (!isEmpty(row.EVENT_TYPE) || !isEmpty(row.EVENT_NAME)) return readCrmEvent(row, { acts, local, typeOf })
      return rejected('unknown_layout', 'there is neither EVENT_TYPE, as in b_crm_event, nor auditTypeId')
    }
  },
})

const knownColumn = createKnownColumns(
  'AUDIT_TYPE_ID CREATED_BY CREATED_BY_ID CREATED_BY_LOGIN DATE_CREATE DESCRIPTION ENTITY_ID ENTITY_TYPE EVENT_NAME EVENT_TYPE ITEM_ID REMOTE_ADDR RESULT TIMESTAMP_X USER_AGENT USER_ID'.split(
    ' ',
  ),
)

/** The columns' own spelling: REST answers write `auditTypeId`, joins `CE.EVENT_TYPE`. */
function columnName(native: string): string {
  const bare = native.replace(/^.*\.(?=\w)/, '').trim()
  const known = knownColumn(bare)
  if (known !== null) return known
  return bare === bare.toUpperCase() ? bare : bare.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

/** `main.eventlog.get` answers with one item. */
function itemOf(row: NativeRow): NativeRow {
  const result = asFields(row.RESULT)
  const item = asFields(result?.item) ?? result
  return item === null ? row : renameFields(item, columnName)
}

interface CrmEvents {
  readonly acts: ReadonlyMap<string, Action>
  readonly local: LocalTime
  readonly typeOf: ObjectTypeOf
}

/** One row per record, also of an export; without the joined relation the record is not known. */
function readCrmEvent(row: NativeRow, { acts, local, typeOf }: CrmEvents): RowOutcome {
  const type = cleanText(row.EVENT_TYPE)?.toUpperCase() ?? null
  const action = type === null ? actNamed(row.EVENT_NAME) : (acts.get(type) ?? null)
  const word =
    type === null ? '(no EVENT_TYPE)' : (TYPE_WORDS[type] ?? rowType(type, `EVENT_TYPE ${type.slice(0, 20)}`))
  if (action === null) return ignored(word)
  const time = cleanTime(row.DATE_CREATE, local)
  if (Number.isNaN(time)) return rejected('missing_time', 'DATE_CREATE is missing or not a time')
  const actor_uid = cleanId(row.CREATED_BY_ID) ?? cleanId(row.CREATED_BY)
  if (actor_uid === null) return rejected('missing_actor', 'CREATED_BY_ID is empty')
  // Robots and imports of the portal itself.
  if (actor_uid === '0') return ignored(`${word} by no user`)
  const id = cleanId(row.ENTITY_ID)
  return oneEvent({
    time,
    actor_uid,
    actor_name: cleanText(row.CREATED_BY_LOGIN),
    action,
    object_type: typeOf(row.ENTITY_TYPE),
    object_uids: id === null || id === '0' ? [] : [id],
    ...(action === 'export' ? { record_count: 1 } : {}),
    source_event_type: word,
    channel: 'ui',
  })
}

/** For rows that were exported without EVENT_TYPE; only names that leave no doubt. */
function actNamed(name: unknown): Action | null {
  const text = (cleanText(name) ?? '').toLowerCase()
  if (/^(view|просмотр)/.test(text)) return 'view'
  if (/^(export|экспорт)/.test(text)) return 'export'
  return /^(delet|удал)/.test(text) ? 'delete' : null
}

/** Of the portal's own event log only the logins are access. */
function readEventLog(row: NativeRow, local: LocalTime): RowOutcome {
  const type = rowType(row.AUDIT_TYPE_ID)
  // USER_LOGIN is written for a login that failed, with the login name as the item.
  if (type !== 'USER_AUTHORIZE' && type !== 'USER_LOGIN') return ignored(type)
  const time = cleanTime(row.TIMESTAMP_X, local)
  if (Number.isNaN(time)) return rejected('missing_time', 'timestampX is missing or not a time')
  const user = cleanId(row.USER_ID)
  const actor_uid = user === null || user === '0' ? cleanId(row.ITEM_ID) : user
  if (actor_uid === null) return rejected('missing_actor', 'userId and itemId are empty')
  const method = cleanText(asFields(row.DESCRIPTION)?.method)
  return oneEvent({
    time,
    actor_uid,
    action: 'login',
    source_event_type: type,
    src_ip: cleanAddress(row.REMOTE_ADDR),
    user_agent: cleanText(row.USER_AGENT),
    client_app: method === null ? null : rowType(method),
    channel: method === 'rest' || method === 'appPassword' ? 'api' : 'ui',
    outcome: type === 'USER_LOGIN' ? 'failure' : 'success',
  })
}
