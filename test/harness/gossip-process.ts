/**
 * One gossip peer as a process of its own. Arguments: name, domain, then addresses to dial. Commands come as JSON
 * lines on stdin: `{"publish": [seq …]}` announces stand-in records of this peer's author, `{"seqs": "name"}` asks
 * what is held of another peer's, `{"heartbeats": n}` answers after n heartbeats. Answers are JSON lines on stdout.
 */
import { createInterface } from 'node:readline'
import { formatTopic, shardOf } from '../../core/gossip/shards.ts'
import { startGossipPeer } from './gossip-peer.ts'
import { fakeKey } from './memory-square.ts'

const [name = 'a', domain = 'palabre', ...addresses] = process.argv.slice(2)
const peer = await startGossipPeer(name, { domain })
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
for (const address of addresses) await peer.host.dial(address)
say({ ready: peer.host.addresses()[0] })

const author = fakeKey(`author ${name}`)
const device = fakeKey(`device ${name}`)
const topic = formatTopic(shardOf(author), domain)
peer.square.fill(author, device, 0)
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as { publish?: number[]; seqs?: string; heartbeats?: number; peers?: true }
  if (command.publish !== undefined) {
    const records = command.publish.map((seq) => ({ author, record: peer.square.put(author, device, seq) }))
    peer.gossip.announce(records)
    await peer.gossip.flush()
    say({ published: records.length })
  } else if (command.seqs !== undefined) {
    say({ seqs: peer.square.seqs(fakeKey(`author ${command.seqs}`), fakeKey(`device ${command.seqs}`)) })
  } else if (command.heartbeats !== undefined) {
    let left = command.heartbeats
    await new Promise<void>((resolve) => peer.pubsub.onHeartbeat(() => (--left === 0 ? resolve() : undefined)))
    say({ heartbeats: command.heartbeats })
  } else {
    say({ peers: peer.pubsub.peers().length, subscribers: peer.pubsub.subscribers(topic).length })
  }
}
await peer.stop()
