import { formatPeerId } from '../../core/identity/peer-id.ts'
import { type PeerCard, type PeerCardWord, signPeerCard } from '../../core/record/peer-card.ts'
import { keyOf } from './chains.ts'

export const CARD_TIME = 1_767_323_045_678

/** The card of the device with this name, as it signs it. */
export function cardOf(name: string, change: Partial<Omit<PeerCardWord, 'device'>> = {}): PeerCard {
  const { publicKey, secretKey } = keyOf(name)
  return signPeerCard(
    {
      device: publicKey,
      author: keyOf(`${name}'s account`).publicKey,
      role: 'peer',
      addresses: [`/dns4/${name.replaceAll(/[^a-z0-9]/gu, '-')}.example/tcp/4001`],
      ts: CARD_TIME,
      extensions: {},
      ...change,
    },
    { secretKey },
  )
}

export function peerIdOfName(name: string): string {
  return formatPeerId(keyOf(name).publicKey)
}
