const FIRST_SIZE = 1 << 10

/** Which address stands behind each origin: origins are many, since sessions are, and addresses few. */
export interface AddressCodes {
  /** Takes the address of the next origin code. */
  add(address: string | null): void
  /** The address's code; -1 when the origin has none. */
  of(origin: number): number
}

export function createAddressCodes(): AddressCodes {
  const codes = new Map<string, number>()
  let ofOrigin = new Int32Array(FIRST_SIZE)
  let size = 0
  return {
    add(address) {
      if (size === ofOrigin.length) {
        const grown = new Int32Array(size * 2)
        grown.set(ofOrigin)
        ofOrigin = grown
      }
      let code = -1
      if (address !== null) {
        code = codes.get(address) ?? codes.size
        codes.set(address, code)
      }
      ofOrigin[size++] = code
    },
    of: (origin) => (origin < size ? ofOrigin[origin] : -1),
  }
}
