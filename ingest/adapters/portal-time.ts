import { cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'

/** What Microsoft's portals add to the name of a column of times in the CSV files that they export: ` [UTC]`. */
export const ZONE_IN_NAME = /\s*\[[^\]]*\]?$/

const MONTH_FIRST =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? +(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: *([AaPp])[Mm])?$/

/** Epoch ms of a time as those files write it, month first and in UTC: `11/23/2026, 10:15:30.123 AM`; else NaN. */
export function portalTime(value: unknown): number {
  const found = MONTH_FIRST.exec((cleanText(value) ?? '').slice(0, 64))
  if (found === null) return Number.NaN
  const [, month, day, year, hour, minute, second = '00', fraction = '0', half] = found
  const hours = half === undefined ? +hour : (+hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  const two = (part: string | number) => String(part).padStart(2, '0')
  return cleanTime(`${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}.${fraction}Z`)
}
