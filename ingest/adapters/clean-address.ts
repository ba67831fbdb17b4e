import { isIP } from 'node:net'
import { cleanText } from './clean-text.ts'

/**
 * The IP address in a cell, without port, brackets, zone or a proxy's further hops; null where there is none, as for
 * literals such as `Salesforce.com IP` and masked addresses.
 */
export function cleanAddress(value: unknown): string | null {
  const text = cleanText(value)
  if (text === null || text.length > 256) return null
  for (const part of text.split(',', 4)) {
    const address = oneAddress(part.trim())
    if (address !== null) return address
  }
  return null
}

function oneAddress(text: string): string | null {
  if (isIP(text) !== 0) return plain(text)
  const bracketed = /^\[([^\]]+)\](:\d{1,5})?$/.exec(text)
  if (bracketed !== null) return isIP(bracketed[1]) === 0 ? null : plain(bracketed[1])
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)
  return withPort !== null && isIP(withPort[1]) === 4 ? plain(withPort[1]) : null
}

/** IPv6 without its zone, IPv4 mapped into IPv6 as IPv4; unspecified addresses say nothing. */
function plain(address: string): string | null {
  const bare = address.replace(/%.*$/, '').replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i, '$1')
  return bare === '0.0.0.0' || bare === '::' ? null : bare
}
