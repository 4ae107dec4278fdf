import { createInterface } from 'node:readline'
import { readMedia } from '../../../core/media/read.ts'
import { MemoryTables } from './memory-tables.ts'
import { startMediaPeer } from './network.ts'

/**
 * A media peer in a process of its own: JSON commands in, one JSON answer each. The first line says where it listens.
 * `claim` stands for a record that refers to the media.
 */
type Command =
  | { do: 'add'; base64: string }
  | { do: 'claim'; cid: string; type: string; size: number }
  | { do: 'dial'; address: string }
  | { do: 'fetch'; cid: string }
  | { do: 'read'; cid: string }
  | { do: 'traffic' }

const tables = new MemoryTables()
const peer = await startMediaPeer(tables)

async function answer(command: Command): Promise<Record<string, unknown>> {
  switch (command.do) {
    case 'add':
      return { ...(await peer.add(Buffer.from(command.base64, 'base64'))) }
    case 'claim':
      tables.claims.set(command.cid, { type: command.type, size: command.size, author: new Uint8Array(32) })
      peer.fetcher.wake()
      return {}
    case 'dial':
      return { peerId: await peer.host.dial(command.address) }
    case 'fetch':
      return { state: await peer.fetcher.fetch(command.cid) }
    case 'read': {
      const file = await readMedia({ index: tables, blocks: tables }, command.cid)
      return { type: file?.type ?? null, base64: file === null ? null : Buffer.from(file.bytes).toString('base64') }
    }
    case 'traffic':
      return { ...peer.host.traffic() }
  }
}

console.log(JSON.stringify({ address: peer.address }))
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line) as Command)))
}
