import type { FastifyInstance } from 'fastify'
import { sendProblem } from '../problem.ts'

export type IngestSlots = ReturnType<typeof createIngestSlots>

/** Places for bodies that are held in memory at once, over all routes that take large ones. */
export function createIngestSlots(places: number) {
  let taken = 0
  return {
    /** Whoever finds no place is asked to come back, before the body is read. */
    guard(scope: FastifyInstance): void {
      scope.addHook('onRequest', async (request, reply) => {
        if (request.method === 'GET' || request.method === 'HEAD') return
        if (taken >= places) {
          reply.header('retry-after', 1)
          return sendProblem(reply, 'busy', 'Too many bodies are being taken in at once.')
        }
        taken++
        let held = true
        const release = () => {
          if (held) taken--
          held = false
        }
        reply.raw.once('finish', release)
        reply.raw.once('close', release)
      })
    },
    taken: () => taken,
  }
}
