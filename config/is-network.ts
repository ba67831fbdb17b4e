import { isIP } from 'node:net'

/** An address, or a network such as `10.1.2.0/24`. */
export function isNetwork(value: string): boolean {
  const [address, prefix, ...more] = value.split('/')
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1
  return more.length === 0 && bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}
