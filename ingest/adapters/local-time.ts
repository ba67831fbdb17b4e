import { createZoneOffset } from '../../model/time-zone.ts'
import type { LocalTime } from './clean-time.ts'

const HOUR_MS = 3_600_000
const KEPT = 1_000

/** Reads wall-clock times of an IANA zone. A time that a clock change makes ambiguous is taken as the earlier one. */
export function createLocalTime(zone: string): LocalTime {
  const offsetAt = createZoneOffset(zone)
  /** Offsets by the hour: zones change theirs on quarter hours at the most, and the hours around are told apart. */
  const offsets = new Map<number, number | null>()
  const convert = (asIfUtc: number): number => {
    const before = asIfUtc - offsetAt(asIfUtc - 24 * HOUR_MS)
    if (before + offsetAt(before) === asIfUtc) return before
    return asIfUtc - offsetAt(before)
  }
  return (asIfUtc) => {
    if (Number.isNaN(asIfUtc)) return asIfUtc
    const hour = Math.floor(asIfUtc / HOUR_MS)
    let offset = offsets.get(hour)
    if (offset === undefined) {
      const first = hour * HOUR_MS - convert(hour * HOUR_MS)
      const last = (hour + 1) * HOUR_MS - 1 - convert((hour + 1) * HOUR_MS - 1)
      offset = first === last ? first : null
      if (offsets.size >= KEPT) offsets.clear()
      offsets.set(hour, offset)
    }
    return offset === null ? convert(asIfUtc) : asIfUtc - offset
  }
}
