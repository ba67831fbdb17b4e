import type { AlertStream, AlertStreamEvent } from '../api/services.ts'
import type { Alert } from '../model/alert.ts'

/** Tells everybody who listens of alerts that are stored. */
export interface AlertBroadcast extends AlertStream {
  tell(type: AlertStreamEvent['type'], alert: Alert): void
}

export function createAlertBroadcast(): AlertBroadcast {
  const listeners = new Set<(event: AlertStreamEvent) => void>()
  let told = 0
  return {
    tell(type, alert) {
      const event = { type, id: ++told, alert }
      for (const listener of listeners) listener(event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
