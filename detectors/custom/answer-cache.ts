/** Answers by code, in a fixed amount of memory: a newer code takes the place of an older one it collides with. */
export interface AnswerCache {
  /** Null when it is not known, or not any more. */
  get(code: number): boolean | null
  set(code: number, answer: boolean): void
}

const EMPTY = -2

export function createAnswerCache(slots = 4_096): AnswerCache {
  const codes = new Int32Array(slots).fill(EMPTY)
  const answers = new Uint8Array(slots)
  const slotOf = (code: number) => (code < 0 ? 0 : code % slots)
  return {
    get(code) {
      const slot = slotOf(code)
      return codes[slot] === code ? answers[slot] === 1 : null
    },
    set(code, answer) {
      const slot = slotOf(code)
      codes[slot] = code
      answers[slot] = answer ? 1 : 0
    },
  }
}
