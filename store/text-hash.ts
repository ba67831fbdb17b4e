/**
 * A 64-bit fingerprint of texts, in two 32-bit lanes: two multiply-xor walks over the UTF-16 code units with different
 * odd multipliers, finished as in MurmurHash3. Not secret and not for security: it stands for a text inside one store,
 * where among ten million texts two are alike with a chance of 3 in a million.
 */
export interface TextHash {
  /** Begins anew. */
  start(): TextHash
  /** As start() and field(prefix), which is remembered from one call to the next. */
  startWith(prefix: string): TextHash
  /** Takes one field; null differs from the empty text, and fields do not run together. */
  field(text: string | null): TextHash
  /** As field() of the text that stands between two places as ASCII, without making it. */
  ascii(bytes: Uint8Array, from: number, to: number): TextHash
  /** The lanes, as signed 32-bit integers. */
  lo(): number
  hi(): number
}

export function createTextHash(): TextHash {
  let a = 0
  let b = 0
  let prefix: string | null = null
  let prefixA = 0
  let prefixB = 0
  /** Lets the next field begin anew. */
  const endField = (length: number): TextHash => {
    a = Math.imul(a ^ (length + 0x10000), 0x85ebca6b)
    b = Math.imul(b ^ (length + 0x20000), 0xc2b2ae35)
    a ^= b >>> 13
    return hash
  }
  const hash: TextHash = {
    start() {
      a = 0x9e3779b9 | 0
      b = 0x7f4a7c15 | 0
      return hash
    },
    startWith(text) {
      if (text !== prefix) {
        hash.start().field(text)
        prefix = text
        prefixA = a
        prefixB = b
      }
      a = prefixA
      b = prefixB
      return hash
    },
    field(text) {
      if (text === null) return endField(-1)
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i)
        a = Math.imul(a ^ unit, 0x01000193)
        b = Math.imul(b ^ unit, 0x5bd1e995)
        b ^= b >>> 15
      }
      return endField(text.length)
    },
    ascii(bytes, from, to) {
      // Locals: a and b outlive the call, and the walk would write them to memory at every byte.
      let x = a
      let y = b
      for (let at = from; at < to; at++) {
        const byte = bytes[at]
        x = Math.imul(x ^ byte, 0x01000193)
        y = Math.imul(y ^ byte, 0x5bd1e995)
        y ^= y >>> 15
      }
      a = x
      b = y
      return endField(to - from)
    },
    lo: () => finish(a, b),
    hi: () => finish(b ^ 0x2545f491, a),
  }
  return hash
}

function finish(x: number, y: number): number {
  let h = x ^ Math.imul(y, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}

/** Whether the text stands between two places as ASCII. */
export function isAscii(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
