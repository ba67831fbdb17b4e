import { clipText } from '../../model/clip-text.ts'
import type { Database } from '../../store/database.ts'
import {
  addSourceHours,
  addSourceRows,
  addUnmapped,
  knownSourceWords,
  type SourceHourRow,
  type SourceOutcomeName,
  type SourceRowsRow,
  type UnmappedRow,
} from '../../store/source-records.ts'
import type { SourceTally } from './source-tally.ts'

export const SOURCE_LIMITS = {
  /** Types of ignored rows told apart per source; the others are counted together. */
  ignoredTypes: 500,
  /** Characters kept of a type. */
  typeLength: 80,
  /** Unmapped users kept per source; later ones go unreported. */
  unmappedUsers: 10_000,
} as const

export const OTHER_TYPES = '(others)'
export const HOUR_MS = 3_600_000

/** Writes tallies in the transaction of their events, bounding what a source can make the store hold. */
export interface TallyWriter {
  write(connection: Database['writer'], tallies: readonly SourceTally[]): Promise<void>
}

export async function openTallyWriter(db: Database): Promise<TallyWriter> {
  const types = new Map<string, Set<string>>()
  const users = new Map<string, Set<string>>()
  const known = await knownSourceWords(db)
  for (const { source, word } of known.words) setOf(types, source).add(word)
  for (const { source, native_uid } of known.users) setOf(users, source).add(native_uid)

  const typeOf = (source: string, word: string): string => {
    const seen = setOf(types, source)
    const type = clipText(word, SOURCE_LIMITS.typeLength)
    if (!seen.has(type) && seen.size >= SOURCE_LIMITS.ignoredTypes) return OTHER_TYPES
    seen.add(type)
    return type
  }

  return {
    async write(connection, tallies) {
      if (tallies.length === 0) return
      const rows = new Map<string, { -readonly [Field in keyof SourceRowsRow]: SourceRowsRow[Field] }>()
      const hours = new Map<string, { -readonly [Field in keyof SourceHourRow]: SourceHourRow[Field] }>()
      const unmapped = new Map<string, { -readonly [Field in keyof UnmappedRow]: UnmappedRow[Field] }>()
      const add = (source: string, outcome: SourceOutcomeName, word: string, n: number) => {
        if (n === 0) return
        const key = JSON.stringify([source, outcome, word])
        const row = rows.get(key) ?? { source, outcome, word, rows: 0 }
        row.rows += n
        rows.set(key, row)
      }
      for (const tally of tallies) {
        const { source, arrivedAt, newestEvent } = tally
        add(source, 'accepted', '', tally.accepted)
        add(source, 'duplicate', '', tally.duplicates)
        for (const [word, n] of tally.ignored) add(source, 'ignored', typeOf(source, word), n)
        for (const [reason, n] of tally.rejected) add(source, 'rejected', reason, n)
        if (tally.records > 0) {
          const hour = Math.floor(arrivedAt / HOUR_MS)
          const key = JSON.stringify([source, hour])
          const at = hours.get(key) ?? { source, hour, rows: 0, last_arrival: arrivedAt, newest_event: null }
          at.rows += tally.records
          at.last_arrival = Math.max(at.last_arrival, arrivedAt)
          if (newestEvent !== null) at.newest_event = Math.max(at.newest_event ?? newestEvent, newestEvent)
          hours.set(key, at)
        }
        const seen = setOf(users, source)
        for (const [native_uid, n] of tally.unmapped) {
          if (!seen.has(native_uid) && seen.size >= SOURCE_LIMITS.unmappedUsers) continue
          seen.add(native_uid)
          const key = JSON.stringify([source, native_uid])
          const row = unmapped.get(key) ?? { source, native_uid, rows: 0, first_seen: arrivedAt, last_seen: arrivedAt }
          row.rows += n
          row.last_seen = Math.max(row.last_seen, arrivedAt)
          unmapped.set(key, row)
        }
      }
      await addSourceRows(connection, [...rows.values()])
      await addSourceHours(connection, [...hours.values()])
      await addUnmapped(connection, [...unmapped.values()])
    },
  }
}

function setOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  const set = sets.get(name) ?? new Set()
  sets.set(name, set)
  return set
}
