import { expect, test } from 'vitest'
import { listenFault } from '../../commands/listen-fault.ts'

const systemError = (code: string) => Object.assign(new Error(`listen ${code}`), { code })

test.each([
  [
    'EADDRINUSE',
    'http.port: another process listens on 127.0.0.1:80; end it, or set another port (CRMWATCH_HTTP_PORT).',
  ],
  [
    'EACCES',
    'http.port: listening on 127.0.0.1:80 is not allowed to this user; set a port above 1023 (CRMWATCH_HTTP_PORT).',
  ],
  [
    'EADDRNOTAVAIL',
    'http.host: 127.0.0.1:80 is no address of this machine; set one that is, or 0.0.0.0 for all of them (CRMWATCH_HTTP_HOST).',
  ],
  [
    'ENOTFOUND',
    'http.host: 127.0.0.1:80 is no address of this machine; set one that is, or 0.0.0.0 for all of them (CRMWATCH_HTTP_HOST).',
  ],
])('%s at listening names the setting, the place and what to do', (code, message) => {
  expect(listenFault(systemError(code), '127.0.0.1', 80)).toEqual(new Error(message))
})

test('what is not the settings’ fault stays as it is', () => {
  const error = systemError('EMFILE')
  expect(listenFault(error, '127.0.0.1', 80)).toBe(error)
})
