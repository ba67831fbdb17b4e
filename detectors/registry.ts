import type { Detector } from './detector.ts'
import { afterHours } from './rules/after-hours.ts'
import { afterLeaving } from './rules/after-leaving.ts'
import { baseCoverage } from './rules/base-coverage.ts'
import { canary } from './rules/canary.ts'
import { collusion } from './rules/collusion.ts'
import { copyRatio } from './rules/copy-ratio.ts'
import { enumeration } from './rules/enumeration.ts'
import { firstExport } from './rules/first-export.ts'
import { foreignPortfolio } from './rules/foreign-portfolio.ts'
import { massCopy } from './rules/mass-copy.ts'
import { massExport } from './rules/mass-export.ts'
import { massView } from './rules/mass-view.ts'
import { misdirectedDisclosure } from './rules/misdirected-disclosure.ts'
import { sequence } from './rules/sequence.ts'
import { serviceToken } from './rules/service-token.ts'
import { sharedAccount } from './rules/shared-account.ts'
import { slowHarvest } from './rules/slow-harvest.ts'
import { unworkedViews } from './rules/unworked-views.ts'

/** A detector with the parameters it runs under, their type closed over. */
export interface BoundDetector {
  readonly id: string
  readonly title: string
  readonly triggers: ReturnType<Detector<never>['triggers']>
  readonly examine: (activity: Parameters<Detector<never>['examine']>[0]) => ReturnType<Detector<never>['examine']>
}

export const DETECTORS = [
  massView,
  massCopy,
  massExport,
  slowHarvest,
  afterLeaving,
  copyRatio,
  foreignPortfolio,
  afterHours,
  enumeration,
  serviceToken,
  unworkedViews,
  sharedAccount,
  canary,
  misdirectedDisclosure,
  baseCoverage,
  firstExport,
  sequence,
  collusion,
] as const

const BINDERS: { readonly [id: string]: (overrides: object) => BoundDetector } = {
  'mass-view': (overrides) => bindDetector(massView, overrides),
  'mass-copy': (overrides) => bindDetector(massCopy, overrides),
  'mass-export': (overrides) => bindDetector(massExport, overrides),
  'slow-harvest': (overrides) => bindDetector(slowHarvest, overrides),
  'after-leaving': (overrides) => bindDetector(afterLeaving, overrides),
  'copy-ratio': (overrides) => bindDetector(copyRatio, overrides),
  'foreign-portfolio': (overrides) => bindDetector(foreignPortfolio, overrides),
  enumeration: (overrides) => bindDetector(enumeration, overrides),
  'service-token': (overrides) => bindDetector(serviceToken, overrides),
  'misdirected-disclosure': (overrides) => bindDetector(misdirectedDisclosure, overrides),
  'shared-account': (overrides) => bindDetector(sharedAccount, overrides),
  canary: (overrides) => bindDetector(canary, overrides),
  'unworked-views': (overrides) => bindDetector(unworkedViews, overrides),
  'after-hours': (overrides) => bindDetector(afterHours, overrides),
  'base-coverage': (overrides) => bindDetector(baseCoverage, overrides),
  'first-export': (overrides) => bindDetector(firstExport, overrides),
  sequence: (overrides) => bindDetector(sequence, overrides),
  collusion: (overrides) => bindDetector(collusion, overrides),
}

/** Binds `detector` to its defaults with `overrides` laid over them. */
export function bindDetector<P extends object>(detector: Detector<P>, overrides: Partial<P> = {}): BoundDetector {
  const params = { ...detector.defaults, ...overrides }
  return {
    id: detector.id,
    title: detector.title,
    triggers: detector.triggers(params),
    examine: (activity) => detector.examine(activity, params),
  }
}

export interface DetectorSettings {
  readonly [id: string]: { readonly enabled: boolean; readonly params: Readonly<Record<string, unknown>> }
}

/** All detectors that `settings` does not switch off, with its parameters, already checked, over their defaults. */
export function bindDetectors(settings: DetectorSettings = {}): BoundDetector[] {
  return DETECTORS.filter(({ id }) => settings[id]?.enabled !== false).map(({ id }) =>
    BINDERS[id](settings[id]?.params ?? {}),
  )
}
