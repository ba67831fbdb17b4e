import { stringify } from 'yaml'
import { actOf, objectOf, wordsOf } from '../act-words.ts'
import type { NativeRow } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
import { fieldAt } from '../field-at.ts'
import { createTimeFormat } from './time-format.ts'

/** What a column has to be called, most telling first, and how its values look. */
interface Wish {
  readonly names: readonly RegExp[]
  readonly fits: (value: unknown) => boolean
}

const TIME_FORMATS = [
  'M/D/YYYY h:mm:ss A',
  'M/D/YYYY h:mm A',
  'D MMM YYYY HH:mm:ss',
  'MMM D, YYYY h:mm A',
  'M/D/YYYY H:mm',
]
const isTime = (value: unknown): boolean => !Number.isNaN(cleanTime(value)) || formatOf(value) !== undefined
const formatOf = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? TIME_FORMATS.find((format) => !Number.isNaN(createTimeFormat(format, (time) => time)(value)))
    : undefined
const isWord = (value: unknown): boolean => (cleanText(value)?.length ?? 99) <= 60
const isCount = (value: unknown): boolean => cleanCount(value) !== null
const isAny = (value: unknown): boolean => cleanText(value) !== null

const WISHES = {
  time: {
    names: [
      /\b(timestamp|time|date ?time|occurred|event time)\b|когда|врем/,
      /\b(created|date|at|logged|on)\b|дата/,
      /./,
    ],
    fits: (value) => isTime(value) && !(typeof value === 'number' && value < 1e9),
  },
  actor: {
    names: [
      /\b(user|actor|employee|staff|operator|performed by|done by|who)\b.*\b(id|uid|key)\b/,
      /\b(user|actor|employee|staff|operator|performed by|done by|created by|modified by|login|who|by)\b|кто|пользоват|сотрудник|автор|логин/,
    ],
    fits: isWord,
  },
  actor_name: {
    names: [/\b(user|actor|employee|staff)\b.*\b(name|email|mail|login)\b|^(email|user name|login)$/],
    fits: isWord,
  },
  action: {
    names: [
      /^(action|activity|operation|event|event type|verb|act|method|event name)$|действие|событие|операц/,
      /\b(action|activity|operation|event|verb|type)\b/,
    ],
    fits: (value) => isWord(value) && !isTime(value),
  },
  object: {
    names: [
      /\b(object|entity|module|record|resource|target|item|table)\b.*\b(type|name|kind)\b|^(object|entity|module|resource|table|section)$|объект|раздел|сущност/,
      /\b(object|entity|module)\b/,
    ],
    fits: (value) => isWord(value) && !isTime(value) && !/^\d+$/.test(cleanText(value) ?? ''),
  },
  objects: {
    names: [
      /\b(object|entity|record|resource|target|item|contact|client|customer|lead|deal)\b.*\b(id|ids|uid|uids)\b/,
      /\bids\b/,
    ],
    fits: isAny,
  },
  count: {
    names: [
      /\b(count|rows|row count|records|quantity|number of|total|exported|affected)\b|количеств|кол во|записей|строк/,
    ],
    fits: isCount,
  },
  ip: { names: [/\b(ip|address|remote addr|client ip)\b/], fits: (value) => cleanAddress(value) !== null },
  user_agent: { names: [/\b(user agent|agent|browser)\b/], fits: isAny },
  session: { names: [/\bsession\b/], fits: isAny },
} satisfies Record<string, Wish>

export interface Proposal {
  /** The mapping as YAML, with a comment for each thing that is to be looked at. */
  readonly yaml: string
  /** The settings that no column was found for, and that a mapping needs. */
  readonly missing: readonly string[]
}

/** Proposes a mapping by the columns' names and values of some rows. */
export function proposeMapping(rows: readonly NativeRow[]): Proposal {
  const columns = columnsOf(rows)
  const taken = new Set<string>()
  const pick = (wish: Wish): string | null => {
    for (const name of wish.names)
      for (const column of columns)
        if (!taken.has(column) && name.test(wordsOf(column)) && mostly(rows, column, wish.fits)) {
          taken.add(column)
          return column
        }
    return null
  }
  const found = new Map<string, string>()
  // Ids of records go before names of the object, for `record id` would be taken for one.
  for (const setting of [
    'time',
    'objects',
    'count',
    'ip',
    'user_agent',
    'session',
    'actor',
    'actor_name',
    'action',
    'object',
  ] as const) {
    const column = pick(WISHES[setting])
    if (column !== null) found.set(setting, column)
  }
  const mapping: Record<string, unknown> = { product: 'my-crm' }
  const missing: string[] = []
  const notes: string[] = []

  const time = found.get('time')
  if (time === undefined) missing.push('time')
  else mapping.time = timeSetting(rows, time, notes)
  const actor = found.get('actor') ?? found.get('actor_name')
  if (actor === undefined) missing.push('actor')
  else mapping.actor = actor
  const named = found.get('actor_name')
  if (named !== undefined && named !== actor) mapping.actor_name = named

  const action = found.get('action')
  if (action === undefined) missing.push('action')
  else {
    const words = valuesOf(rows, action)
    const unknown = words.filter((word) => actOf(word) === null)
    mapping.action = {
      from: action,
      words: Object.fromEntries(words.map((word) => [word, actOf(word) ?? 'ignore'])),
      otherwise: 'ignore',
    }
    if (unknown.length > 0)
      notes.push(`action: ${unknown.length} of ${words.length} words are not understood and ignored`)
  }
  const object = found.get('object')
  if (object !== undefined) {
    const words = valuesOf(rows, object)
    mapping.object = {
      from: object,
      words: Object.fromEntries(words.map((word) => [word, objectOf(word)])),
      otherwise: 'unknown',
    }
  }
  const ids = found.get('objects')
  if (ids !== undefined) mapping.objects = idsSetting(rows, ids)
  for (const setting of ['count', 'ip', 'user_agent', 'session'] as const) {
    const column = found.get(setting)
    if (column !== undefined) mapping[setting] = column
  }
  for (const setting of missing) notes.push(`${setting}: no column looks like it; a mapping needs one`)
  const left = columns.filter((column) => !taken.has(column))
  if (left.length > 0) notes.push(`not used: ${left.slice(0, 40).join(', ')}`)
  return { yaml: `${notes.map((note) => `# ${note}\n`).join('')}${stringify(mapping, { lineWidth: 120 })}`, missing }
}

const MOST_COLUMNS = 300
const MOST_WORDS = 60

/** Columns and, of nested objects, dotted paths. */
function columnsOf(rows: readonly NativeRow[]): string[] {
  const columns = new Set<string>()
  const walk = (fields: NativeRow, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(fields)) {
      if (columns.size >= MOST_COLUMNS) return
      const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
      if (isNested && depth < 4) walk({ ...value }, `${prefix}${key}.`, depth + 1)
      else columns.add(`${prefix}${key}`)
    }
  }
  for (const row of rows) walk(row, '', 0)
  return [...columns]
}

function mostly(rows: readonly NativeRow[], column: string, fits: (value: unknown) => boolean): boolean {
  const values = rows
    .map((row) => fieldAt(row, column))
    .filter((value) => value !== undefined && value !== null && value !== '')
  return (
    values.length > 0 &&
    values.filter((value) => fits(Array.isArray(value) ? value[0] : value)).length * 10 >= values.length * 8
  )
}

function valuesOf(rows: readonly NativeRow[], column: string): string[] {
  const words = new Set<string>()
  for (const row of rows) {
    const word = cleanText(fieldAt(row, column))
    if (word !== null && words.size < MOST_WORDS) words.add(word)
  }
  return [...words]
}

function timeSetting(rows: readonly NativeRow[], column: string, notes: string[]): unknown {
  const values = rows
    .map((row) => fieldAt(row, column))
    .filter((value) => value !== undefined && value !== null && value !== '')
  const format = values.every((value) => Number.isNaN(cleanTime(value))) ? formatOf(values[0]) : undefined
  const zoneless =
    typeof values[0] === 'string' && !/(Z|[+-]\d{2}:?\d{2}|UTC|GMT)$/i.test(values[0]) && !/^\d+$/.test(values[0])
  if (!zoneless) return column
  notes.push('time: the values name no zone; UTC is a guess')
  return { from: column, zone: 'UTC', ...(format === undefined ? {} : { format }) }
}

function idsSetting(rows: readonly NativeRow[], column: string): unknown {
  const texts = valuesOf(rows, column)
  const split = [';', ',', '|'].find((sign) => texts.some((text) => text.includes(sign)))
  return split === undefined || texts.some((text) => text.startsWith('[')) ? column : { from: column, split }
}
