import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipContent {
  readonly name: string
  readonly data: Buffer
  /** What the archive says of its size; the truth by default. */
  readonly declaredBytes?: number
  readonly encrypted?: boolean
}

/** A zip archive with these entries, deflated. */
export function zipOf(contents: readonly ZipContent[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, declaredBytes = data.length, encrypted = false } of contents) {
    const packed = deflateRawSync(data)
    const file = Buffer.from(name)
    const described = Buffer.alloc(26)
    described.writeUInt16LE(20, 0)
    described.writeUInt16LE(encrypted ? 1 : 0, 2)
    described.writeUInt16LE(8, 4)
    described.writeUInt32LE(crc32(data), 10)
    described.writeUInt32LE(packed.length, 14)
    described.writeUInt32LE(declaredBytes, 18)
    described.writeUInt16LE(file.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), described, file, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), described, tail, file]))
    locals.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(contents.length, 4)
  end.writeUInt16LE(contents.length, 6)
  end.writeUInt32LE(
    directory.reduce((all, { length }) => all + length, 0),
    8,
  )
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, ...directory, Buffer.from('PK\x05\x06'), end])
}
