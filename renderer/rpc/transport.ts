import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'

/**
 * connecting: never open yet · open · lost: was open, trying again · expired: the web UI no longer knows this browser
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'expired'

/** A way to the node that comes and goes. Calls wait for it to be open; what was under way when it broke fails. */
export interface Transport extends ClientLink<ClientContext> {
  readonly connection: Connection
  /** @returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void
  /** Tries again now. */
  retry(): void
  close(): void
}

/** The connection broke before the answer came: whether the node did it is not known. */
export class ConnectionLostError extends Error {
  readonly code = 'connection-lost'
  constructor() {
    super('the connection to the node broke before it answered')
    this.name = 'ConnectionLostError'
  }
}

/** Longest that a call waits for a connection. */
const OPEN_TIMEOUT_MS = 20_000

/**
 * What both transports share. `open(link)` starts an epoch with a fresh link, `lose(connection)` ends it and fails what
 * is under way.
 */
export abstract class SwitchingTransport implements Transport {
  #connection: Connection = 'connecting'
  #link: ClientLink<ClientContext> | undefined
  #epoch = new AbortController()
  readonly #listeners = new Set<() => void>()

  get connection(): Connection {
    return this.#connection
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const link = this.#link ?? (await this.#whenOpen(options.signal))
    const epoch = this.#epoch.signal
    const signal = options.signal === undefined ? epoch : AbortSignal.any([options.signal, epoch])
    return await link.call(path, input, { ...options, signal })
  }

  abstract retry(): void
  abstract close(): void

  protected open(link: ClientLink<ClientContext>): void {
    this.#epoch.abort(new ConnectionLostError())
    this.#epoch = new AbortController()
    this.#link = link
    this.#say('open')
  }

  protected lose(connection: 'lost' | 'expired'): void {
    this.#link = undefined
    this.#epoch.abort(new ConnectionLostError())
    this.#say(this.#connection === 'connecting' && connection === 'lost' ? 'connecting' : connection)
  }

  #say(connection: Connection): void {
    if (connection === this.#connection) return
    this.#connection = connection
    for (const listener of this.#listeners) listener()
  }

  #whenOpen(signal: AbortSignal | undefined): Promise<ClientLink<ClientContext>> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.#link === undefined && this.#connection !== 'expired' && !ended.aborted) return
        stop()
        ended.removeEventListener('abort', settle)
        if (this.#link !== undefined) resolve(this.#link)
        else reject(signal?.aborted ? signal.reason : new ConnectionLostError())
      }
      const deadline = AbortSignal.timeout(OPEN_TIMEOUT_MS)
      const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
      const stop = this.subscribe(settle)
      ended.addEventListener('abort', settle)
      settle()
    })
  }
}
