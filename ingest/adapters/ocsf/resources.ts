import type { ObjectType } from '../../../model/event.ts'
import { objectOf, wordsOf } from '../act-words.ts'
import type { NativeRow } from '../adapter.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { firstAt } from '../field-at.ts'
import { isFields } from '../native-fields.ts'
import type { Class } from './activity.ts'

const CUSTOMERS: readonly ObjectType[] = ['contact', 'lead', 'account', 'deal']

/** What holds records and is none, such as a contact list. */
const CONTAINER = /\b(list|lists|group|groups|segment|segments|collection|view|report|folder|table|bucket)\b/

/** The records that an event names. */
export interface Resources {
  readonly ids: readonly string[]
  readonly object: ObjectType
  /** Whether every one of them is a customer's record. */
  readonly areCustomers: boolean
  /** Whether one of them is a list, a report or another thing that holds records. */
  readonly areContainers: boolean
  /** Types and tables, to be compared with the option. */
  readonly words: readonly string[]
}

const SENSITIVE_FIRST: readonly ObjectType[] = ['contact', 'lead', 'account', 'deal', 'file', 'report']

export function resourcesOf(row: NativeRow, kind: Class): Resources & { readonly ids: string[] } {
  const listed = [
    'web_resources',
    'web_resource',
    'resources',
    'resource',
    'databucket',
    'table',
    'database',
    'file',
  ].flatMap((name) => {
    const value = row[name]
    return (Array.isArray(value) ? value.slice(0, 50_000) : [value])
      .filter(isFields)
      .map((fields) => ({ name, fields }))
  })
  const ids = new Set<string>()
  const types: ObjectType[] = []
  const words: string[] = []
  let containers = 0
  for (const { name, fields } of listed) {
    const typed = cleanText(fields.type) ?? cleanText(fields.group) ?? null
    const isContainer = name === 'table' || name === 'database' || name === 'databucket'
    const word = typed ?? (isContainer ? cleanText(fields.name) : null)
    if (word !== null) words.push(word)
    // A table is told by its name; the name of a record can be a person's and tells nothing.
    const own = isContainer ? objectOf(cleanText(fields.name)) : objectOf(word)
    const byPath = own === 'unknown' ? objectOf(pathOf(cleanText(fields.url_string))) : own
    types.push(byPath)
    if (word !== null && CONTAINER.test(wordsOf(word))) containers++
    const id = isContainer ? null : (cleanId(fields.uid) ?? cleanId(fields.uid_alt))
    if (id !== null) ids.add(id)
  }
  const service = cleanText(firstAt(row, 'api.service.name'))
  if (service !== null) words.push(service)
  const object = SENSITIVE_FIRST.find((one) => types.includes(one)) ?? (kind === 'file' ? 'file' : hintOf(row))
  const areCustomers =
    containers === 0 && ids.size > 0 && ids.size === types.length && types.every((one) => CUSTOMERS.includes(one))
  return {
    ids: [...ids],
    object: kind === 'file' && object === 'unknown' ? 'file' : object,
    areCustomers,
    areContainers: containers > 0 || object === 'report',
    words,
  }
}

/** The kind of record by what the call itself says, where no resource does. */
function hintOf(row: NativeRow): ObjectType {
  const operation = objectOf(cleanText(firstAt(row, 'api.operation')))
  if (operation !== 'unknown') return operation
  const path = cleanText(firstAt(row, 'http_request.url.path', 'http_request.url.url_string', 'http_request.url.text'))
  return objectOf(pathOf(path))
}

/** The path of a URL, without the host, whose name may hold any word. */
const pathOf = (url: string | null): string | null =>
  url === null ? null : url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')
