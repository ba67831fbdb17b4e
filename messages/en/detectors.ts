import { DETECTORS } from '../../detectors/registry.ts'
import { firstStep, GENERAL_STEP } from '../../detectors/runbooks.ts'
import type { Catalogue, DetectorId } from '../catalogue.ts'

const ofEach = (say: (detector: (typeof DETECTORS)[number]) => string) =>
  // One entry per detector, by construction.
  Object.fromEntries(DETECTORS.map((detector) => [detector.id, say(detector)])) as Record<DetectorId, string>

/** The rules' own titles and the runbooks of the documents, which are in English. */
export const detectors: Catalogue['detectors'] = {
  titles: ofEach(({ title }) => title),
  firstSteps: ofEach(({ id }) => firstStep(id)),
  generalStep: GENERAL_STEP,
}
