import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAddressGuard } from '../../../net/special-networks.ts'

const isPublic = createAddressGuard([])

describe('addresses', () => {
  it.each([
    ['0.0.0.0'],
    ['10.0.0.1'],
    ['100.64.0.1'],
    ['127.0.0.1'],
    ['127.255.255.254'],
    ['169.254.169.254'],
    ['172.16.0.1'],
    ['172.31.255.255'],
    ['192.0.0.8'],
    ['192.168.1.1'],
    ['198.18.0.1'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['::'],
    ['::1'],
    ['[::1]'],
    ['fe80::1%eth0'],
    ['fc00::1'],
    ['fd12:3456::1'],
    ['ff02::1'],
    ['::ffff:10.0.0.1'],
    ['::ffff:a00:1'],
    ['0:0:0:0:0:ffff:7f00:1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['2001::1'],
    ['2001:db8::1'],
    ['not an address'],
    [''],
  ])('%s is not of the public internet', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  it.each([['93.184.215.14'], ['172.32.0.1'], ['2606:2800:21f::1'], ['::ffff:93.184.215.14']])('%s is', (address) => {
    expect(isPublic(address)).toBe(true)
  })

  it('in allowed networks may be reached, and no others', () => {
    const isAllowed = createAddressGuard(['10.1.2.0/24', '192.168.7.7', 'fd00:1::/32'])
    expect(['10.1.2.0', '10.1.2.255', '192.168.7.7', 'fd00:1::9', '::ffff:10.1.2.3'].filter(isAllowed)).toHaveLength(5)
    expect(['10.1.3.0', '192.168.7.8', 'fd00:2::1', '127.0.0.1', '::1'].filter(isAllowed)).toEqual([])
  })

  it('written as IPv6 are judged as IPv4 is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublic(`::ffff:${address}`)).toBe(isPublic(address))
      }),
    )
  })
})
