import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP relay on loopback that counts what passes, both ways together. */
export class CountingProxy {
  bytes = 0
  /** As a multiaddr of the peer behind it. */
  readonly address: string
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, address: string, sockets: Set<Socket>) {
    this.#server = server
    this.address = address
    this.#sockets = sockets
  }

  /** `address`: multiaddr with /ip4/…/tcp/…/p2p/… */
  static async to(address: string): Promise<CountingProxy> {
    const [, host, port, peerId] = /^\/ip4\/([^/]+)\/tcp\/(\d+)(?:\/.*)?\/p2p\/(\w+)$/.exec(address) ?? []
    if (host === undefined) throw new Error(`no TCP address: ${address}`)
    const sockets = new Set<Socket>()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const own = (server.address() as AddressInfo).port
    const proxy = new CountingProxy(server, `/ip4/127.0.0.1/tcp/${own}/p2p/${peerId}`, sockets)
    server.on('connection', (near) => {
      const far = connect(Number(port), host)
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from)
        from.on('data', (part: Buffer) => {
          proxy.bytes += part.length
        })
        from.on('error', () => to.destroy())
        from.pipe(to)
      }
    })
    return proxy
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
