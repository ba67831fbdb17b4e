/** Whether the runtime knows the zone, an IANA name. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The same for settings, which take no mere offset such as `+01:00`. */
export const isNamedTimeZone = (zone: string): boolean => /^[A-Za-z]/.test(zone) && isTimeZone(zone)

/**
 * How far a zone's clocks are ahead of UTC at an instant, both in ms. Worked out anew at each call, which takes some
 * microseconds: who asks often keeps what it was told. Throws a RangeError for an unknown zone.
 */
export function createZoneOffset(zone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (timeMs) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(timeMs)) part[type] = Number(value)
    const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
    return local - Math.floor(timeMs / 1000) * 1000
  }
}
