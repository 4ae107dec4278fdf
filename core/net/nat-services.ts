/** What finds out whether others reach this node: peers that dial back (AutoNAT v2), and the router (UPnP). */
import { autoNATv2 } from '@libp2p/autonat-v2'
import type { uPnPNAT } from '@libp2p/upnp-nat'

/** Dialling back for others: few at once, and soon given up. */
const MAX_DIAL_BACKS = 2
const DIAL_BACK_TIMEOUT_MS = 10_000

type AutoNatComponents = Parameters<ReturnType<typeof autoNATv2>>[0]

/** Asks connected peers to dial this node, and dials them when asked; it looks for no others. */
export function autoNat(): (components: AutoNatComponents) => unknown {
  const create = autoNATv2({ maxInboundStreams: MAX_DIAL_BACKS, timeout: DIAL_BACK_TIMEOUT_MS })
  return (components) => {
    const nobody = { walk: async function* () {} }
    return create(Object.create(components, { randomWalk: { value: nobody } }) as AutoNatComponents)
  }
}

export type UpnpComponents = Parameters<ReturnType<typeof uPnPNAT>>[0]

/** Asks the router of the local network to let connections in. What it says is believed when a peer could dial it. */
export async function startUpnp(components: UpnpComponents): Promise<{ stop(): Promise<void> }> {
  const { uPnPNAT: create } = await import('@libp2p/upnp-nat')
  const upnp = create({ portMappingDescription: 'palabre' })(components) as unknown as {
    start(): Promise<void>
    afterStart?(): Promise<void>
    stop(): Promise<void>
  }
  await upnp.start()
  await upnp.afterStart?.()
  return { stop: () => upnp.stop() }
}
