import { type Static, Type } from 'typebox'

/** A time as the API gives it: RFC 3339 in UTC with milliseconds. */
export const DateTime = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' })
export type DateTime = Static<typeof DateTime>

/** A time as the API takes it. */
export const TimeInput = Type.Union([Type.String({ maxLength: 40 }), Type.Integer()], {
  description: 'RFC 3339 with its zone, such as 2026-03-02T09:00:00Z, or epoch milliseconds.',
})

/** What is said of a time that cannot be read. */
export const TIME_RULE = 'must be RFC 3339 with its zone, such as 2026-03-02T09:00:00Z, or epoch milliseconds'

/** The first and last instants that RFC 3339 can write. */
const MIN_MS = Date.parse('0000-01-01T00:00:00.000Z')
const MAX_MS = Date.parse('9999-12-31T23:59:59.999Z')
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/** Epoch ms as RFC 3339; what lies beyond its years is brought to their edge rather than thrown about. */
export function presentTime(ms: number): DateTime {
  return new Date(Math.min(MAX_MS, Math.max(MIN_MS, ms))).toISOString()
}

export const presentTimeOrNull = (ms: number | null): DateTime | null => (ms === null ? null : presentTime(ms))

/** Epoch ms of RFC 3339, or of epoch ms as digits or as a whole number; null for anything else. */
export function parseTime(given: string | number): number | null {
  const text = String(given)
  const ms = /^-?\d{1,15}$/.test(text) ? Number(text) : RFC3339.test(text) ? Date.parse(text) : Number.NaN
  return ms >= MIN_MS && ms <= MAX_MS ? ms : null
}
