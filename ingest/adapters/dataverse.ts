import { Type } from 'typebox'
import type { ActorType } from '../../model/event.ts'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, oneEvent, rejected } from './adapter.ts'
import { cleanAddress } from './clean-address.ts'
import { cleanId, cleanText } from './clean-text.ts'
import { hasContactColumns } from './contact-columns.ts'
import { auditKey, auditRecordOf, auditTime, otherService } from './dataverse/audit-record.ts'
import { type MessageKind, messageKind } from './dataverse/message.ts'
import { DATAVERSE_TABLES, isPlatformTable } from './dataverse/table.ts'
import { searchableText } from './native-fields.ts'
import { createObjectTypeOf, ObjectNameOptions } from './object-names.ts'
import { rowType } from './row-type.ts'

/** Fields that name the person, in the order in which they are tried. */
const ACTOR_FIELDS = ['userid', 'userupn', 'systemuserid', 'userkey'] as const

export const dataverse = defineAdapter({
  name: 'dataverse',
  title: 'Microsoft Dataverse and Dynamics 365',
  product: 'dataverse',
  options: Type.Object({
    actor_field: Type.Enum(['UserId', 'UserUpn', 'SystemUserId', 'UserKey'], {
      default: 'UserId',
      description: 'Which of the fields that name the person is taken first; the others stand in where it is empty.',
    }),
    ...ObjectNameOptions.properties,
  }),
  lists: [...ENVELOPE_LISTS, 'Records'],
  keyOf: auditKey,
  create(options) {
    const typeOf = createObjectTypeOf(DATAVERSE_TABLES, options)
    const first = auditKey(options.actor_field)
    const actorFields = [first, ...ACTOR_FIELDS.filter((field) => field !== first)]
    return (given) => {
      const row = auditRecordOf(given)
      const other = otherService(row)
      if (other !== null) return ignored(rowType(other))
      const message = messageOf(row)
      if (message === null) {
        if (row.operation !== undefined || row.message !== undefined) return ignored(rowType(row.operation))
        return rejected('unknown_layout', 'neither Message nor Operation tells what was done')
      }
      const kind = messageKind(message)
      if (kind === null || isPlatformJob(row)) return ignored(rowType(message))
      const table = tableOf(row)
      // An export names the view that it is made from.
      if (table !== null && isPlatformTable(table) && kind.action !== 'export')
        return ignored(`${rowType(message)} ${table.toLowerCase()}`)
      const ids = kind.action === 'login' ? NO_IDS : idsOf(row, kind)
      // Helpers of the platform such as GetTimeZone name neither a table nor a record.
      if (kind.action === 'view' && message !== 'Retrieve' && table === null && ids.uids.length === 0)
        return ignored(rowType(message))
      const time = auditTime(row)
      if (Number.isNaN(time)) return rejected('missing_time', 'CreationTime and TimeGenerated hold no time')
      const actor_uid = actorFields.map((field) => cleanId(row[field])).find((id) => id !== null) ?? null
      if (actor_uid === null) return rejected('missing_actor', 'UserId, UserUpn, SystemUserId and UserKey are empty')
      const agent = cleanText(row.useragent)
      const columns = columnsOf(row.query)
      return oneEvent({
        time,
        actor_uid,
        actor_name: cleanText(row.userupn) ?? loginIn(row.userid),
        actor_type: actorTypeOf(row.usertype),
        org_uid: cleanId(row.organizationid) ?? cleanId(row.crmorganizationuniquename) ?? undefined,
        action: kind.action,
        object_type: kind.action === 'login' ? 'unknown' : typeOf(table),
        object_uids: ids.uids,
        object_uids_complete: ids.complete,
        // The parts of a divided record, and an export with the list behind it, are one operation.
        logical_op_uid: kind.many ? cleanId(row.correlationid) : null,
        source_event_type: message,
        src_ip: cleanAddress(row.clientip) ?? cleanAddress(row.clientipaddress),
        user_agent: agent,
        channel: kind.action === 'api_read' ? 'api' : channelOf(agent),
        columns,
        has_contact_fields: hasContactColumns(columns),
        export_format: kind.format,
        outcome: /fail|error|denied|^false$/i.test(cleanText(row.resultstatus) ?? '') ? 'failure' : 'success',
      })
    }
  },
})

/** In the raw feed Operation is mostly a word for all of the CRM's activities: Message comes first. */
function messageOf(row: NativeRow): string | null {
  const message = cleanText(row.message)
  if (message !== null && message.length <= 100) return message
  const operation = cleanText(row.operation) ?? cleanText(row.operations)
  return operation === null || operation.length > 100 || /^crmdefaultactivity$/i.test(operation) ? null : operation
}

/** What the platform does by itself, as nobody. */
function isPlatformJob(row: NativeRow): boolean {
  const isJobs = /^crm-bts-jobs/i.test(cleanText(row.useragent) ?? '')
  const isNobody = ACTOR_FIELDS.every((field) => cleanId(row[field]) === null)
  if (isNobody) return isJobs || isUnknown(row.userid) || isUnknown(row.userupn)
  // The person's key is filled now and then although the user is said to be unknown.
  return isJobs && (cleanId(row.userid) === null || (tableOf(row) === null && cleanId(row.entityid) === null))
}

const isUnknown = (value: unknown): boolean => {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && /^\s*unknown\s*$/i.test(first)
}

/** EntityName; where it is `Unknown` or missing, what the record's address or the query names. */
function tableOf(row: NativeRow): string | null {
  const name = cleanText(row.entityname)
  if (name !== null && !isPlatformTable(name)) return name.length <= 128 ? name : null
  const inUrl = /[?&](?:etn|typename)=([A-Za-z]\w{0,127})/i.exec(clipped(row.itemurl))?.[1]
  const inQuery = /<entity\s+name=\\?["'](\w{1,128})/i.exec(clipped(row.query))?.[1]
  return name === null ? (inUrl ?? inQuery ?? null) : /^export/i.test(messageOf(row) ?? '') ? (inQuery ?? name) : name
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const MOST_TEXT = 4_000_000

interface Ids {
  readonly uids: string[]
  readonly complete: boolean
}

const NO_IDS: Ids = { uids: [], complete: true }

/**
 * The records touched. Where a set is read, EntityId is at most one of them, or the view or template used: it then
 * stands for itself, and how many records there were stays unknown.
 */
function idsOf(row: NativeRow, kind: MessageKind): Ids {
  const own = cleanId(row.entityid)
  const found = foundIds(row.queryresults)
  if (kind.many) return found.uids.length > 0 ? found : { uids: own === null ? [] : [own], complete: false }
  return own === null ? found : { uids: [own], complete: true }
}

/** GUIDs in a text with commas or in a list of texts or objects. A text that was cut off in an id is not complete. */
function foundIds(value: unknown): Ids {
  const text = searchableText(value).slice(0, MOST_TEXT)
  const uids = new Set<string>()
  for (const [id] of text.matchAll(GUID)) if (cleanId(id) !== null) uids.add(id.toLowerCase())
  const rest = text.slice(-64).replaceAll(GUID, '').replace(/^.*,/s, '')
  return { uids: [...uids], complete: !/[0-9a-f]{2,}-?[0-9a-f-]*\.*$|\.{3}$|…$/i.test(rest) || /^\s*[[{"]/.test(text) }
}

/** Names of the columns that a FetchXML or OData query asks for; its conditions hold people's names and are dropped. */
function columnsOf(query: unknown): string[] {
  const text = clipped(query)
  if (text === '') return []
  const columns = new Set<string>()
  for (const [, name] of text.matchAll(/<attribute\s[^>]{0,200}?name=\\?["'](\w{1,128})/gi)) columns.add(name)
  const select = /\$select=([\w,]{1,4000})/i.exec(text)?.[1] ?? ''
  for (const name of select.split(',')) if (name !== '') columns.add(name)
  return [...columns]
}

const clipped = (value: unknown): string => (cleanText(value) ?? '').slice(0, 65_536)

const loginIn = (userId: unknown): string | null => {
  const text = cleanText(userId)
  return text?.includes('@') ? text : null
}

/** UserType is a number in the Management API's records and a word in Sentinel's. */
function actorTypeOf(value: unknown): ActorType {
  const type = (cleanText(value) ?? '').toLowerCase()
  if (['5', '6', 'application', 'serviceprincipal'].includes(type)) return 'integration'
  return ['3', '4', '7', '8', 'dcadmin', 'system', 'custompolicy', 'systempolicy'].includes(type) ? 'system' : 'user'
}

function channelOf(agent: string | null): 'ui' | 'mobile' | 'api' | null {
  if (agent === null) return null
  if (/mobile|android|iphone|ipad/i.test(agent)) return 'mobile'
  return /^mozilla/i.test(agent) ? 'ui' : 'api'
}
