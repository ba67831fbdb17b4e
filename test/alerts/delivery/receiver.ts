import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export type Behaviour = (request: Received, response: ServerResponse, incoming: IncomingMessage) => void

export interface Receiver extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly requests: Received[]
  behave(behaviour: Behaviour): void
}

export const answer =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_request, response) => {
    response.writeHead(status, headers)
    response.end(body)
  }

/** An HTTP server on loopback that remembers what it was asked. */
export async function startReceiver(first: Behaviour = answer(200)): Promise<Receiver> {
  let behaviour = first
  const requests: Received[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const request = { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks).toString() }
    requests.push(request)
    behaviour(request, response, incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    behave: (next) => {
      behaviour = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A TCP server that does with a connection what it is told. */
export async function startTcp(take: (socket: Socket) => void): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    take(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface SmtpScript {
  /** Answers by command, such as `RCPT`; `.` is the end of the mail, `greeting` what comes first. Others are agreed to. */
  readonly answers?: Readonly<Record<string, string>>
  /** Says nothing from this command on. */
  readonly silentAt?: string
  readonly resetAt?: string
}

/** The part of RFC 5321 that a sender meets, on loopback, without TLS. */
export async function startSmtp(
  script: () => SmtpScript,
): Promise<{ port: number; mails: string[] } & AsyncDisposable> {
  const mails: string[] = []
  const tcp = await startTcp((socket) => {
    const { answers = {}, silentAt, resetAt } = script()
    let mail: string[] | null = null
    let rest = ''
    const say = (command: string, usual: string) => {
      if (command === resetAt) socket.resetAndDestroy()
      else if (command !== silentAt) socket.write(`${answers[command] ?? usual}\r\n`)
    }
    const take = (line: string) => {
      if (mail !== null) {
        if (line !== '.') mail.push(line)
        else {
          mails.push(mail.join('\n'))
          mail = null
          say('.', '250 2.0.0 queued as 4711')
        }
        return
      }
      const command = line.split(' ')[0].toUpperCase()
      if (command === 'EHLO') say(command, '250-test\r\n250 AUTH PLAIN')
      else if (command === 'AUTH') say(command, '235 welcome')
      else if (command === 'DATA') {
        if (answers.DATA === undefined) mail = []
        say(command, '354 go on')
      } else if (command === 'QUIT') say(command, '221 bye')
      else say(command, '250 ok')
    }
    say('greeting', '220 test ESMTP')
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n')
      rest = lines.pop() ?? ''
      lines.forEach(take)
    })
  })
  return { port: tcp.port, mails, [Symbol.asyncDispose]: () => tcp[Symbol.asyncDispose]() }
}
