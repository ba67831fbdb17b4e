import { nearest } from '../../config/nearest.ts'
import type { Config } from '../../config.ts'
import { DETECTORS, type DetectorSettings } from '../../detectors/registry.ts'
import { TESTS } from '../../detectors/risk/tests.ts'

export type OtherSettings =
  | { readonly ok: true; readonly detectors: DetectorSettings; readonly changes: readonly string[] }
  | { readonly ok: false; readonly message: string }

/** The detectors of a configuration with `ID=on|off` and `ID/TEST=N` laid over them, and what that changes in words. */
export function withChanges(
  config: Pick<Config, 'detectors'>,
  switches: Readonly<Record<string, string>>,
  floors: Readonly<Record<string, string>>,
): OtherSettings {
  const detectors: Record<string, DetectorSettings[string]> = { ...config.detectors }
  const changes: string[] = []
  const settingOf = (id: string) => detectors[id] ?? { enabled: true, params: {} }
  for (const [id, value] of Object.entries(switches)) {
    if (!isDetector(id)) return unknown('--detector', id)
    if (value !== 'on' && value !== 'off')
      return { ok: false, message: `--detector ${id} is on or off, not '${value}'` }
    detectors[id] = { ...settingOf(id), enabled: value === 'on' }
    changes.push(`${id} ${value}`)
  }
  for (const [path, value] of Object.entries(floors)) {
    const [id, test, ...rest] = path.split('/')
    if (!isDetector(id)) return unknown('--floor', id)
    const known = floorsOf(id)
    if (test === undefined || rest.length > 0 || !Object.hasOwn(known, test)) {
      return { ok: false, message: `--floor takes ${id}/TEST=N with TEST one of ${Object.keys(known).join(', ')}` }
    }
    const floor = Number(value)
    if (!/^\d+$/.test(value) || floor < 1 || floor > MOST)
      return { ok: false, message: `--floor ${path} takes a whole number from 1 to ${MOST}, not '${value}'` }
    const { enabled, params } = settingOf(id)
    const before = typeof params.floors === 'object' && params.floors !== null ? params.floors : known
    detectors[id] = { enabled, params: { ...params, floors: { ...before, [test]: floor } } }
    changes.push(`floor of ${id} ${test} ${value}`)
  }
  return { ok: true, detectors, changes }
}

const MOST = 1_000_000_000

const isDetector = (id: string): boolean => DETECTORS.some((detector) => detector.id === id)

function unknown(option: string, id: string): OtherSettings {
  const near = nearest(id, new Set(DETECTORS.map((detector) => detector.id)))
  return {
    ok: false,
    message: `${option}: there is no detector '${id}'${near === null ? '' : `; did you mean '${near}'?`}`,
  }
}

/** The detector's floors by test, as it has them by default; none for one that asks no tests. */
function floorsOf(id: string): Readonly<Record<string, number>> {
  const defaults: object = DETECTORS.find((detector) => detector.id === id)?.defaults ?? {}
  const floors = 'floors' in defaults && typeof defaults.floors === 'object' ? defaults.floors : {}
  const entries = Object.entries(floors ?? {}).filter(([test]) => TESTS.some((one) => one.id === test))
  return Object.fromEntries(entries.map(([test, floor]) => [test, Number(floor)]))
}
