import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

export interface BrokerCertificate {
  readonly keystore: { readonly path: string; readonly password: string }
  /** The self-signed certificate in PEM, for clients to trust. */
  readonly ca: string
}

/** Makes a throw-away key and a self-signed certificate for 127.0.0.1 with the JDK's keytool. */
export async function createCertificate(directory: string): Promise<BrokerCertificate> {
  const path = join(directory, 'keystore.p12')
  const pem = join(directory, 'broker.pem')
  const password = 'throw-away'
  const store = ['-alias', 'broker', '-keystore', path, '-storetype', 'PKCS12', '-storepass', password]
  await runCommand('keytool', [
    '-genkeypair',
    ...store,
    ...['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '7'],
    ...['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-ext', 'BC=ca:true'],
  ])
  await runCommand('keytool', ['-exportcert', '-rfc', ...store, '-file', pem])
  return { keystore: { path, password }, ca: await readFile(pem, 'utf8') }
}
