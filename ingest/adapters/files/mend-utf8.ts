import { isUtf8 } from 'node:buffer'

/** What the bytes from 0x80 on are in windows-1252. */
const HIGH = Array.from({ length: 128 }, (_, n) =>
  Buffer.from(new TextDecoder('windows-1252').decode(Uint8Array.of(128 + n))),
)

/**
 * A text of unnamed encoding as UTF-8; the same buffer when it is that already. Bytes that are no UTF-8 are read as
 * windows-1252, in which Excel writes CSV in Western Europe. Each byte is judged by itself: so it does not matter where
 * in a file the first of them stands, and UTF-8 that a log cut off inside a character stays what it is.
 */
export function mendUtf8(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes
  const parts: Buffer[] = []
  let taken = 0
  for (let i = 0; i < bytes.length; ) {
    const length = characterLength(bytes, i)
    if (length === 0) {
      parts.push(bytes.subarray(taken, i), HIGH[bytes[i] - 128])
      taken = i + 1
    }
    i += length || 1
  }
  return Buffer.concat([...parts, bytes.subarray(taken)])
}

/** Bytes of the UTF-8 character that begins there; 0 when none does. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4 || (bytes[at + 1] & 0xc0) !== 0x80) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** What is said of a file in which bytes were mended. */
export const notUtf8Note = (records: number): string =>
  `${records.toLocaleString('en')} ${records === 1 ? 'record is' : 'records are'} not valid UTF-8 and read as windows-1252; if it is another encoding, set the option encoding`
