import { createGunzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { sendProblem } from '../problem.ts'

/**
 * Gives the routes of `scope` the body as a Buffer, for these media types alone. gzip is inflated on the way, and
 * Fastify counts the inflated bytes against `limitBytes`, so that a small body cannot become a large one.
 */
export function takeRawBodies(scope: FastifyInstance, mediaTypes: readonly string[], limitBytes: number): void {
  scope.removeAllContentTypeParsers()
  for (const mediaType of mediaTypes) {
    scope.addContentTypeParser(
      mediaType,
      { parseAs: 'buffer', bodyLimit: limitBytes },
      async (_request: unknown, body: Buffer) => body,
    )
  }
  scope.addHook('preParsing', async (request, reply, payload) => {
    const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
    if (encoding === 'identity' || encoding === '') return payload
    if (encoding !== 'gzip' && encoding !== 'x-gzip') {
      reply.header('accept-encoding', 'gzip')
      await sendProblem(reply, 'unsupported-media-type', 'Content-Encoding may be gzip or identity.')
      return payload
    }
    const gunzip = createGunzip()
    let encodedLength = 0
    payload.on('data', (chunk: Buffer) => {
      encodedLength += chunk.length
    })
    payload.on('error', (error) => gunzip.destroy(error))
    // Where nobody reads the body, because its type is refused or its limit reached, an error in it would otherwise
    // end the process.
    gunzip.on('error', () => undefined)
    // What is left of a refused body goes by unread, so that the connection can end or serve the next request.
    const stop = () => {
      payload.unpipe(gunzip)
      gunzip.destroy()
      payload.resume()
    }
    reply.raw.once('finish', stop)
    reply.raw.once('close', stop)
    Object.defineProperty(gunzip, 'receivedEncodedLength', { get: () => encodedLength })
    return payload.pipe(gunzip)
  })
}

/** The media type without its parameters, in lower case. */
export const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';')[0].trim().toLowerCase()
