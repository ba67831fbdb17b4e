/** Timers that can all be called off at once. */
export interface Timers {
  later(ms: number, callback: () => void): void
  stop(): void
}

export function createTimers(after: (ms: number, callback: () => void) => () => void): Timers {
  const running = new Set<() => void>()
  return {
    later(ms, callback) {
      const cancel = after(ms, () => {
        running.delete(cancel)
        callback()
      })
      running.add(cancel)
    },
    stop() {
      for (const cancel of running) cancel()
    },
  }
}
