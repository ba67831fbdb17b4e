import type { Mark } from '../../fixtures/evaluation/mark.ts'
import type { Employee, Truth } from '../../fixtures/evaluation/truth.ts'
import type { StaffRecord } from '../../model/staff.ts'
import type { LabelsFile } from './labels-file.ts'

/** A data set ready to be folded: its events are in the store in `dir`. */
export interface Dataset {
  readonly name: string
  readonly dir: string
  readonly timeZone: string
  readonly events: number
  readonly staff: readonly StaffRecord[]
  readonly truth: Truth
  /** Contacts planted in the base, as the product's settings would name them. */
  readonly planted: readonly string[]
  readonly fixedLimit: readonly Mark[]
  readonly ownScore: readonly Mark[]
}

const DAY_MS = 86_400_000

/** Who worked there, by the newest record of each actor. */
export function employeesOf(staff: readonly StaffRecord[]): Map<string, Employee> {
  const employees = new Map<string, Employee>()
  for (const record of [...staff].sort((a, b) => a.recorded_at - b.recorded_at)) {
    const known = employees.get(record.actor_uid)
    employees.set(record.actor_uid, {
      uid: record.actor_uid,
      role: record.role ?? known?.role ?? 'unknown',
      person: record.actor_type === 'user',
      hiredAt: record.hired_on === null ? (known?.hiredAt ?? null) : Date.parse(record.hired_on),
      leftAt: record.last_working_day === null ? null : Date.parse(record.last_working_day) + DAY_MS,
    })
  }
  return employees
}

/** Where judging begins: as the labels say, else after the warm-up, which takes two fifths of short data sets. */
export function judgedFrom(
  labels: LabelsFile,
  span: { readonly from: number; readonly to: number },
  warmUpWeeks: number | null,
): number {
  if (warmUpWeeks !== null) return span.from + warmUpWeeks * 7 * DAY_MS
  return labels.scoredFrom ?? span.from + Math.min(56 * DAY_MS, 0.4 * (span.to - span.from))
}

/** Why a data set of which judging begins at `from` has nothing to judge; null when it has. Epoch ms. */
export function whyNotJudged(
  from: number,
  span: { readonly from: number; readonly to: number },
  warmUpWeeks: number | null,
): string | null {
  if (from <= span.to) return null
  if (warmUpWeeks === null) {
    const iso = (time: number) => new Date(time).toISOString()
    return `scored_from ${iso(from)} leaves nothing to judge, for the last event is of ${iso(span.to)}`
  }
  const weeks = (span.to - span.from) / (7 * DAY_MS)
  return `--warm-up-weeks ${warmUpWeeks} leaves nothing to judge, for its events span ${weeks.toFixed(1)} weeks`
}
