import { translateAlert } from '../alerts/translate-alert.ts'
import type { Catalogue } from '../messages/catalogue.ts'
import { presentAlert } from './present.ts'
import type { AlertView } from './schemas.ts'
import type { AlertService, AlertState } from './services.ts'

/**
 * Alerts as answers hold them, kept until they change: whoever watches a list asks for the same page every few seconds,
 * and reading, translating and writing an alert of some findings costs a fifth of a millisecond.
 */
export interface ShownAlerts {
  /** The JSON of each alert in turn, without those that are no longer there. */
  show(alerts: readonly AlertState[], words: Catalogue, write: (alert: AlertView) => string): Promise<Buffer[]>
}

interface Shown {
  readonly state: string
  readonly json: Buffer
}

/** So many are read at once: others have their turn in between, and little is in memory in every form. */
const AT_ONCE = 20

/** `mostBytes`: of JSON that is kept; what was asked for longest ago goes first. */
export function createShownAlerts({ read }: Pick<AlertService, 'read'>, mostBytes: number): ShownAlerts {
  const kept = new Map<string, Shown>()
  let bytes = 0

  function drop(key: string): void {
    bytes -= kept.get(key)?.json.length ?? 0
    kept.delete(key)
  }

  function keep(key: string, shown: Shown): void {
    drop(key)
    kept.set(key, shown)
    bytes += shown.json.length
    for (const oldest of kept.keys()) {
      if (bytes <= mostBytes) break
      drop(oldest)
    }
  }

  return {
    async show(alerts, words, write) {
      const keyOf = (uid: string) => `${words.language} ${uid}`
      const shown = new Map<string, Buffer>()
      for (const { alert_uid, state } of alerts) {
        const known = kept.get(keyOf(alert_uid))
        if (known?.state !== state) continue
        shown.set(alert_uid, known.json)
        keep(keyOf(alert_uid), known)
      }
      const missing = alerts.filter(({ alert_uid }) => !shown.has(alert_uid))
      for (let from = 0; from < missing.length; from += AT_ONCE) {
        const uids = missing.slice(from, from + AT_ONCE).map(({ alert_uid }) => alert_uid)
        for (const { state, alert } of await read(uids)) {
          const json = Buffer.from(write(presentAlert(translateAlert(alert, words), words)))
          shown.set(alert.alert_uid, json)
          keep(keyOf(alert.alert_uid), { state, json })
        }
      }
      return alerts.flatMap(({ alert_uid }) => shown.get(alert_uid) ?? [])
    },
  }
}

/** A page of what is JSON already. */
export function pageOfJson(items: readonly Buffer[], nextCursor: string | null): Buffer {
  const parts = items.flatMap((item, i) => (i === 0 ? [item] : [COMMA, item]))
  return Buffer.concat([HEAD, ...parts, Buffer.from(`],"next_cursor":${JSON.stringify(nextCursor)}}`)])
}

const HEAD = Buffer.from('{"items":[')
const COMMA = Buffer.from(',')
