import { createInterface } from 'node:readline'
import { unixfs } from '@helia/unixfs'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createHelia } from 'helia'
import { CID } from 'multiformats/cid'

/**
 * A plain Helia node with none of our code: what anybody on IPFS runs, cut off from the public network (no bootstrap,
 * no discovery, no gateways, no delegated routers). `{do: 'cat', address, cid}` dials and fetches a file by its CID;
 * `{do: 'add', base64}` adds one as Helia does by default.
 */
type Command = { do: 'cat'; address: string; cid: string } | { do: 'add'; base64: string }

const FETCH_TIMEOUT_MS = 20_000

const helia = createHelia({
  libp2p: {
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    peerDiscovery: [],
    services: { identify: identify() },
  },
  http: { delegatedRouters: [], recursiveGateways: [] },
})
await helia.start()
const files = unixfs(helia)

async function answer(command: Command): Promise<Record<string, unknown>> {
  if (command.do === 'add') {
    const cid = await files.addBytes(Buffer.from(command.base64, 'base64'))
    return { cid: cid.toString() }
  }
  await helia.libp2p.dial(multiaddr(command.address))
  const parts: Uint8Array[] = []
  for await (const part of files.cat(CID.parse(command.cid), { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })) {
    parts.push(part)
  }
  return { base64: Buffer.concat(parts).toString('base64') }
}

console.log(JSON.stringify({ address: helia.libp2p.getMultiaddrs()[0]?.toString() }))
for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await answer(JSON.parse(line) as Command)))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
}
