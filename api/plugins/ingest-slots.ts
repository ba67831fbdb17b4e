import type { FastifyInstance } from 'fastify'
import type { ApiLimits } from '../options.ts'
import { sendProblem } from '../problem.ts'
import { callerOf } from './auth.ts'
import { endStalledBody } from './body-stall.ts'

export type IngestSlots = ReturnType<typeof createIngestSlots>

/**
 * Places for bodies that are held in memory at once, over all routes that take large ones. One token gets a share of
 * them alone, so that no tenant keeps the others' events out.
 */
export function createIngestSlots({
  ingestInFlight,
  ingestInFlightPerToken,
  bodyStallMs,
}: Pick<ApiLimits, 'ingestInFlight' | 'ingestInFlightPerToken' | 'bodyStallMs'>) {
  let taken = 0
  const takenBy = new Map<string, number>()
  const add = (token_uid: string, places: number) => {
    taken += places
    const own = (takenBy.get(token_uid) ?? 0) + places
    if (own === 0) takenBy.delete(token_uid)
    else takenBy.set(token_uid, own)
  }
  return {
    /** Whoever finds no place is asked to come back, before the body is read. */
    guard(scope: FastifyInstance): void {
      scope.addHook('onRequest', async (request, reply) => {
        if (request.method === 'GET' || request.method === 'HEAD') return
        const { token_uid } = callerOf(request)
        const full =
          taken >= ingestInFlight
            ? 'Too many bodies are being taken in at once.'
            : (takenBy.get(token_uid) ?? 0) >= ingestInFlightPerToken
              ? `This token has as many bodies taken in at once as it may: ${ingestInFlightPerToken}.`
              : null
        if (full !== null) {
          reply.header('retry-after', 1)
          return sendProblem(reply, 'busy', full)
        }
        add(token_uid, 1)
        let held = true
        const release = () => {
          if (held) add(token_uid, -1)
          held = false
        }
        reply.raw.once('finish', release)
        reply.raw.once('close', release)
        endStalledBody(request, reply, bodyStallMs)
      })
    },
    taken: () => taken,
  }
}
