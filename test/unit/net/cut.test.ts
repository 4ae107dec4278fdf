import { expect, it } from 'vitest'
import { isNearAddress } from '../../../core/net/addresses.ts'
import { Cut, type CutRule } from '../../../core/net/cut.ts'
import { peerIdOfName } from '../../harness/peer-cards.ts'

const SEED = peerIdOfName('seed')
const FRIEND = peerIdOfName('friend')

const seeds: CutRule = {
  coversPeer: (peerId) => peerId === SEED,
  coversAddress: (address) => address.includes('9.9.9.9'),
}

it('covers a peer wherever an address names it, as a relay too (RCH10)', () => {
  const cut = new Cut()
  const addresses = [
    `/ip4/198.51.100.1/tcp/4001/p2p/${SEED}`,
    `/ip4/198.51.100.1/tcp/4001/p2p/${SEED}/p2p-circuit/p2p/${FRIEND}`,
    '/ip4/9.9.9.9/tcp/4001',
  ]
  expect(addresses.map((address) => cut.coversAddress(address))).toEqual([false, false, false])
  cut.set(seeds)
  expect(addresses.map((address) => cut.coversAddress(address))).toEqual([true, true, true])
  expect(cut.coversAddress(`/ip4/198.51.100.1/tcp/4001/p2p/${FRIEND}`)).toBe(false)
  expect(cut.coversAddress('no address')).toBe(false)
  cut.set(null)
  expect(cut.coversPeer(SEED) || addresses.some((address) => cut.coversAddress(address))).toBe(false)
})

it('leaves a connection alone that has crossed by WebRTC and needs its relay no more (RCH3, RCH10)', () => {
  const cut = new Cut()
  cut.set(seeds)
  const relayed = `/ip4/198.51.100.1/tcp/4001/p2p/${SEED}/p2p-circuit`
  expect(cut.coversConnection(FRIEND, `${relayed}/p2p/${FRIEND}`)).toBe(true)
  expect(cut.coversConnection(FRIEND, `${relayed}/webrtc/p2p/${FRIEND}`)).toBe(false)
  expect(cut.coversConnection(SEED, '/ip4/192.168.1.2/tcp/4001')).toBe(true)
})

it('has connections closed when it begins, and of whoever is covered since (RCH10)', () => {
  const cut = new Cut()
  let asked = 0
  const off = cut.onEnforce(() => asked++)
  cut.set(seeds)
  cut.enforce()
  off()
  cut.enforce()
  expect(asked).toBe(2)
})

it.each([
  ['/ip4/192.168.1.2/tcp/4001', true],
  ['/ip4/10.1.2.3/tcp/4001/ws', true],
  ['/ip4/172.31.0.9/tcp/1', true],
  ['/ip4/169.254.3.4/tcp/1', true],
  ['/ip4/127.0.0.1/tcp/1', true],
  ['/ip6/fe80::1/tcp/1', true],
  ['/ip6/fd12::1/tcp/1', true],
  ['/ip6/::1/tcp/1', true],
  ['/ip4/172.32.0.9/tcp/1', false],
  ['/ip4/100.64.0.1/tcp/1', false],
  ['/ip4/8.8.8.8/tcp/1', false],
  ['/ip6/2001:db8::1/tcp/1', false],
  ['/dns4/localhost/tcp/1', false],
  [`/ip4/192.168.1.2/tcp/1/p2p/${SEED}/p2p-circuit/p2p/${FRIEND}`, false],
  ['/webrtc', false],
  ['nonsense', false],
])('%s is near: %s (RCH10)', (address, isNear) => {
  expect(isNearAddress(address)).toBe(isNear)
})
