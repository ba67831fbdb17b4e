import { Value } from 'typebox/value'
import { DETECTORS, type DetectorSettings } from './registry.ts'

/** One thing wrong with the detectors' settings; `path` starts below the detector. */
export interface SettingsProblem {
  readonly id: string
  readonly path: string
  readonly found: string
  readonly allowed: string
}

/** Checks detectors' settings against their own schemas: unknown ids, unknown parameters, values out of bounds. */
export function checkDetectors(settings: DetectorSettings): SettingsProblem[] {
  const problems: SettingsProblem[] = []
  for (const [id, { params }] of Object.entries(settings)) {
    const detector = DETECTORS.find((one) => one.id === id)
    if (detector === undefined) {
      problems.push({ id, path: '', found: 'no such detector', allowed: DETECTORS.map((one) => one.id).join(', ') })
      continue
    }
    const names = Object.keys(detector.params.properties)
    for (const [name, value] of Object.entries(params)) {
      const schema = detector.params.properties[name as keyof typeof detector.params.properties]
      if (schema === undefined) {
        problems.push({ id, path: `params.${name}`, found: 'no such parameter', allowed: names.join(', ') })
        continue
      }
      for (const error of Value.Errors(schema, value)) {
        const path = `params.${name}${error.instancePath.replaceAll('/', '.')}`
        problems.push({ id, path, found: 'a value that is not allowed', allowed: error.message })
      }
    }
  }
  return problems
}
