import type { Calibration } from './calibration.ts'
import { ROLE_PRIOR_DAYS } from './role-calibration.ts'

/** What a role's cut rests on: what is assumed, the tenant's own history, or mostly the role's. */
export const CALIBRATION_BASES = ['prior', 'tenant', 'own'] as const
export type CalibrationBasis = (typeof CALIBRATION_BASES)[number]

/** From as many person-days on as the tenant's history weighs, the role's own weighs more. */
export const basisOf = ({ riskDays }: Pick<Calibration, 'riskDays'>): CalibrationBasis =>
  riskDays.own >= ROLE_PRIOR_DAYS ? 'own' : riskDays.tenant > 0 ? 'tenant' : 'prior'
