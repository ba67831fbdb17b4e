import type { FastifyInstance } from 'fastify'
import { sendProblem } from '../problem.ts'

/** What a start needs at least, in seconds. */
const RETRY_AFTER = '5'

/**
 * Answers requests that come on open connections while the service shuts down as all other errors are. Fastify's own
 * answer to them, which is in a form of its own, is to be switched off. Added before all other hooks.
 */
export function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('retry-after', RETRY_AFTER)
    return sendProblem(reply, 'unavailable', 'The service is shutting down. Nothing of the request was taken.')
  })
}
