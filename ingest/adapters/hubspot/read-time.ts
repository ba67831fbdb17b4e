import { cleanText } from '../clean-text.ts'
import { cleanTime, type LocalTime, UTC } from '../clean-time.ts'
import { createTimeFormat } from '../mapped/time-format.ts'

export type ReadTime = (value: unknown) => number

/** Forms that exported files take by the language of the person who exports. */
const FORMATS = [
  ...['MMM D, YYYY h:mm:ss A', 'MMM D, YYYY h:mm A', 'MMM D, YYYY, h:mm A', 'MMM D, YYYY at h:mm A', 'MMM D, YYYY'],
  ...['M/D/YYYY h:mm:ss A', 'M/D/YYYY h:mm A', 'M/D/YYYY, h:mm:ss A', 'M/D/YYYY H:mm', 'YYYY-MM-DD h:mm:ss A'],
  'YYYY-MM-DD h:mm A',
]
/** Zones by the letters that North American and European exports add, in hours. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, Z: 0, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
  ...{ WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3 },
}

/** Reads times of the API and of exported files; those that name no zone are in that of `local`. */
export function createTimeReader(local: LocalTime): ReadTime {
  const inLocal = FORMATS.map((format) => createTimeFormat(format, local))
  const inUtc = FORMATS.map((format) => createTimeFormat(format, UTC))
  return (value) => {
    const text = cleanText(value)
    if (text === null || text.length > 60) return Number.NaN
    const zoned = /^(.*\d.*?) *\(?\b([A-Z]{3,4})\)?$/.exec(text)
    const hours = zoned !== null && Object.hasOwn(ZONES, zoned[2]) ? ZONES[zoned[2]] : null
    if (zoned === null || hours === null)
      return firstTime([cleanTime(text, local), ...inLocal.map((read) => read(text))])
    const bare = zoned[1]
    return firstTime([cleanTime(bare, UTC), ...inUtc.map((read) => read(bare))]) - hours * 3_600_000
  }
}

const firstTime = (times: readonly number[]): number => times.find((time) => !Number.isNaN(time)) ?? Number.NaN
