import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smtpOptions } from '../../../alerts/delivery/notifiers/email.ts'
import { alertMessage, type BuildOptions, buildNotifier } from './notifiers.ts'
import { type SmtpScript, startSmtp, startTcp } from './receiver.ts'

const PASSWORD = 'correct horse battery'
let script: SmtpScript = {}
let server: Awaited<ReturnType<typeof startSmtp>>
beforeAll(async () => {
  server = await startSmtp(() => script)
})
beforeEach(() => {
  script = {}
  server.mails.length = 0
})
afterAll(() => server?.[Symbol.asyncDispose]())

const channel = (port: number, more: object = {}) => ({
  type: 'email',
  smtp: `smtp://127.0.0.1:${port}`,
  to: ['soc@example.com', 'owner@example.com'],
  ...more,
})
const login = { username: 'crmwatch', password: PASSWORD }
const notify = (options: BuildOptions = {}, more: object = {}, signal = new AbortController().signal) =>
  buildNotifier(channel(server.port, more), options).notifier.notify(alertMessage(), signal)

describe('mail', () => {
  it('is handed over with what the alert says', async () => {
    const attempt = await notify({}, login)
    expect(attempt).toEqual({ outcome: 'delivered', status: null, answer: '250 2.0.0 queued as 4711' })
    // As it travels, lines are broken with `=`.
    const mail = server.mails[0].replaceAll('=\n', '')
    expect(mail).toContain('Subject: [crmwatch] High: u-17, leaving')
    expect(mail).toContain('From: crmwatch@example.com')
    expect(mail).toContain('Message-ID: <d_0123456789abcdefghijkl@crmwatch.invalid>')
    expect(mail).toContain('Auto-Submitted: auto-generated')
    expect(mail).toContain('https://crmwatch.example/alerts/alert-1')
  })

  it.each([
    ['421 closing', 'RCPT', 'server_error', true],
    ['450 busy', 'RCPT', 'server_error', true],
    ['451 try later', '.', 'server_error', true],
    ['452 full', 'DATA', 'server_error', true],
    ['550 nobody here', 'RCPT', 'refused', false],
    ['552 too large', '.', 'refused', false],
    ['554 no', 'MAIL', 'refused', false],
    ['535 5.7.8 wrong password', 'AUTH', 'credentials_refused', true],
    ['554 go away', 'greeting', 'refused', false],
  ])('that is answered %s at %s', async (answer, command, failure, worthRetry) => {
    script = { answers: { [command]: answer } }
    expect(await notify({}, login)).toMatchObject({ outcome: 'failed', failure, worthRetry })
  })

  it.each(['greeting', 'EHLO', 'RCPT', '.'])(
    'is waited for no longer than allowed when nothing comes after %s',
    async (silentAt) => {
      script = { silentAt }
      expect(await notify({}, {}, AbortSignal.timeout(100))).toMatchObject({ failure: 'timeout', worthRetry: true })
    },
  )

  it.each(['greeting', 'RCPT', '.'])('is tried again when the connection is reset after %s', async (resetAt) => {
    script = { resetAt }
    expect(await notify()).toMatchObject({ outcome: 'failed', worthRetry: true })
  })

  it('is tried again when nobody listens, or something else does', async () => {
    let port: number
    {
      await using noise = await startTcp((socket) => socket.end(`${'x'.repeat(5_000)}\r\n`))
      port = noise.port
      const { notifier } = buildNotifier(channel(port))
      expect(await notifier.notify(alertMessage(), new AbortController().signal)).toMatchObject({ worthRetry: true })
    }
    const { notifier } = buildNotifier(channel(port))
    expect(await notifier.notify(alertMessage(), new AbortController().signal)).toMatchObject({ worthRetry: true })
  })

  it('does not read a greeting without an end', async () => {
    let sent = 0
    await using endless = await startTcp((socket) => {
      const chunk = 'x'.repeat(64 * 1024)
      const write = () => {
        while (!socket.destroyed && sent < 1e9) {
          sent += chunk.length
          if (!socket.write(chunk)) return void socket.once('drain', write)
        }
      }
      write()
    })
    const { notifier } = buildNotifier(channel(endless.port))
    const attempt = await notifier.notify(alertMessage(), AbortSignal.timeout(2_000))
    expect(attempt).toMatchObject({ outcome: 'failed', worthRetry: true })
    expect(sent).toBeLessThan(256 * 1024 * 1024)
  })

  it('goes to no private address', async () => {
    expect(await notify({ allowNetworks: ['10.0.0.0/8'] })).toMatchObject({ failure: 'address_refused' })
    expect(server.mails).toEqual([])
  })

  it.each([
    ['smtp:', '93.184.215.14', { secure: false, requireTLS: true }],
    ['smtp:', '127.0.0.1', { secure: false, requireTLS: false }],
    ['smtps:', '93.184.215.14', { secure: true }],
  ] as const)('goes over %s to %s with TLS unless the network is ours', (protocol, address, wanted) => {
    const server = { protocol, host: 'mail.example', port: 587 }
    const made = smtpOptions({ server, login: null, timeoutMs: 1_000 }, address, 'mail.example')
    expect(made).toMatchObject({ ...wanted, host: address, tls: { servername: 'mail.example' } })
  })

  it('tells nobody the password, even when the server quotes it', async () => {
    const quoted = Buffer.from(PASSWORD).toString('base64')
    script = { answers: { AUTH: `535 ${PASSWORD} ${quoted} is wrong` } }
    expect(await notify({}, login)).toMatchObject({ answer: '535 *** *** is wrong' })
  })
})
