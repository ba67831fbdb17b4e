import { stringify } from 'yaml'
import { actOf, objectOf, wordsOf } from '../act-words.ts'
import type { NativeRow } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { fieldAt } from '../field-at.ts'
import { isTime, proposeTime } from './propose-time.ts'

/** What a column has to be called, most telling first, and how its values look. */
interface Wish {
  readonly names: readonly RegExp[]
  readonly fits: (value: unknown) => boolean
}

const isWord = (value: unknown): boolean => (cleanText(value)?.length ?? 99) <= 60
const isCount = (value: unknown): boolean => cleanCount(value) !== null
const isAny = (value: unknown): boolean => cleanText(value) !== null

const WISHES = {
  time: {
    names: [
      /\b(timestamp|time|date ?time|occurred|event time|tijd|tijdstip|datum ?tijd|uhrzeit|zeit|zeitpunkt|zeitstempel)\b|когда|врем/,
      /\b(created|date|at|logged|on|datum)\b|дата/,
      /./,
    ],
    fits: (value) => isTime(value) && !(typeof value === 'number' && value < 1e9),
  },
  actor: {
    names: [
      /\b(user|actor|employee|staff|operator|performed by|done by|who|medewerker|gebruiker|benutzer|mitarbeiter)\b.*\b(id|uid|key|nummer|nr)\b/,
      /\b(medewerkernummer|personeelsnummer|mitarbeiternummer|personalnummer)\b/,
      /\b(user|actor|employee|staff|operator|performed by|done by|created by|modified by|login|who|by)\b|кто|пользоват|сотрудник|автор|логин/,
      /\b(medewerker|gebruiker|gebruikersnaam|benutzer|benutzername|mitarbeiter|anwender|bearbeiter)\b/,
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
      /^(actie|handeling|activiteit|gebeurtenis|aktion|aktivität|vorgang|ereignis)$/,
      /\b(action|activity|operation|event|verb|type)\b/,
    ],
    fits: (value) => isWord(value) && !isTime(value),
  },
  object: {
    names: [
      /\b(object|entity|module|record|resource|target|item|table)\b.*\b(type|name|kind)\b|^(object|entity|module|resource|table|section)$|объект|раздел|сущност/,
      /^(onderdeel|objekt|objekttyp|bereich)$/,
      /\b(object|entity|module)\b/,
    ],
    fits: (value) => isWord(value) && !isTime(value) && !/^\d+$/.test(cleanText(value) ?? ''),
  },
  objects: {
    names: [
      /\b(object|entity|record|resource|target|item|contact|client|customer|lead|deal)\b.*\b(id|ids|uid|uids)\b/,
      /\bids\b/,
      /\b(klant|kunde|kunden)\b.*\b(id|nummer|nr)\b|\b(klantnummer|klantnr|kundennummer|kundennr)\b|(номер|код|id) клиент|клиент\S* (номер|код|id)/,
    ],
    fits: isAny,
  },
  customer: {
    names: [/^(client|customer|contact|klant|kunde|клиент)$/],
    // Such a column may as well hold names, which are no ids.
    fits: (value) => /\d/.test(cleanText(value) ?? ''),
  },
  count: {
    names: [
      /\b(count|rows|row count|records|quantity|number of|total|exported|affected|aantal|anzahl)\b|количеств|кол во|записей|строк/,
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

/** Proposes a mapping by the columns' names and values of some rows, `isAll` when the log has no more of them. */
export function proposeMapping(rows: readonly NativeRow[], isAll: boolean): Proposal {
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
    'customer',
    'count',
    'ip',
    'user_agent',
    'session',
    'actor',
    'actor_name',
    'action',
    'object',
  ] as const) {
    if (setting === 'customer' && found.has('objects')) continue
    const column = pick(WISHES[setting])
    if (column !== null) found.set(setting, column)
  }
  const mapping: Record<string, unknown> = { product: 'my-crm' }
  const missing: string[] = []
  const notes: string[] = [`rows: ${isAll ? 'all' : 'the first'} ${rows.length.toLocaleString('en')} were read`]

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
      // A word that comes later in the log may be the one that matters.
      otherwise: 'guess',
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
      otherwise: 'guess',
    }
  }
  const ids = found.get('objects') ?? found.get('customer')
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
  const { formats, notes: doubts } = proposeTime(values)
  const zoneless =
    typeof values[0] === 'string' &&
    !/(Z|:\d{2}(?:[.,]\d+)? ?[+-]\d{2}:?\d{2}|UTC|GMT)$/i.test(values[0]) &&
    !/^\d+$/.test(values[0])
  if (!zoneless) return column
  notes.push('time: the values name no zone; UTC is a guess', ...doubts)
  const format = formats.length > 1 ? formats : formats[0]
  return { from: column, zone: 'UTC', ...(format === undefined ? {} : { format }) }
}

function idsSetting(rows: readonly NativeRow[], column: string): unknown {
  const texts = valuesOf(rows, column)
  const split = [';', ',', '|'].find((sign) => texts.some((text) => text.includes(sign)))
  return split === undefined || texts.some((text) => text.startsWith('[')) ? column : { from: column, split }
}
