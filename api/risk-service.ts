import type { LeaverState } from '../model/staff.ts'
import type { Page } from '../store/cursor.ts'

export interface RiskFilter {
  readonly org?: string
  readonly role?: string
  readonly team?: string
  /** In notice or gone; false: neither. */
  readonly leaver?: boolean
  /** Least risk. */
  readonly min?: number
}

export interface RiskRow {
  readonly actor_uid: string
  readonly org_uid: string
  readonly name: string | null
  readonly role: string | null
  readonly team: string | null
  readonly leaver: LeaverState
  /** 0 to 100. */
  readonly risk: number
  readonly open_alerts: number
  /** Epoch ms. */
  readonly last_seen: number | null
}

/** One day of a person: its own score, the risk at its end, and whose findings it has. */
export interface RiskDay {
  /** YYYY-MM-DD. */
  readonly day: string
  readonly score: number
  readonly risk: number
  readonly detectors: readonly string[]
}

export interface RiskHistory {
  readonly actor_uid: string
  readonly org_uid: string
  readonly risk: number
  readonly days: readonly RiskDay[]
}

export interface RiskService {
  /** Highest first. Throws InvalidCursor for a cursor it did not give out. */
  list(filter: RiskFilter, cursor: string | null, limit: number): Promise<Page<RiskRow>>
  history(org: string, actor: string, days: number): Promise<RiskHistory | null>
}

export const RISK_BANDS = ['under_20', '20_to_39', '40_to_59', '60_to_79', '80_or_more'] as const
export type RiskBand = (typeof RISK_BANDS)[number]
