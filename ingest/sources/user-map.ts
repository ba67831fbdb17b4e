import { parse } from 'csv-parse/sync'
import { EVENT_LIMITS } from '../../model/event.ts'
import { cleanText } from '../adapters/clean-text.ts'
import { guessDelimiter } from '../adapters/files/read-csv.ts'
import { recordId } from '../adapters/salesforce/record-id.ts'

/** Which staff member a user of the CRM is. */
export interface UserMap {
  /** The staff's actor_uid; null for a user the map does not know. One who is called as staff are is known. */
  staffOf(nativeUid: string): string | null
  readonly size: number
}

/** A user of the CRM and the staff member who it is. */
export interface MappedUser {
  readonly native_uid: string
  readonly actor_uid: string
}

/** Reasons name lines and columns, never what stands in them. */
export type UserMapResult =
  | { readonly ok: true; readonly map: UserMap; readonly users: readonly MappedUser[] }
  | { readonly ok: false; readonly reason: string }

export const USER_MAP_LIMITS = { bytes: 64 * 1024 * 1024, rows: 1_000_000 } as const
const COLUMNS = ['native_uid', 'actor_uid'] as const

/** Reads the CSV with the columns native_uid and actor_uid; further columns are passed over. */
export function parseUserMap(text: string): UserMapResult {
  const lines = cellsOf(text)
  if (lines === null) return refuse('the CSV cannot be taken apart')
  const [header, ...rows] = lines
  if (header === undefined) return refuse('the file is empty; its first line must name native_uid and actor_uid')
  const [native, actor] = COLUMNS.map((column) => header.findIndex((cell) => cell.toLowerCase() === column))
  if (native === -1 || actor === -1) return refuse(`the first line must name the columns ${COLUMNS.join(' and ')}`)
  if (rows.length > USER_MAP_LIMITS.rows) return refuse(`more than ${USER_MAP_LIMITS.rows} rows`)
  return readUsers(
    rows.map((cells) => ({ native_uid: cells[native] ?? '', actor_uid: cells[actor] ?? '' })),
    (index) => `line ${index + 2}`,
  )
}

/** As parseUserMap, of a list of objects with the two as fields, such as a JSON document is. */
export function readUserList(list: readonly unknown[]): UserMapResult {
  if (list.length > USER_MAP_LIMITS.rows) return refuse(`more than ${USER_MAP_LIMITS.rows} users`)
  const users = list.map((item) => {
    const fields: Readonly<Record<string, unknown>> = typeof item === 'object' && item !== null ? { ...item } : {}
    return { native_uid: cleanText(fields.native_uid) ?? '', actor_uid: cleanText(fields.actor_uid) ?? '' }
  })
  return readUsers(users, (index) => `user ${index + 1}`)
}

function readUsers(users: readonly MappedUser[], place: (index: number) => string): UserMapResult {
  const staff = new Map<string, string>()
  for (const [index, { native_uid, actor_uid }] of users.entries()) {
    if (!isUid(native_uid) || !isUid(actor_uid))
      return refuse(`${place(index)}: native_uid and actor_uid must have 1 to ${EVENT_LIMITS.uidLength} characters`)
    const key = keyOf(native_uid)
    const before = staff.get(key)
    if (before !== undefined && before !== actor_uid)
      return refuse(`${place(index)}: native_uid has another actor_uid further up`)
    staff.set(key, actor_uid)
  }
  const known = new Set(staff.values())
  const map: UserMap = {
    staffOf: (nativeUid) => staff.get(keyOf(nativeUid)) ?? (known.has(nativeUid) ? nativeUid : null),
    size: staff.size,
  }
  return { ok: true, map, users }
}

const refuse = (reason: string): UserMapResult => ({ ok: false, reason })
const isUid = (text: string): boolean => text !== '' && text.length <= EVENT_LIMITS.uidLength

function cellsOf(text: string): string[][] | null {
  try {
    const delimiter = guessDelimiter(text)
    return parse(text, { delimiter, bom: true, trim: true, skip_empty_lines: true, relax_column_count: true })
  } catch {
    return null
  }
}

const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

/**
 * One form for what is one user: addresses and GUIDs in small letters, Salesforce's user ids (`005...`) in 18 characters.
 * Other ids count as they are written, for in many systems case tells two apart.
 */
function keyOf(nativeUid: string): string {
  if (nativeUid.includes('@') || GUID.test(nativeUid)) return nativeUid.toLowerCase().replaceAll(/[{}]/g, '')
  return nativeUid.startsWith('005') ? (recordId(nativeUid) ?? nativeUid) : nativeUid
}
