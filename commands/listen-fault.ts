import { errorCode } from '../model/error-code.ts'

/** What stands behind the setting that is to blame; `where` is host and port. */
const FAULTS: Readonly<Record<string, (where: string) => string>> = {
  EADDRINUSE: (where) =>
    `http.port: another process listens on ${where}; end it, or set another port (CRMWATCH_HTTP_PORT).`,
  EACCES: (where) =>
    `http.port: listening on ${where} is not allowed to this user; set a port above 1023 (CRMWATCH_HTTP_PORT).`,
  EADDRNOTAVAIL: (where) => noAddress(where),
  ENOTFOUND: (where) => noAddress(where),
}

const noAddress = (where: string) =>
  `http.host: ${where} is no address of this machine; set one that is, or 0.0.0.0 for all of them (CRMWATCH_HTTP_HOST).`

/** Why the service cannot listen, naming the setting and what to do; of what is not the settings' fault, the error as it is. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  const fault = FAULTS[errorCode(error) ?? '']
  return fault === undefined ? error : new Error(fault(`${host}:${port}`), { cause: error })
}
