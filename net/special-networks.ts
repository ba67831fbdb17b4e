import { BlockList, isIP } from 'node:net'

/**
 * Networks that are not the public internet, after IANA's registries of special-purpose addresses (RFC 6890 and its
 * successors). Of IPv6 only what is allotted to the public (2000::/3) is left, less what leads elsewhere by translation.
 */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const PUBLIC_IPV6 = ['2000::/3']
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

export type IsAllowed = (address: string) => boolean

/** Whether an address may be connected to: public ones, and those in `allowedNetworks` (addresses or CIDR blocks). */
export function createAddressGuard(allowedNetworks: readonly string[]): IsAllowed {
  const specialIpv4 = blockListOf(SPECIAL_IPV4)
  const publicIpv6 = blockListOf(PUBLIC_IPV6)
  const specialIpv6 = blockListOf(SPECIAL_IPV6)
  const allowed = blockListOf(allowedNetworks)
  return (address) => {
    const plain = plainAddress(address)
    switch (isIP(plain)) {
      case 4:
        return !specialIpv4.check(plain, 'ipv4') || allowed.check(plain, 'ipv4')
      case 6:
        return (publicIpv6.check(plain, 'ipv6') && !specialIpv6.check(plain, 'ipv6')) || allowed.check(plain, 'ipv6')
      default:
        return false
    }
  }
}

/** `::ffff:10.0.0.1` and `::ffff:a00:1` are 10.0.0.1; a zone such as `%eth0` is none of the address. */
function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return bare
  // The URL parser writes every IPv6 address in its one shortest form.
  const shortest = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest)
  if (mapped === null) return shortest
  const [high, low] = [Number.parseInt(mapped[1], 16), Number.parseInt(mapped[2], 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}
