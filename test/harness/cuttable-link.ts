import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * open: bytes pass · cut: connections are closed and new ones are closed at once, as by a host that refuses · silent:
 * connections stay and nothing passes, not even that one has ended, as on a cable that is out; what waited goes on later
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
  readonly #pairs = new Set<Pair>()
  #state: LinkState = 'open'

  private constructor(server: Server, target: Target, peerId: string) {
    this.#server = server
    this.#target = target
    this.address = `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/p2p/${peerId}`
    server.on('connection', (near) => this.#accept(near))
  }

  /** `address`: multiaddr with /ip4/…/tcp/…/p2p/… */
  static async to(address: string): Promise<CuttableLink> {
    const [, host, port, peerId] = /^\/ip4\/([^/]+)\/tcp\/(\d+)(?:\/.*)?\/p2p\/(\w+)$/.exec(address) ?? []
    if (host === undefined || peerId === undefined) throw new Error(`no TCP address: ${address}`)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new CuttableLink(server, { host, port: Number(port) }, peerId)
  }

  get state(): LinkState {
    return this.#state
  }

  set(state: LinkState): void {
    this.#state = state
    for (const pair of this.#pairs) {
      if (state === 'cut') pair.end()
      else pair.setSilent(state === 'silent')
    }
  }

  async close(): Promise<void> {
    this.set('cut')
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(near: Socket): void {
    if (this.#state === 'cut') {
      near.on('error', () => {})
      near.destroy()
      return
    }
    const pair = new Pair(near, this.#target, () => this.#pairs.delete(pair))
    this.#pairs.add(pair)
    pair.setSilent(this.#state === 'silent')
  }
}

/** One connection through the relay. */
class Pair {
  readonly #near: Socket
  readonly #target: Target
  readonly #onEnd: () => void
  /** Null until the way was open for the first time: nobody hears of whom the silence keeps away. */
  #far: Socket | null = null
  #isSilent = true
  #hasEnded = false
  /** Bytes on their way while it is silent, by where they go. */
  #toFar: Buffer[] = []
  #toNear: Buffer[] = []

  constructor(near: Socket, target: Target, onEnd: () => void) {
    this.#near = near
    this.#target = target
    this.#onEnd = onEnd
    this.#watch(near, (part) => this.#pass(part, this.#far, this.#toFar))
  }

  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent
    if (isSilent) return
    if (this.#hasEnded) {
      this.end()
      return
    }
    if (this.#far === null) {
      this.#far = connect(this.#target.port, this.#target.host)
      this.#watch(this.#far, (part) => this.#pass(part, this.#near, this.#toNear))
    }
    for (const part of this.#toFar.splice(0)) this.#far.write(part)
    for (const part of this.#toNear.splice(0)) this.#near.write(part)
  }

  end(): void {
    this.#near.destroy()
    this.#far?.destroy()
    this.#onEnd()
  }

  #watch(socket: Socket, take: (part: Buffer) => void): void {
    socket.setNoDelay(true)
    socket.on('data', take)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#hasEnded = true
      if (!this.#isSilent || this.#far === null) this.end()
    })
  }

  #pass(part: Buffer, to: Socket | null, waiting: Buffer[]): void {
    if (this.#isSilent || to === null) waiting.push(part)
    else to.write(part)
  }
}
