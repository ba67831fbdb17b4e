import { EVENT_LIMITS } from '../../model/event.ts'
import { ABSENT, FALSE, type FlatObject, LIST, NULL, TEXT, TRUE, WHOLE } from './flat-object.ts'
import { wholeBetween } from './plain-json.ts'
import type { WordList } from './word-list.ts'

/** A value that has to be looked at by readCanonical. */
export const BAD = -1
/** A number that is not given. */
export const NOT_GIVEN = -2

/** Whether fields hold what they may, by the rules of readCanonical; null counts as not given, as there. */
export interface FieldChecks {
  isGiven(field: number): boolean
  /** Not even null. */
  areAbsent(fields: readonly number[]): boolean
  isUid(field: number): boolean
  areUidsOrAbsent(fields: readonly number[]): boolean
  areTextsOrAbsent(fields: readonly number[]): boolean
  areUidListsOrAbsent(fields: readonly number[]): boolean
  isTextListOrAbsent(field: number): boolean
  /** The number of the field's word; `otherwise` when not given; BAD. */
  word(bytes: Uint8Array, field: number, words: WordList, otherwise: number): number
  /** 1 for true, 0 for false; `otherwise` when not given; BAD. */
  flag(field: number, otherwise: number): number
  /** The number; NOT_GIVEN; BAD. */
  whole(bytes: Uint8Array, field: number): number
}

export function createFieldChecks({ type, from, to, items }: FlatObject): FieldChecks {
  const isGiven = (field: number): boolean => type[field] !== ABSENT && type[field] !== NULL

  const isLength = (length: number, shortest: number, longest: number): boolean =>
    length >= shortest && length <= longest

  const isText = (field: number, shortest: number, longest: number): boolean =>
    type[field] === TEXT && isLength(to[field] - from[field], shortest, longest)

  const isList = (field: number, shortest: number, longest: number): boolean => {
    if (type[field] !== LIST) return false
    for (let n = from[field]; n < to[field]; n++) {
      if (!isLength(items[2 * n + 1] - items[2 * n], shortest, longest)) return false
    }
    return true
  }

  const isUid = (field: number): boolean => isText(field, 1, EVENT_LIMITS.uidLength)

  return {
    isGiven,
    areAbsent(fields) {
      for (const field of fields) if (type[field] !== ABSENT) return false
      return true
    },
    isUid,
    areUidsOrAbsent(fields) {
      for (const field of fields) if (isGiven(field) && !isUid(field)) return false
      return true
    },
    areTextsOrAbsent(fields) {
      for (const field of fields) if (isGiven(field) && !isText(field, 0, EVENT_LIMITS.textLength)) return false
      return true
    },
    areUidListsOrAbsent(fields) {
      for (const field of fields) if (isGiven(field) && !isList(field, 1, EVENT_LIMITS.uidLength)) return false
      return true
    },
    isTextListOrAbsent: (field) => !isGiven(field) || isList(field, 0, EVENT_LIMITS.textLength),
    word(bytes, field, words, otherwise) {
      if (!isGiven(field)) return otherwise
      return type[field] === TEXT ? words.find(bytes, from[field], to[field]) : BAD
    },
    flag(field, otherwise) {
      if (!isGiven(field)) return otherwise
      return type[field] === TRUE ? 1 : type[field] === FALSE ? 0 : BAD
    },
    whole(bytes, field) {
      if (!isGiven(field)) return NOT_GIVEN
      return type[field] === WHOLE ? wholeBetween(bytes, from[field], to[field]) : BAD
    },
  }
}
