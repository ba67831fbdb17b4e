import type { StaffRecord } from '../../model/staff.ts'

/**
 * Of a file that is read again and again the records that are new: not those that are `known` already (all that is,
 * oldest first), nor what it says without a date, and so as of `undatedAt` (epoch ms), that held by then anyway.
 */
export function newsOf(
  records: readonly StaffRecord[],
  known: readonly StaffRecord[],
  undatedAt: number,
): StaffRecord[] {
  const stored = new Set(known.map((record) => JSON.stringify(record)))
  const holding = new Map<string, string>()
  const hold = (record: StaffRecord) => holding.set(personOf(record), sayingOf(record))
  for (const record of known) if (record.recorded_at <= undatedAt) hold(record)
  return records.filter((record) => {
    if (stored.has(JSON.stringify(record))) return false
    if (record.recorded_at !== undatedAt) return true
    if (holding.get(personOf(record)) === sayingOf(record)) return false
    hold(record)
    return true
  })
}

const personOf = ({ org_uid, actor_uid }: StaffRecord): string => `${org_uid}\u0000${actor_uid}`

/** All but when it was recorded. */
const sayingOf = ({ recorded_at: _, ...saying }: StaffRecord): string => JSON.stringify(saying)
