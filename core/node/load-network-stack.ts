import type { NetworkStack } from './network-stack.ts'

/**
 * libp2p and what stands on it, loaded in several bites: each blocks the thread for a while, and calls that came
 * meanwhile are answered in between.
 */
export async function loadNetworkStack(): Promise<typeof NetworkStack> {
  const bites = [
    () => import('../net/host.ts'),
    () => import('../gossip/gossipsub-host.ts'),
    () => import('../media/helia-host.ts'),
  ]
  for (const load of bites) {
    await load()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return (await import('./network-stack.ts')).NetworkStack
}
