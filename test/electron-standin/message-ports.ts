import { EventEmitter } from 'node:events'

/** What Electron's MessagePortMain is, as far as the app uses it: queued until `start`, one peer, 'close' once. */
export class StandinPort extends EventEmitter {
  #deliver: (data: unknown) => void = () => undefined
  #onClose: () => void = () => undefined
  readonly #queue: unknown[] = []
  #isStarted = false
  #isClosed = false

  /** Says where what is posted here goes, and what ends with this port. */
  connect(deliver: (data: unknown) => void, onClose: () => void): void {
    this.#deliver = deliver
    this.#onClose = onClose
  }

  postMessage(data: unknown): void {
    if (!this.#isClosed) this.#deliver(structuredClone(data))
  }

  start(): void {
    this.#isStarted = true
    for (const data of this.#queue.splice(0)) this.emit('message', { data, ports: [] })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#onClose()
    this.emit('close')
  }

  /** Called by the other end. */
  receive(data: unknown): void {
    if (this.#isClosed) return
    if (this.#isStarted) this.emit('message', { data, ports: [] })
    else this.#queue.push(data)
  }
}

/** Two ports, each the other's end. */
export function createPortPair(): { port1: StandinPort; port2: StandinPort } {
  const port1 = new StandinPort()
  const port2 = new StandinPort()
  const later = (port: StandinPort) => (data: unknown) => void setImmediate(() => port.receive(data))
  port1.connect(later(port2), () => setImmediate(() => port2.close()))
  port2.connect(later(port1), () => setImmediate(() => port1.close()))
  return { port1, port2 }
}

/** Messages between a process and its child that carry ports: posted data, and what travels on each port. */
export type WireMessage =
  | { readonly kind: 'post'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port-data'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-close'; readonly port: number }
