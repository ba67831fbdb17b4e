import { compressFrameSync, decompressFrameSync } from 'lz4-napi'

const MAGIC = 0x184d2204
const UNCOMPRESSED_BLOCK = 0x80000000
/** A byte of an lz4 block stands for at most 255 bytes. */
const LARGEST_RATIO = 255
const BLOCK_BYTES_BY_CODE: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 }

export function compressLz4(data: Buffer): Buffer {
  return compressFrameSync(data)
}

/** Throws RangeError when the frame's blocks could take more than `limitBytes`, before any of it is unpacked. */
export function decompressLz4(data: Buffer, limitBytes: number): Buffer {
  if (readLargestBytes(data) > limitBytes) {
    throw new RangeError(`An lz4 batch may unpack to more than ${limitBytes} bytes`)
  }
  return decompressFrameSync(data)
}

/**
 * The most that the frame can unpack to: Kafka's clients leave the content size out, so each block is taken for as large
 * as its length allows. The
 * layout is that of the LZ4 frame format, version 1.
 */
function readLargestBytes(data: Buffer): number {
  if (data.length < 7 || data.readUInt32LE(0) !== MAGIC) throw new RangeError('An lz4 batch does not start as a frame')
  const flags = data[4]
  const blockBytes = BLOCK_BYTES_BY_CODE[(data[5] >> 4) & 0x7] ?? Number.POSITIVE_INFINITY
  const hasBlockChecksum = (flags & 0x10) !== 0
  const contentSizeBytes = flags & 0x08 ? 8 : 0
  const dictionaryBytes = flags & 0x01 ? 4 : 0
  let at = 6 + contentSizeBytes + dictionaryBytes + 1
  let total = 0
  while (at + 4 <= data.length) {
    const word = data.readUInt32LE(at)
    if (word === 0) break
    const stored = word >= UNCOMPRESSED_BLOCK
    const length = stored ? word - UNCOMPRESSED_BLOCK : word
    total += stored ? length : Math.min(blockBytes, length * LARGEST_RATIO)
    at += 4 + length + (hasBlockChecksum ? 4 : 0)
  }
  return total
}
