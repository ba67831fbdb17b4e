import type { Language } from '../model/language.ts'
import type { Catalogue, DetectorId } from './catalogue.ts'
import { english } from './en/catalogue.ts'
import { dutch } from './nl/catalogue.ts'
import { russian } from './ru/catalogue.ts'

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: english, nl: dutch, ru: russian }

export const catalogueOf = (language: Language): Catalogue => CATALOGUES[language]

/** A detector's title; of one that this version does not know its id. */
export const detectorTitle = ({ detectors }: Catalogue, id: string): string =>
  isDetector(detectors.titles, id) ? detectors.titles[id] : id

/** What to do first about an alert, by its leading detector; the general step for custom rules. */
export const firstStepOf = ({ detectors }: Catalogue, id: string): string =>
  isDetector(detectors.firstSteps, id) ? detectors.firstSteps[id] : detectors.generalStep

const isDetector = (words: Readonly<Record<DetectorId, string>>, id: string): id is DetectorId =>
  Object.hasOwn(words, id)
