import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SHARD_COUNT } from '../../../../core/gossip/shards.ts'
import { GossipNet } from '../../../../scripts/simulate/gossip-net.ts'
import { GOSSIP } from '../../../../scripts/simulate/parameters.ts'
import { RandomStream } from '../../../../scripts/simulate/random-stream.ts'

const NODES = 200

function makeNet(linksEach = 12): GossipNet {
  const random = new RandomStream(3)
  const net = new GossipNet(random)
  for (let node = 0; node < NODES; node++) net.join(node)
  for (let node = 0; node < NODES; node++) {
    for (let i = 0; i < linksEach; i++) net.link(node, random.below(NODES))
  }
  for (let node = 0; node < NODES; node++) net.fill(node)
  return net
}

/** Nodes that are reached after each hop. */
function spread(net: GossipNet, shard: number): number[] {
  const seen = new Set([0])
  const sizes = [1]
  for (let last = [0]; last.length > 0; ) {
    const next: number[] = []
    for (const node of last) {
      net.forMesh(node, shard, (peer) => {
        if (!seen.has(peer)) next.push(peer)
        seen.add(peer)
      })
    }
    if (next.length > 0) sizes.push(seen.size)
    last = next
  }
  return sizes
}

describe('GossipNet', () => {
  it('keeps the degrees that the installed library keeps', () => {
    const path = join(import.meta.dirname, '../../../../node_modules/@libp2p/gossipsub/dist/src/constants.js')
    const source = readFileSync(path, 'utf8')
    const constant = (name: string) => Number(new RegExp(`const Gossipsub${name} = ([\\d.]+)`).exec(source)?.[1])
    expect(['D', 'Dlo', 'Dhi', 'Dlazy', 'Dout', 'GossipFactor', 'HistoryGossip'].map(constant)).toEqual([
      GOSSIP.d,
      GOSSIP.dLow,
      GOSSIP.dHigh,
      GOSSIP.dLazy,
      GOSSIP.dOut,
      GOSSIP.lazyShare,
      GOSSIP.lazyBeats,
    ])
  })

  it('makes meshes between the two degrees, the same from both sides', () => {
    const net = makeNet()
    const sizes: number[] = []
    let oneSided = 0
    for (let node = 0; node < NODES; node++) {
      for (let shard = 0; shard < SHARD_COUNT; shard++) {
        sizes.push(net.meshSize(node, shard))
        net.forMesh(node, shard, (peer) => {
          if (!net.isInMesh(peer, shard, node)) oneSided++
        })
      }
    }
    expect(oneSided).toBe(0)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(GOSSIP.dLow)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(GOSSIP.dHigh)
  })

  it('reaches everybody in as many hops as a random graph of that degree, ln n / ln (d − 1) and one or two', () => {
    const net = makeNet()
    const least = Math.log(NODES) / Math.log(GOSSIP.dHigh - 1)
    const most = Math.log(NODES) / Math.log(GOSSIP.d - 1) + 2
    for (let shard = 0; shard < SHARD_COUNT; shard++) {
      const sizes = spread(net, shard)
      expect(sizes.at(-1)).toBe(NODES)
      expect(sizes.length - 1).toBeGreaterThanOrEqual(least)
      expect(sizes.length - 1).toBeLessThanOrEqual(most)
    }
  })

  it('reaches nobody beyond a cut, and heals when a link is there again', () => {
    const net = makeNet()
    for (const other of net.leave(7)) net.fill(other)
    expect(spread(net, 0).at(-1)).toBe(NODES - 1)
    net.join(7)
    net.fill(7)
    expect(spread(net, 0).at(-1)).toBe(NODES - 1)
    net.link(7, 8)
    net.fill(7)
    expect(spread(net, 0).at(-1)).toBe(NODES)
  })
})
