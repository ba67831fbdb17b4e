import { standsAt, toAscii } from './plain-json.ts'

/** Which of a few known words stands in a message. */
export interface WordList {
  /** Number of the word that is the text between `from` and `to`, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number
}

export function createWordList(words: readonly string[]): WordList {
  const spelled = words.map(toAscii)
  return {
    find(bytes, from, to) {
      const length = to - from
      for (let i = 0; i < spelled.length; i++) {
        if (spelled[i].length === length && standsAt(bytes, from, spelled[i])) return i
      }
      return -1
    },
  }
}
