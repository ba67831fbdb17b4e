import { cleanText } from '../clean-text.ts'

/** What the parameters of a background export tell. Conditions other than record ids hold people's names: dropped. */
export interface ExportParams {
  readonly entityType: string | null
  readonly format: string | null
  readonly columns: readonly string[]
  /** The records chosen by hand; null when the export is of a search, whose size is not known. */
  readonly ids: readonly string[] | null
}

const NOTHING: ExportParams = { entityType: null, format: null, columns: [], ids: null }
const LONGEST = 4_000_000

/**
 * Reads base64 of a PHP serialisation, leniently and without building objects of it: property names come bare or with
 * their class, and the layout differs between versions.
 */
export function readExportParams(value: unknown): ExportParams {
  const text = cleanText(value)
  if (text === null || text.length > LONGEST) return NOTHING
  const php = /^[aO]:\d/.test(text) ? text : Buffer.from(text, 'base64').toString()
  if (!/[aO]:\d+:/.test(php)) return NOTHING
  const fields = listOf(php, 'attributeList') ?? listOf(php, 'fieldList') ?? []
  const isByIds = /attribute";s:2:"id"/.test(php)
  const ids = isByIds ? (listOf(php, 'value') ?? listOf(php, 'ids')) : listOf(php, 'ids')
  return {
    entityType: textOf(php, 'entityType'),
    format: textOf(php, 'format'),
    columns: fields.filter((field) => /^\w{1,100}$/.test(field)),
    ids: ids === null || ids.length === 0 || !ids.every((id) => /^[\w-]{1,40}$/.test(id)) ? null : ids,
  }
}

const textOf = (php: string, name: string): string | null =>
  new RegExp(`${name}";s:\\d+:"(\\w{1,100})"`).exec(php)?.[1] ?? null

const MOST_TRIED = 20

/** A list of texts under a name, when all of its elements are texts. */
function listOf(php: string, name: string): string[] | null {
  let tried = 0
  for (const { 1: size, index, 0: start } of php.matchAll(new RegExp(`${name}";a:(\\d{1,7}):\\{`, 'g'))) {
    if (++tried > MOST_TRIED) return null
    const from = index + start.length
    const end = php.indexOf('}', from)
    const items = [...php.slice(from, end === -1 ? from : end).matchAll(/i:\d+;s:\d+:"([^"]*)";/g)]
    if (items.length === Number(size)) return items.map(([, item]) => item)
  }
  return null
}
