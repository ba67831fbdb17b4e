import type { Core } from '../ingest/core.ts'

/** One person's risk, 0 to 100, on the day of `at`, epoch ms, with what the day that is open so far comes to. */
export const riskNow = ({ engine, risks, calendar }: Core, code: number, at: number): number =>
  risks.riskOf(code, calendar.dayOf(at), engine.openDay(code))
