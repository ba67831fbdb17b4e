import { createServer } from 'node:net'

/**
 * Below the range that systems hand to outgoing connections: a client that keeps trying a stopped broker's port could
 * otherwise be given that very port, connect to itself, and keep the broker from coming back on it.
 */
const LOWEST_PORT = 18_000
const HIGHEST_PORT = 31_999

export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT))
    if (await isFree(port)) return port
  }
  throw new Error(`No free port between ${LOWEST_PORT} and ${HIGHEST_PORT} after 100 attempts`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
