import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * open: bytes pass · cut: connections are closed and new ones are closed at once, as by a host that refuses · silent:
 * connections stay and no byte passes, as on a cable that is out
 */
export type LinkState = 'open' | 'cut' | 'silent'

interface Target {
  readonly host: string
  readonly port: number
}

/** The way from one node to another: a TCP relay on loopback that a test can cut and heal. */
export class CuttableLink {
  /** As a multiaddr of the peer behind it. */
  readonly address: string
  readonly #server: Server
  readonly #target: Target
  readonly #sockets = new Set<Socket>()
  #state: LinkState = 'open'

  private constructor(server: Server, target: Target, peerId: string) {
    this.#server = server
    this.#target = target
    this.address = `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/p2p/${peerId}`
    server.on('connection', (near) => this.#join(near))
  }

  /** `address`: multiaddr with /ip4/…/tcp/…/p2p/… */
  static async to(address: string): Promise<CuttableLink> {
    const [, host, port, peerId] = /^\/ip4\/([^/]+)\/tcp\/(\d+)(?:\/.*)?\/p2p\/(\w+)$/.exec(address) ?? []
    if (host === undefined || peerId === undefined) throw new Error(`no TCP address: ${address}`)
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new CuttableLink(server, { host, port: Number(port) }, peerId)
  }

  get state(): LinkState {
    return this.#state
  }

  set(state: LinkState): void {
    if (state === this.#state) return
    this.#state = state
    for (const socket of this.#sockets) {
      if (state === 'cut') socket.destroy()
      else if (state === 'silent') socket.pause()
      else socket.resume()
    }
  }

  async close(): Promise<void> {
    this.set('cut')
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(this.#target.port, this.#target.host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.setNoDelay(true)
      from.on('data', (part: Buffer) => {
        if (to.write(part)) return
        from.pause()
        to.once('drain', () => this.#state === 'silent' || from.resume())
      })
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      if (this.#state === 'open') from.resume()
      else from.pause()
    }
  }
}
