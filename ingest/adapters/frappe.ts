import { Type } from 'typebox'
import type { Action, ObjectType } from '../../model/event.ts'
import { isTimeZone } from '../../model/time-zone.ts'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, oneEvent, rejected } from './adapter.ts'
import { cleanId, cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { hasContactColumns } from './contact-columns.ts'
import { parseJson } from './files/parse-json.ts'
import { createLocalTime } from './local-time.ts'
import { searchableText } from './native-fields.ts'
import { createObjectTypeOf, ObjectNameOptions } from './object-names.ts'
import { rowType } from './row-type.ts'

const DOCTYPES: Readonly<Record<string, ObjectType>> = {
  contact: 'contact',
  address: 'contact',
  lead: 'lead',
  'crm lead': 'lead',
  prospect: 'account',
  customer: 'account',
  'crm organization': 'account',
  organization: 'account',
  opportunity: 'deal',
  'crm deal': 'deal',
  quotation: 'deal',
  'sales order': 'deal',
  'sales invoice': 'deal',
  contract: 'deal',
  report: 'report',
  file: 'file',
}

export const frappe = defineAdapter({
  name: 'frappe',
  title: 'Frappe and ERPNext Access Log',
  product: 'frappe',
  options: Type.Object({
    time_zone: Type.Refine(
      Type.String({ default: 'UTC', description: "The site's IANA time zone: the log's times carry none." }),
      isTimeZone,
      () => 'must be an IANA time zone such as Asia/Kolkata',
    ),
    ...ObjectNameOptions.properties,
  }),
  lists: ['message', 'docs', ...ENVELOPE_LISTS, 'Records'],
  /** The list's own CSV export has labels (`Export From`), the API field names. */
  keyOf: (native) =>
    native
      .replaceAll(/[`'"]/g, '')
      .replace(/^.*\.(?=\w)/, '')
      .trim()
      .toLowerCase()
      .replaceAll(' ', '_'),
  create(options) {
    const local = createLocalTime(options.time_zone)
    const typeOf = createObjectTypeOf(DOCTYPES, options)
    return (row) => {
      if (!COLUMNS.some((name) => row[name] !== undefined))
        return rejected('unknown_layout', 'none of export_from, report_name, method and file_type is there')
      const act = actOf(row)
      if (act === null) return ignored(rowType(row.method, '(nothing named)'))
      const time = [row.timestamp, row.creation].map((value) => cleanTime(value, local)).find((at) => !Number.isNaN(at))
      if (time === undefined) return rejected('missing_time', 'timestamp and creation hold no time')
      const actor_uid = cleanId(row.user) ?? cleanId(row.owner)
      if (actor_uid === null) return rejected('missing_actor', 'user is empty')
      const document = cleanId(row.reference_document)
      const chosen = document === null ? chosenIn(row.filters) : [document]
      const columns = columnsOf(row.columns)
      const doctype = cleanText(row.export_from)
      return oneEvent({
        time,
        actor_uid,
        actor_name: actor_uid.includes('@') ? actor_uid : null,
        action: act,
        object_type: doctype === null && !isBackup(row) && cleanText(row.report_name) ? 'report' : typeOf(doctype),
        object_uids: chosen,
        columns,
        has_contact_fields: hasContactColumns(columns),
        source_event_type: sourceType(row, act),
        export_format: cleanText(row.file_type)?.slice(0, 40).toLowerCase() ?? null,
        channel: doctype === null && cleanText(row.report_name) !== null ? 'report' : 'ui',
      })
    }
  },
})

const COLUMNS = ['export_from', 'reference_document', 'report_name', 'method', 'file_type'] as const

/** The log of a download of the whole database. */
const isBackup = (row: NativeRow): boolean => /^backup$/i.test(cleanText(row.report_name) ?? '')

/**
 * Method is Print or PDF for what goes through the print dialogue; for other exports it is empty, or the doctype above
 * the one exported.
 */
function actOf(row: NativeRow): Action | null {
  const [doctype, document, report, method, file] = COLUMNS.map((name) => cleanText(row[name]))
  if (doctype === null && document === null && report === null && file === null) return null
  if (/^file$/i.test(doctype ?? '') && document !== null) return 'download'
  const way = (method ?? '').toLowerCase()
  if (way === 'print') return 'print'
  if (way === 'pdf') return document === null ? 'export' : 'print'
  if (way === 'download') return 'download'
  if (way === 'view' || (document !== null && file === null)) return 'view'
  return 'export'
}

function sourceType(row: NativeRow, act: Action): string {
  if (isBackup(row)) return 'Backup'
  return rowType(row.method, rowType(row.file_type, act))
}

const ONE_CONDITION =
  /^\s*[[{(]+\s*(?:["'][\w ]+["']\s*,\s*)?u?["']name["']\s*[:,]\s*(?:[[(]\s*)?u?["']in["']\s*,\s*[[(]([^\])]*)[\])][\s\])},]*$/

/**
 * Records chosen by hand in a list: the only condition is then `name in (...)`, as JSON or as Python writes it. Other
 * filters hold people's names, and what they find is not known.
 */
function chosenIn(filters: unknown): string[] {
  const text = searchableText(filters)
  const list = text.length > 1_000_000 ? undefined : ONE_CONDITION.exec(text)?.[1]
  const names = new Set<string>()
  for (const [, double, single] of (list ?? '').matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)) {
    const id = cleanId(double ?? single)
    if (id !== null) names.add(id)
  }
  return [...names]
}

/** Names of the columns exported: a list, or lists by doctype. Log rows of printed reports hold HTML instead. */
function columnsOf(value: unknown): string[] {
  const text = cleanText(value)
  const held = text === null || !/^[[{]/.test(text) ? (typeof value === 'string' ? null : value) : parseJson(text)
  const lists = Array.isArray(held) ? [held] : typeof held === 'object' && held !== null ? Object.values(held) : []
  const names = lists.flat().filter((name) => typeof name === 'string' && /^[\w `.]{1,140}$/.test(name))
  return [...new Set(names.map(String))]
}
