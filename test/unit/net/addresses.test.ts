import { describe, expect, it } from 'vitest'
import {
  AddressRanges,
  addressOf,
  compareAddresses,
  isLoopbackAddress,
  parseAddress,
  peerIdOf,
} from '../../../core/net/addresses.ts'

const PEER = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'

describe('parseAddress', () => {
  it.each([
    '',
    'localhost:4001',
    '/',
    '/ip4/300.1.1.1/tcp/1',
    '/ip4/127.0.0.1/tcp/x',
    `/ip4/127.0.0.1/${'a'.repeat(600)}`,
  ])('takes %j for no address', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('finds the peer at the end', () => {
    expect(peerIdOf(`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`)).toBe(PEER)
    expect(peerIdOf('/ip4/127.0.0.1/tcp/4001')).toBeNull()
  })
})

describe('addressOf', () => {
  it('puts the peer at the end, once, behind a relay too', () => {
    const relay = '12D3KooWHHNkN1b3sVR4a1tVZ4LTFNxsWoYJYbUfDHzQDT7rD2uD'
    expect(addressOf('/ip4/127.0.0.1/tcp/4001', PEER)).toBe(`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`)
    expect(addressOf(`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`, PEER)).toBe(`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`)
    const circuit = `/ip4/127.0.0.1/tcp/4001/p2p/${relay}/p2p-circuit`
    expect(addressOf(circuit, PEER)).toBe(`${circuit}/p2p/${PEER}`)
  })
})

describe('AddressRanges', () => {
  const contains = (ranges: AddressRanges, text: string) => {
    const address = parseAddress(text)
    if (address === undefined) throw new Error(`not an address: ${text}`)
    return ranges.contains(address)
  }

  it.each([
    ['/ip4/127.0.0.1/tcp/1', true],
    ['/ip4/127.8.9.10/tcp/1/ws', true],
    ['/ip6/::1/tcp/1', true],
    ['/ip6/::ffff:127.0.0.1/tcp/1', true],
    ['/ip4/10.0.0.1/tcp/1', false],
    ['/ip4/0.0.0.0/tcp/1', false],
    ['/ip6/::/tcp/1', false],
    ['/ip6/fe80::1/tcp/1', false],
    ['/dns4/localhost/tcp/1', false],
    ['/dnsaddr/example.org', false],
  ])('%s is loopback: %s', (text, expected) => {
    expect(contains(new AddressRanges(), text)).toBe(expected)
  })

  it('takes the ranges that it is given besides', () => {
    const ranges = new AddressRanges(['10.77.0.0/16'])
    expect(contains(ranges, '/ip4/10.77.1.2/tcp/1')).toBe(true)
    expect(contains(ranges, '/ip4/10.78.1.2/tcp/1')).toBe(false)
    expect(contains(ranges, '/ip4/127.0.0.1/tcp/1')).toBe(true)
  })
})

describe('isLoopbackAddress', () => {
  it.each([
    '/ip4/127.8.9.10/tcp/1/ws',
    '/ip4/0.0.0.0/tcp/1',
    '/ip6/::1/tcp/1',
    '/ip6/0:0:0:0:0:0:0:1/tcp/1',
    '/ip6/::/tcp/1',
    '/ip6/::ffff:127.0.0.1/tcp/1',
    '/ip6/::ffff:7f00:1/tcp/1',
    '/ip6zone/lo/ip6/::1/tcp/1',
    '/dns4/localhost/tcp/1',
    '/dns/a.LocalHost./tcp/1',
    `/ip4/127.0.0.1/tcp/1/p2p/${PEER}/p2p-circuit`,
  ])('is true for %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true)
  })

  it.each([
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/128.0.0.1/tcp/1',
    '/ip6/fe80::1/tcp/1',
    '/ip6/2001:4860::127/tcp/1',
    '/ip6zone/eth0/ip6/fe80::1/tcp/1',
    '/dns4/notlocalhost/tcp/1',
    '/dns4/localhost.example/tcp/1',
    'localhost:4001',
  ])('is false for %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(false)
  })
})

describe('compareAddresses', () => {
  it('puts TCP first and loopback after what others can reach', () => {
    const addresses = [
      `/ip4/127.0.0.1/tcp/2/ws/p2p/${PEER}`,
      `/ip4/127.0.0.1/tcp/1/p2p/${PEER}`,
      `/ip4/192.0.2.7/tcp/1/p2p/${PEER}`,
    ]
    expect(addresses.sort(compareAddresses)).toEqual([
      `/ip4/192.0.2.7/tcp/1/p2p/${PEER}`,
      `/ip4/127.0.0.1/tcp/1/p2p/${PEER}`,
      `/ip4/127.0.0.1/tcp/2/ws/p2p/${PEER}`,
    ])
  })
})
