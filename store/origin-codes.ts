const FIRST_SIZE = 1 << 10

/** Which text, such as an address, stands behind each origin: origins are many, since sessions are, and such texts few. */
export interface OriginCodes {
  /** Takes the text of the next origin code. */
  add(text: string | null): void
  /** The text's code; -1 when the origin has none. */
  of(origin: number): number
}

export function createOriginCodes(): OriginCodes {
  const codes = new Map<string, number>()
  let ofOrigin = new Int32Array(FIRST_SIZE)
  let size = 0
  return {
    add(text) {
      if (size === ofOrigin.length) {
        const grown = new Int32Array(size * 2)
        grown.set(ofOrigin)
        ofOrigin = grown
      }
      let code = -1
      if (text !== null) {
        code = codes.get(text) ?? codes.size
        codes.set(text, code)
      }
      ofOrigin[size++] = code
    },
    of: (origin) => (origin < size ? ofOrigin[origin] : -1),
  }
}
