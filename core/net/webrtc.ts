/**
 * Direct connections between two peers that are both behind a NAT: WebRTC, set up over a relayed connection. It is
 * loaded when a relay comes into play, because it takes as long to load as a third of the rest.
 *
 * Only private to private: the listener of `webrtc-direct` is never used. ICE asks nobody but the seeds that this node
 * is connected to: the package's own list of servers would tell companies who talks.
 */
import type { webRTC } from '@libp2p/webrtc'

/** Whoever says it can be reached that way. */
export const SIGNALING_PROTOCOL = '/webrtc-signaling/0.0.1'

/** Crossings that one peer may begin at once: each takes sockets and half a minute. */
const MAX_CROSSINGS_PER_PEER = 2

type Factory = ReturnType<typeof webRTC>
export type WebRtcComponents = Parameters<Factory>[0]

/** @throws Error where the native part doesn't load: this node then has relayed connections only. */
export async function loadWebRtc(
  components: WebRtcComponents,
  stunServers: () => readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const { webRTC: create } = await import('@libp2p/webrtc')
  const rtcConfiguration = () => ({ iceServers: stunServers().map((url) => ({ urls: [url] })) })
  const { registrar } = components
  const bounded: Pick<typeof registrar, 'handle' | 'unhandle'> = {
    handle: (protocol, handler, options) =>
      registrar.handle(protocol, handler, { ...options, maxInboundStreams: MAX_CROSSINGS_PER_PEER }),
    unhandle: (protocol) => registrar.unhandle(protocol),
  }
  const withBounds = Object.create(components, { registrar: { value: bounded } }) as WebRtcComponents
  const transport = create({ rtcConfiguration })(withBounds) as ReturnType<Factory> & {
    start(): Promise<void>
    stop(): Promise<void>
  }
  components.transportManager.add(transport)
  await transport.start()
  return { stop: () => transport.stop() }
}
