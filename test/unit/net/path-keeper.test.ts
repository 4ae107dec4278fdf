import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Path, type PathHost, PathKeeper, pruneCircuits } from '../../../core/net/path-keeper.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

const RELAY = '12D3KooWMtbnPRD3etQbGawr6AJdQi6RpXURQpqMeWSLKA7oKBYL'
const OTHER_RELAY = '12D3KooWKgNM2e5GhTQoxrrXDYCrD7fABR7NDXNowkm4S76zaZHk'
const PEER = '12D3KooWFkVP9HqAMSunUz8jqtCnj39Fu97u6ExseUbJQapD5ZVu'
const CIRCUIT = `/ip4/11.2.0.2/tcp/4001/p2p/${RELAY}/p2p-circuit/p2p/${PEER}`
const OTHER_CIRCUIT = `/ip4/11.3.0.2/tcp/4001/p2p/${OTHER_RELAY}/p2p-circuit/p2p/${PEER}`
const WEBRTC = CIRCUIT.replace('/p2p-circuit/', '/p2p-circuit/webrtc/')
const OPEN = `/ip4/11.9.0.2/tcp/4001/p2p/${PEER}`

describe('PathKeeper', () => {
  let paths: Path[]
  let addresses: string[]
  let dialled: string[]
  /** Addresses that answer. */
  let reachable: Set<string>
  let busy: boolean
  let keeper: PathKeeper

  const pathOf = (address: string, direction: 'in' | 'out' = 'out'): Path => {
    const path: Path = {
      address,
      isRelayed: address.includes('/p2p-circuit/p2p/'),
      direction,
      isBusy: () => busy,
      close: async () => {
        paths = paths.filter((each) => each !== path)
      },
    }
    return path
  }

  beforeEach(() => {
    paths = []
    addresses = []
    dialled = []
    reachable = new Set()
    busy = false
    const host: PathHost = {
      paths: () => paths,
      addressesOf: () => addresses,
      canCross: () => true,
      dialAnew: async (targets) => {
        dialled.push(...targets)
        const found = targets.find((address) => reachable.has(address))
        if (found === undefined) throw new Error('nobody answers')
        paths = [...paths, pathOf(found)]
      },
    }
    keeper = new PathKeeper(
      { host, clock: systemClock, logger: silentLogger },
      { times: { crossMs: [0, 10], rerouteMs: [0, 10], yieldMs: 0 } },
    )
    onTestFinished(() => keeper.stop())
  })

  it('makes a direct connection of a relayed one, by the public address where there is one (RCH3)', async () => {
    paths = [pathOf(CIRCUIT)]
    addresses = ['/ip4/192.168.1.5/tcp/4001', '/ip4/127.0.0.1/tcp/4001', OPEN]
    reachable.add(OPEN).add(WEBRTC)
    keeper.noteIdentified(PEER)
    await eventually('only the direct one', () => paths.length === 1 && paths[0]?.address === OPEN)
    expect(dialled).toEqual([OPEN])
    expect(keeper.crossedAt).not.toBeNull()
  })

  it('crosses by WebRTC otherwise, and leaves the relayed connection to what runs on it (RCH3)', async () => {
    paths = [pathOf(CIRCUIT)]
    busy = true
    reachable.add(WEBRTC)
    keeper.noteIdentified(PEER)
    await eventually('a direct one', () => keeper.crossedAt !== null)
    expect(paths.map(({ address }) => address)).toEqual([CIRCUIT, WEBRTC])
    busy = false
    await eventually('the relayed one is closed', () => paths.length === 1)
  })

  it('stays with the relay where nothing else works, after as many attempts as it has (RCH3)', async () => {
    paths = [pathOf(CIRCUIT)]
    keeper.noteIdentified(PEER)
    await eventually('two attempts', () => dialled.length === 2)
    expect(paths.map(({ address }) => address)).toEqual([CIRCUIT])
    expect(keeper.crossedAt).toBeNull()
  })

  it('is not the one to cross where it was dialled, but dials a public address (RCH3)', async () => {
    paths = [pathOf(CIRCUIT, 'in')]
    addresses = [OPEN]
    keeper.noteIdentified(PEER)
    await eventually('two attempts', () => dialled.length === 2)
    expect(dialled).toEqual([OPEN, OPEN])
  })

  it('comes back by another relay that the peer named (RCH3)', async () => {
    paths = [pathOf(CIRCUIT)]
    addresses = [CIRCUIT, OTHER_CIRCUIT]
    keeper.noteIdentified(PEER)
    await eventually('the attempts at a direct one', () => dialled.length === 2)
    paths = []
    dialled = []
    reachable.add(OTHER_CIRCUIT)
    keeper.noteLost(PEER)
    await eventually('the other relay', () => paths.some(({ address }) => address === OTHER_CIRCUIT))
    expect(dialled).toEqual([CIRCUIT, OTHER_CIRCUIT])
  })
})

describe('pruneCircuits', () => {
  it('drops a circuit by loopback, and a private one beside a public one of the same relay (RCH2)', () => {
    const circuit = (ip: string, relay: string) => `/ip4/${ip}/tcp/4001/p2p/${relay}/p2p-circuit`
    const kept = [circuit('11.2.0.2', RELAY), circuit('192.168.1.9', OTHER_RELAY), '/ip4/127.0.0.1/tcp/4001']
    const dropped = [circuit('127.0.0.1', RELAY), circuit('10.0.0.4', RELAY), circuit('127.0.0.1', OTHER_RELAY)]
    expect(pruneCircuits([...kept, ...dropped])).toEqual(kept)
  })
})
