import { type Metrics, type MultiaddrConnection, type Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Traffic } from './peer-host.ts'

/**
 * Counts the bytes of every transport connection, below encryption and multiplexing and above TCP/IP: what is written
 * to and read from the sockets (or carried by WebSocket messages), without the headers of those. The one place where
 * libp2p lets every connection be seen is its metrics interface; the rest of that interface is answered with nothing.
 */
export class ByteMeter {
  #receivedBytes = 0
  #sentBytes = 0
  readonly #protocols = new Map<string, { receivedBytes: number; sentBytes: number }>()

  traffic(): Traffic {
    const protocols = new Map(Array.from(this.#protocols, ([protocol, flow]) => [protocol, { ...flow }]))
    return { receivedBytes: this.#receivedBytes, sentBytes: this.#sentBytes, protocols }
  }

  /** To be passed to libp2p as its `metrics`. */
  metrics(): Metrics {
    const gauge = { update() {}, increment() {}, decrement() {}, reset() {}, timer: () => () => {} }
    const summary = { observe() {}, reset() {}, timer: () => () => {} }
    const metrics = {
      trackMultiaddrConnection: (connection: MultiaddrConnection) => this.#track(connection),
      trackProtocolStream: (stream: Stream) => this.#trackStream(stream),
      registerMetric: () => gauge,
      registerMetricGroup: () => gauge,
      registerCounter: () => gauge,
      registerCounterGroup: () => gauge,
      registerHistogram: () => summary,
      registerHistogramGroup: () => summary,
      registerSummary: () => summary,
      registerSummaryGroup: () => summary,
      traceFunction: <F>(_name: string, traced: F) => traced,
      createTrace() {},
    }
    return metrics as unknown as Metrics
  }

  /** Protocols are those that this node speaks: few. */
  #trackStream(stream: Stream): void {
    const flow = this.#protocols.get(stream.protocol) ?? { receivedBytes: 0, sentBytes: 0 }
    this.#protocols.set(stream.protocol, flow)
    // WebRTC carries each stream in a channel of its own: nothing of it passes the connection that is tracked.
    const isChannel = 'channel' in stream
    const noteReceived = (bytes: number) => {
      flow.receivedBytes += bytes
      if (isChannel) this.#receivedBytes += bytes
    }
    const { dispatchEvent, send, push, unshift } = stream
    stream.send = (data) => {
      flow.sentBytes += data.byteLength
      if (isChannel) this.#sentBytes += data.byteLength
      return send.call(stream, data)
    }
    stream.push = (data) => {
      noteReceived(-data.byteLength)
      push.call(stream, data)
    }
    stream.unshift = (data) => {
      noteReceived(-data.byteLength)
      unshift.call(stream, data)
    }
    // Not by listening: what comes before the first listener waits for it, and this one would take it away.
    stream.dispatchEvent = (event) => {
      if (event instanceof StreamMessageEvent) noteReceived(event.data.byteLength)
      return dispatchEvent.call(stream, event)
    }
  }

  #track(connection: MultiaddrConnection): void {
    const { send, push, unshift } = connection
    connection.send = (data) => {
      this.#sentBytes += data.byteLength
      return send.call(connection, data)
    }
    // Protocol negotiation puts back what it read too much of; it is announced a second time and counts once.
    connection.push = (data) => {
      this.#receivedBytes -= data.byteLength
      push.call(connection, data)
    }
    connection.unshift = (data) => {
      this.#receivedBytes -= data.byteLength
      unshift.call(connection, data)
    }
    connection.addEventListener('message', (event) => {
      this.#receivedBytes += event.data.byteLength
    })
  }
}
