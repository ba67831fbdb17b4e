/** False alerts per 1,000 employees and week. */
export interface AlertBudget {
  readonly ordinary: number
  readonly leaver: number
}

/** Risk from which an alert opens, for leavers and all others. */
export interface RiskCuts {
  readonly ordinary: number
  readonly leaver: number
}

/** What scores mean for a role on one day. */
export interface Calibration {
  /** A test's surprise as -log10 of the share of the role's person-days that reach it; 0 of what says nothing, however few did. */
  calibrated(test: number, surprise: number): number
  /** log10 of how many alerts a person-day opens when alerts open at `risk`. */
  logRate(risk: number, leaver: boolean): number
  readonly cuts: RiskCuts
  /** The cuts that another budget would give. */
  cutsAt(budget: AlertBudget): RiskCuts
  /** Person-days behind it. */
  readonly days: number
  /** Whether the tenant's own days say what is rare, not only what is assumed. */
  readonly isKnown: boolean
  /** Person-days, faded by age, whose risk the cuts rest on: the role's own and the tenant's. */
  readonly riskDays: { readonly own: number; readonly tenant: number }
}
