import { compressSync, uncompressSync } from 'snappy'

/**
 * Kafka's Java clients wrap snappy in the framing of the xerial library: a magic, two version numbers, then blocks that
 * each have their length before them. Other clients send one bare snappy block.
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const HEADER = Buffer.concat([MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
const BLOCK_BYTES = 65_536

export function compressXerial(data: Buffer): Buffer {
  const parts: Buffer[] = [HEADER]
  for (let start = 0; start < data.length; start += BLOCK_BYTES) {
    const block = compressSync(data.subarray(start, start + BLOCK_BYTES))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

/** Throws RangeError when the data would take more than `limitBytes`, before any of it is unpacked. */
export function decompressXerial(data: Buffer, limitBytes: number): Buffer {
  const blocks = data.subarray(0, MAGIC.length).equals(MAGIC) ? splitBlocks(data) : [data]
  const totalBytes = blocks.reduce((sum, block) => sum + readUncompressedBytes(block), 0)
  if (totalBytes > limitBytes) throw new RangeError(`A snappy batch unpacks to more than ${limitBytes} bytes`)
  const unpacked = blocks.map(uncompressBlock)
  return unpacked.length === 1 ? unpacked[0] : Buffer.concat(unpacked, totalBytes)
}

function splitBlocks(data: Buffer): Buffer[] {
  const blocks: Buffer[] = []
  let at = HEADER.length
  while (at < data.length) {
    if (at + 4 > data.length) throw new RangeError('A snappy batch ends inside a block length')
    const length = data.readUInt32BE(at)
    const end = at + 4 + length
    if (length === 0 || end > data.length) throw new RangeError('A snappy batch has a block that is longer than it')
    blocks.push(data.subarray(at + 4, end))
    at = end
  }
  return blocks
}

/** A snappy block starts with its unpacked length, seven bits a byte, lowest first. */
function readUncompressedBytes(block: Buffer): number {
  let length = 0
  for (let index = 0; index < 5 && index < block.length; index++) {
    length += (block[index] & 0x7f) * 2 ** (7 * index)
    if (block[index] < 0x80) return length
  }
  throw new RangeError('A snappy block does not say how long it is')
}

function uncompressBlock(block: Buffer): Buffer {
  const unpacked = uncompressSync(block)
  return typeof unpacked === 'string' ? Buffer.from(unpacked) : unpacked
}
