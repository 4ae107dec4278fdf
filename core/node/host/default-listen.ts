import type { NetworkDescriptor } from '../network-descriptor.ts'
import type { NodeConfig } from '../node-config.ts'
import { isPortFree, type LastPorts } from './last-ports.ts'

/** TCP, and WebSocket too for a seed, on the ports of last time where those are free; loopback only on a local network. */
export async function defaultListen(
  role: NodeConfig['role'],
  network: NetworkDescriptor,
  last: LastPorts,
): Promise<string[]> {
  const host = network.isLocal ? '127.0.0.1' : '0.0.0.0'
  const keep = async (port: number | undefined) => (port !== undefined && (await isPortFree(host, port)) ? port : 0)
  const tcp = `/ip4/${host}/tcp/${await keep(last.tcp)}`
  return role === 'seed' ? [tcp, `/ip4/${host}/tcp/${await keep(last.ws)}/ws`] : [tcp]
}

/** The ports in the multiaddrs that a node listens on. */
export function portsOf(addresses: readonly string[]): LastPorts {
  const portOf = (pattern: RegExp) => addresses.map((address) => pattern.exec(address)?.[1]).find(Boolean)
  const tcp = portOf(/^\/ip4\/[^/]+\/tcp\/(\d+)(?:\/p2p\/|$)/)
  const ws = portOf(/^\/ip4\/[^/]+\/tcp\/(\d+)\/ws(?:\/|$)/)
  return { ...(tcp && { tcp: Number(tcp) }), ...(ws && { ws: Number(ws) }) }
}

/** The same addresses, with these ports where any would do. */
export function onPorts(listen: readonly string[], ports: LastPorts): string[] {
  return listen.map((address) => {
    const port = /\/ws(?:\/|$)/.test(address) ? ports.ws : ports.tcp
    return address.replace(/\/tcp\/0(?=\/|$)/, `/tcp/${port ?? 0}`)
  })
}
