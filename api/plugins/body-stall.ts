import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { rawProblem } from '../problem.ts'

/** Ends the connection of a request whose body stops coming for so long. Waiting for the answer is not limited by it. */
export function endStalledBody(request: FastifyRequest, reply: FastifyReply, stallMs: number): void {
  const { raw } = request
  const { socket } = raw
  // An injected request has none.
  if (!(socket instanceof Socket)) return
  socket.setTimeout(stallMs)
  // Node tells a request of it only as long as its body has not come.
  raw.once('timeout', () => {
    if (reply.raw.headersSent) socket.destroy()
    else socket.end(rawProblem('request-timeout'), () => socket.destroy())
  })
  raw.once('end', () => {
    // After the answer the time is that of an idle connection.
    if (!reply.raw.writableFinished) socket.setTimeout(0)
  })
}
