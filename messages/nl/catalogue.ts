import type { Catalogue } from '../catalogue.ts'
import { detectors } from './detectors.ts'
import { measures } from './measures.ts'
import { phrases } from './phrases.ts'

export const dutch: Catalogue = { ...phrases, measures, detectors }
