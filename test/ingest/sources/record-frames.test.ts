import fc from 'fast-check'
import { expect, it } from 'vitest'
import { framedBytes, frameHeader, framePiece, readFrames } from '../../../ingest/sources/record-frames.ts'

it('brings records over byte by byte', () => {
  const buffer = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(buffer, fc.array(buffer, { maxLength: 20 }), (header, raws) => {
      const pieces = raws.map((raw) => ({ raw, fault: null }))
      const body = Buffer.concat([
        ...frameHeader({ format: 'csv', delimiter: ',', header }),
        ...pieces.flatMap(framePiece),
      ])
      expect(readFrames(body)).toEqual({ ok: true, header, pieces })
      const sizes = pieces.reduce((all, piece) => all + framedBytes(piece), 0)
      expect(body.length).toBe(sizes + 5 + header.length)
    }),
  )
})

it('brings what could not be cut over with words of its own and little of its bytes', () => {
  const fault = { reason: 'too_large', detail: 'words of a client' } as const
  const piece = { raw: Buffer.alloc(1_000_000, 'x'), fault }
  const frames = readFrames(Buffer.concat(framePiece(piece)))
  expect(frames).toMatchObject({
    pieces: [{ fault: { reason: 'too_large', detail: 'the record is larger than allowed' } }],
  })
  expect(frames.ok && frames.pieces[0].raw.length).toBe(4_096)
})

it('refuses what was not written so, and never throws', () => {
  expect(readFrames(Buffer.from('a,b\n1,2\n'))).toEqual({ ok: false })
  expect(readFrames(Buffer.from([1, 255, 255, 255, 255]))).toEqual({ ok: false })
  expect(readFrames(Buffer.from([9, 0, 0, 0, 0]))).toEqual({ ok: false })
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof readFrames(Buffer.from(bytes)).ok === 'boolean'))
})
