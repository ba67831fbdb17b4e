/** Weeks of hours that a source's habit is read from. */
export const HABIT_WEEKS = 4
const WEEK_HOURS = 168
/** Longer silences are no longer counted: they say nothing more. */
const MOST_HOURS = WEEK_HOURS * HABIT_WEEKS

/**
 * For how many hours a source has been silent in which it usually delivers: whole hours since the last row that had rows
 * in at least three quarters of the weeks before. So neither nights nor week-ends count for a source that rests then.
 * `hours` are the hours of the wall clock, counted from 1970, in which rows came. Null while less than a week is known.
 */
export function silentHours(hours: ReadonlySet<number>, nowHour: number): number | null {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const hour of hours) {
    if (hour < first) first = hour
    if (hour > last) last = hour
  }
  if (last - first < WEEK_HOURS) return null
  let silent = 0
  // The hour that is not over yet may still bring rows.
  for (let hour = last + 1; hour < Math.min(nowHour, last + MOST_HOURS); hour++) {
    const weeks = [1, 2, 3, 4].map((n) => hour - n * WEEK_HOURS).filter((at) => at >= first)
    // What the silence itself covers says nothing of the habit.
    const heard = weeks.filter((at) => at <= last)
    const busy = heard.filter((at) => hours.has(at)).length
    if (heard.length > 0 && busy >= heard.length * 0.75) silent++
  }
  return silent
}
