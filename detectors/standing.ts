import type { Standing } from '../model/finding-facts.ts'
import type { Activity } from './detector.ts'

/** How the person stands, as sentences say it. */
export function standingOf({ actor }: Activity): Standing {
  const { staff, role, leaver } = actor
  return {
    role,
    leaver,
    notice_on: leaver === 'none' ? null : (staff?.notice_on ?? null),
    last_working_day: leaver === 'none' ? null : (staff?.last_working_day ?? null),
  }
}
