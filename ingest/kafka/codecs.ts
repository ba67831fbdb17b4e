import { promisify } from 'node:util'
import {
  gunzip,
  gunzipSync,
  gzipSync,
  type ZlibOptions,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib'
import kafkajs from 'kafkajs'
import { compressLz4, decompressLz4 } from './lz4-frame.ts'
import { compressXerial, decompressXerial } from './snappy-xerial.ts'
import { createUnreadableRecords, holdsWholeRecords } from './unreadable-batch.ts'

export const LARGEST_BATCH_BYTES = 64 * 1024 * 1024

/** From here on unpacking would hold up the event loop for milliseconds, so it moves to the thread pool. */
const ASYNC_FROM_BYTES = 65_536

export interface Codec {
  compress(data: Buffer): Buffer
  /** Rejects with RangeError beyond `limitBytes`, and with the library's error on broken data. */
  decompress(data: Buffer, limitBytes: number): Promise<Buffer>
}

const gunzipAsync = promisify<Buffer, ZlibOptions, Buffer>(gunzip)
const zstdDecompressAsync = promisify<Buffer, { maxOutputLength: number }, Buffer>(zstdDecompress)

export const CODECS: Readonly<Record<'gzip' | 'snappy' | 'lz4' | 'zstd', Codec>> = {
  gzip: {
    compress: (data) => gzipSync(data),
    decompress: async (data, maxOutputLength) =>
      data.length < ASYNC_FROM_BYTES ? gunzipSync(data, { maxOutputLength }) : gunzipAsync(data, { maxOutputLength }),
  },
  snappy: {
    compress: compressXerial,
    decompress: async (data, limitBytes) => decompressXerial(data, limitBytes),
  },
  lz4: {
    compress: compressLz4,
    decompress: async (data, limitBytes) => decompressLz4(data, limitBytes),
  },
  zstd: {
    compress: (data) => zstdCompressSync(data),
    decompress: async (data, maxOutputLength) =>
      data.length < ASYNC_FROM_BYTES
        ? zstdDecompressSync(data, { maxOutputLength })
        : zstdDecompressAsync(data, { maxOutputLength }),
  },
}

/**
 * Teaches kafkajs all of Kafka's codecs. Its table of codecs is one per process, so this may be called again and does
 * the same. A batch that is broken or unpacks to more than LARGEST_BATCH_BYTES comes out as unreadable records (see
 * unreadable-batch.ts) instead of stopping the consumer.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs
  let unreadable: Buffer | null = null
  const standIn = () => {
    unreadable ??= createUnreadableRecords()
    return unreadable
  }
  CompressionCodecs[CompressionTypes.GZIP] = () => adapt(CODECS.gzip, standIn)
  CompressionCodecs[CompressionTypes.Snappy] = () => adapt(CODECS.snappy, standIn)
  CompressionCodecs[CompressionTypes.LZ4] = () => adapt(CODECS.lz4, standIn)
  CompressionCodecs[CompressionTypes.ZSTD] = () => adapt(CODECS.zstd, standIn)
}

/** The shape kafkajs calls: it packs an encoder's buffer and unpacks a plain one. */
function adapt(codec: Codec, standIn: () => Buffer) {
  return {
    compress: async (encoder: { readonly buffer: Buffer }) => codec.compress(encoder.buffer),
    decompress: async (data: Buffer) => {
      try {
        const records = await codec.decompress(data, LARGEST_BATCH_BYTES)
        return holdsWholeRecords(records) ? records : standIn()
      } catch {
        return standIn()
      }
    },
  }
}
