/**
 * A keyed 64-bit fingerprint of texts, as two 32-bit lanes: it stands for a text inside one store. Tenants choose their
 * ids freely, so nobody without the key must find two that are alike: another tenant's event would be taken for one
 * that is known, another's record for one's own. By chance two of ten million are alike once in 370,000 stores.
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
  /** Ends; the lanes are known from then on. */
  end(): TextHash
  /** The lanes, as signed 32-bit integers. */
  readonly lo: number
  readonly hi: number
}

/** 64 secret bits, as two 32-bit integers. */
export interface HashKey {
  readonly lo: number
  readonly hi: number
}

const NULL_LENGTH = -1
/** Texts of up to a third of so many characters are written where others were; longer ones are rare. */
const SCRATCH_BYTES = 3 * 4096
const ZEROS = new Uint8Array(8)

/**
 * HalfSipHash-1-3 with 64 bits of key and of output (Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012; the
 * half for 32-bit machines is theirs too). A field is its UTF-8 in words of four bytes, the last one filled with zeros,
 * and a word for its length; read from the end, words can be told apart into fields in one way only.
 */
export function createTextHash({ lo: k0, hi: k1 }: HashKey): TextHash {
  let v0 = 0
  let v1 = 0
  let v2 = 0
  let v3 = 0
  const scratch = Buffer.allocUnsafe(SCRATCH_BYTES)
  let prefix: string | null = null
  const afterPrefix = new Int32Array(4)

  /** The state goes through locals: what outlives the call would be written to memory at every step. */
  const absorb = (bytes: Uint8Array, from: number, to: number, length: number): TextHash => {
    let [a, b, c, d] = [v0, v1, v2, v3]
    // One word more than the text has, for its length.
    for (let at = from, last = false; !last; at += 4) {
      last = at >= to
      const word = last
        ? length
        : bytes[at] |
          (at + 1 < to ? bytes[at + 1] << 8 : 0) |
          (at + 2 < to ? bytes[at + 2] << 16 : 0) |
          (at + 3 < to ? bytes[at + 3] << 24 : 0)
      d ^= word
      a = (a + b) | 0
      b = ((b << 5) | (b >>> 27)) ^ a
      a = (a << 16) | (a >>> 16)
      c = (c + d) | 0
      d = ((d << 8) | (d >>> 24)) ^ c
      a = (a + d) | 0
      d = ((d << 7) | (d >>> 25)) ^ a
      c = (c + b) | 0
      b = ((b << 13) | (b >>> 19)) ^ c
      c = (c << 16) | (c >>> 16)
      a ^= word
    }
    v0 = a
    v1 = b
    v2 = c
    v3 = d
    return hash
  }
  /** Two words and a length of 0 leave nothing but their rounds. */
  const threeRounds = () => absorb(ZEROS, 0, 8, 0)
  const hash = {
    lo: 0,
    hi: 0,
    start() {
      v0 = k0
      v1 = k1 ^ 0xee
      v2 = k0 ^ 0x6c796765
      v3 = k1 ^ 0x74656462
      return hash
    },
    startWith(text: string) {
      if (text !== prefix) {
        hash.start().field(text)
        prefix = text
        afterPrefix.set([v0, v1, v2, v3])
      }
      ;[v0, v1, v2, v3] = [afterPrefix[0], afterPrefix[1], afterPrefix[2], afterPrefix[3]]
      return hash
    },
    field(text: string | null) {
      if (text === null) return absorb(scratch, 0, 0, NULL_LENGTH)
      const bytes = text.length * 3 <= SCRATCH_BYTES ? scratch : Buffer.from(text)
      const length = bytes === scratch ? scratch.write(text) : bytes.length
      return absorb(bytes, 0, length, length)
    },
    ascii: (bytes: Uint8Array, from: number, to: number) => absorb(bytes, from, to, to - from),
    end() {
      v2 ^= 0xee
      threeRounds()
      hash.lo = v1 ^ v3
      v1 ^= 0xdd
      threeRounds()
      hash.hi = v1 ^ v3
      return hash
    },
  }
  return hash
}

/** Whether the text stands between two places as ASCII. */
export function isAscii(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
