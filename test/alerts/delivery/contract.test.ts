import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Attempt } from '../../../alerts/delivery/notifier.ts'
import { ANSWER_LIMIT_BYTES } from '../../../net/post.ts'
import { createCertificate } from '../../support/broker/certificate.ts'
import { inFolder } from '../../support/test-core.ts'
import { alertMessage, type BuildOptions, buildNotifier, HTTP_CHANNELS } from './notifiers.ts'
import { answer, type Receiver, startReceiver, startTcp } from './receiver.ts'

/** What every HTTP status means, for every channel alike. */
const RETRIED = [401, 403, 404, 407, 408, 425, 429]
const expected = (status: number): 'delivered' | 'retried' | 'given up' =>
  status < 300 ? 'delivered' : RETRIED.includes(status) || status >= 500 ? 'retried' : 'given up'

const verdictOf = (attempt: Attempt) =>
  attempt.outcome === 'delivered' ? 'delivered' : attempt.worthRetry ? 'retried' : 'given up'

const message = alertMessage()
const patience = () => new AbortController().signal
const soon = () => AbortSignal.timeout(100)

let receiver: Receiver
let selfSigned: { readonly pfx: Buffer; readonly passphrase: string }
beforeAll(async () => {
  receiver = await startReceiver()
  selfSigned = await inFolder(async (dir) => {
    const { keystore } = await createCertificate(dir)
    return { pfx: await readFile(keystore.path), passphrase: keystore.password }
  })
})
beforeEach(() => {
  receiver.requests.length = 0
})
afterAll(() => receiver?.[Symbol.asyncDispose]())

describe.each(HTTP_CHANNELS)('$name', ({ name, at, secrets, body }) => {
  const build = (origin: string, options: BuildOptions = {}) => buildNotifier(at(origin), options)
  const failureOf = async (origin: string, signal = patience(), options: BuildOptions = {}) => {
    const attempt = await build(origin, options).notifier.notify(message, signal)
    return attempt.outcome === 'failed' ? { failure: attempt.failure, worthRetry: attempt.worthRetry } : attempt
  }

  it('knows of every status whether a retry is worth it', async () => {
    const { notifier } = build(receiver.origin)
    const verdicts: [number, string][] = []
    const wanted: [number, string][] = []
    for (let status = 200; status <= 599; status++) {
      receiver.behave(answer(status, body(status)))
      const attempt = await notifier.notify(message, patience())
      expect(attempt.status).toBe(status)
      verdicts.push([status, verdictOf(attempt)])
      // Without a body Telegram has not said that it took the message.
      wanted.push([status, name === 'telegram' && status === 204 ? 'retried' : expected(status)])
    }
    expect(verdicts).toEqual(wanted)
    expect(receiver.requests).toHaveLength(400)
  })

  it('gives up waiting for an answer that does not come', async () => {
    receiver.behave(() => undefined)
    expect(await failureOf(receiver.origin, soon())).toEqual({ failure: 'timeout', worthRetry: true })
  })

  it('gives up waiting for the rest of a slow answer', async () => {
    receiver.behave((_request, response) => {
      response.writeHead(200)
      response.write('o')
    })
    expect(await failureOf(receiver.origin, soon())).toEqual({ failure: 'timeout', worthRetry: true })
  })

  it('is not asked at all once its time is over', async () => {
    expect(await failureOf(receiver.origin, AbortSignal.abort())).toEqual({ failure: 'timeout', worthRetry: true })
    expect(receiver.requests).toEqual([])
  })

  it('gives up waiting for a name server', async () => {
    const options: BuildOptions = { lookUp: () => new Promise(() => undefined) }
    expect(await failureOf('http://receiver.example', soon(), options)).toEqual({
      failure: 'timeout',
      worthRetry: true,
    })
  })

  it('takes a reset, a closed port and something that is not HTTP as not reachable', async () => {
    const unreachable = { failure: 'unreachable', worthRetry: true }
    receiver.behave((_request, _response, incoming) => incoming.socket.resetAndDestroy())
    expect(await failureOf(receiver.origin)).toEqual(unreachable)
    let port: number
    {
      await using noise = await startTcp((socket) => socket.end('220 not HTTP\r\n\r\n'))
      port = noise.port
      expect(await failureOf(`http://127.0.0.1:${port}`)).toEqual(unreachable)
    }
    expect(await failureOf(`http://127.0.0.1:${port}`)).toEqual(unreachable)
    const nowhere: BuildOptions = { lookUp: () => Promise.reject(new Error('ENOTFOUND')) }
    expect(await failureOf('http://receiver.example', patience(), nowhere)).toEqual(unreachable)
  })

  it('reads no more of an answer than the limit, and takes its status all the same', async () => {
    let written = 0
    receiver.behave((_request, response) => {
      response.writeHead(500)
      const chunk = Buffer.alloc(16 * 1024, 'x')
      const write = () => {
        while (!response.destroyed && written < 1e9) {
          written += chunk.length
          if (!response.write(chunk)) return void response.once('drain', write)
        }
      }
      write()
    })
    expect(await failureOf(receiver.origin)).toEqual({ failure: 'server_error', worthRetry: true })
    // What the sockets' buffers hold comes on top.
    expect(written).toBeLessThan(ANSWER_LIMIT_BYTES + 32 * 1024 * 1024)
  })

  it('does not read endless headers', async () => {
    receiver.behave(answer(200, 'ok', { 'x-much': 'x'.repeat(40_000) }))
    expect(await failureOf(receiver.origin)).toEqual({ failure: 'unreachable', worthRetry: true })
  })

  it.each([301, 302, 303, 307, 308])(
    'does not follow a redirect (%i), to a private address or elsewhere',
    async (status) => {
      await using inside = await startReceiver()
      receiver.behave(answer(status, '', { location: `${inside.origin}/admin` }))
      expect(await failureOf(receiver.origin)).toEqual({ failure: 'redirected', worthRetry: false })
      expect(inside.requests).toEqual([])
    },
  )

  it('does not connect to a private address, by whatever name', async () => {
    const refused = { failure: 'address_refused', worthRetry: true }
    const options: BuildOptions = { allowNetworks: ['10.9.9.9'] }
    expect(await failureOf(receiver.origin, patience(), options)).toEqual(refused)
    expect(await failureOf(`http://localhost:${receiver.port}`, patience(), options)).toEqual(refused)
    expect(await failureOf(`http://[::ffff:127.0.0.1]:${receiver.port}`, patience(), options)).toEqual(refused)
    expect(await failureOf(`http://2130706433:${receiver.port}`, patience(), options)).toEqual(refused)
    const mixed = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]
    expect(await failureOf(`https://receiver.example`, patience(), { ...options, lookUp: mixed })).toEqual(refused)
    expect(receiver.requests).toEqual([])
  })

  it('connects to the address that was checked, whatever a second look-up would say', async () => {
    receiver.behave(answer(200, body(200)))
    const answers = ['127.0.0.1', '10.0.0.1']
    const { notifier, lookUps } = build(`http://receiver.example:${receiver.port}`, {
      lookUp: async () => [{ address: answers.shift() ?? '10.0.0.2', family: 4 }],
    })
    expect(verdictOf(await notifier.notify(message, patience()))).toBe('delivered')
    expect(lookUps).toEqual(['receiver.example'])
    expect(receiver.requests[0].headers.host).toBe(`receiver.example:${receiver.port}`)
  })

  it('speaks plain HTTP to allowed private addresses alone', async () => {
    const options: BuildOptions = { lookUp: async () => [{ address: '93.184.215.14', family: 4 }] }
    expect(await failureOf('http://receiver.example', patience(), options)).toEqual({
      failure: 'address_refused',
      worthRetry: true,
    })
  })

  it('does not trust a certificate that nobody vouches for', async () => {
    const server = createServer(selfSigned, (_request, response) => response.end('ok'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await failureOf(`https://127.0.0.1:${port}`)).toEqual({ failure: 'tls_failed', worthRetry: true })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it.each([
    ['7', 7_000],
    ['Mon, 02 Mar 2026 09:03:00 GMT', 60_000],
    ['999999999', 6 * 3_600_000],
    ['soon', null],
    ['-3', null],
    ['Mon, 02 Mar 2020 09:03:00 GMT', null],
  ])('honours Retry-After: %s', async (retryAfter, wanted) => {
    receiver.behave(answer(429, body(429), { 'retry-after': retryAfter }))
    const attempt = await build(receiver.origin).notifier.notify(message, patience())
    expect(attempt).toMatchObject({ failure: 'rate_limited', worthRetry: true, retryAfterMs: wanted })
  })

  it('tells nobody its secrets, even when the other side quotes the request', async () => {
    receiver.behave((request, response) => {
      response.writeHead(400)
      response.end(JSON.stringify({ ok: false, description: `${request.path} ${JSON.stringify(request.headers)}` }))
    })
    const attempt = await build(receiver.origin).notifier.notify(message, patience())
    const shown = JSON.stringify(attempt)
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
    expect(attempt.answer.length).toBeLessThan(300)
  })
})

describe('telegram', () => {
  it('waits as long as the answer’s body says', async () => {
    const text = { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 33 } }
    receiver.behave(answer(429, JSON.stringify(text)))
    const { notifier } = buildNotifier(HTTP_CHANNELS[1].at(receiver.origin))
    expect(await notifier.notify(message, patience())).toMatchObject({
      retryAfterMs: 33_000,
      answer: 'Too Many Requests',
    })
  })

  it('says where a group has gone', async () => {
    const parameters = { migrate_to_chat_id: -100_777 }
    receiver.behave(answer(400, JSON.stringify({ ok: false, error_code: 400, description: 'Moved', parameters })))
    const { notifier } = buildNotifier(HTTP_CHANNELS[1].at(receiver.origin))
    expect(await notifier.notify(message, patience())).toMatchObject({ answer: 'Moved; set chat_id to "-100777"' })
  })

  it('does not take any page with status 200 for the Bot API', async () => {
    receiver.behave(answer(200, '<html>Welcome to the hotel’s network</html>'))
    const { notifier } = buildNotifier(HTTP_CHANNELS[1].at(receiver.origin))
    expect(await notifier.notify(message, patience())).toMatchObject({ outcome: 'failed', worthRetry: true })
  })
})
