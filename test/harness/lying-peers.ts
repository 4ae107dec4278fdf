import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { OfferEntry, SyncFrame } from '../../core/sync/frames.ts'
import { MAX_BUCKETS } from '../../core/sync/limits.ts'
import { chainDigest } from '../../core/sync/offer.ts'
import { fakeKey, fakeOperation, fakeRecord } from './memory-square.ts'
import { HELLO, ScriptedSyncPeer } from './scripted-sync-peer.ts'

/** Whose records the honest peer holds; who is lied to wants them. */
export const wantedAuthor = fakeKey('wanted author')
export const wantedDevice = fakeKey('wanted device')

/** An author of the liar with that number, wanted too. */
export function drippingAuthor(liar: number): Uint8Array {
  return fakeKey(`dripping author ${liar}`)
}

const NO_INTEREST: SyncFrame = {
  type: 'interest',
  everyone: false,
  keys: [],
  digests: new Uint8Array(),
  sketch: new Uint8Array(),
  known: null,
  isLast: true,
}
const NO_OFFER: SyncFrame = { type: 'have', entries: [], alike: new Uint8Array(), differing: null, isLast: true }
const NO_NEED: SyncFrame = { type: 'need', entries: [], isLast: true }
const COMPLETE: SyncFrame = { type: 'done', operations: 0, records: 0, isComplete: true }
const UNFINISHED: SyncFrame = { ...COMPLETE, isComplete: false }

/** Empty frames, and entries of one author, that a flood consists of. */
const FLOOD_FRAMES = 2_000
const FLOOD_ENTRIES = 100

/** How the liar number `liar` answers its session number `count`, from 1. */
type Lie = (peer: ScriptedSyncPeer, count: number, liar: number) => Promise<void>

/** What a lying peer does in answer to a session, by name. */
export const LIES = {
  'offers what it does not give': async (peer) => {
    await peer.send(HELLO, NO_INTEREST, have(offerOf(wantedAuthor, wantedDevice, 1, 5_000)))
    await peer.next('need')
    await peer.send(NO_NEED, COMPLETE)
  },
  'offers a head that cannot be': async (peer) => {
    await peer.send(HELLO, NO_INTEREST, have(offerOf(wantedAuthor, wantedDevice, 1, 4_000_000_000)))
    await peer.next('need')
    await peer.send(NO_NEED, COMPLETE)
  },
  'says digests that never fit': async (peer, count) => {
    const digests = new Uint8Array(8 * MAX_BUCKETS).fill(count)
    await peer.send(
      HELLO,
      {
        type: 'interest',
        everyone: false,
        keys: [wantedAuthor],
        digests,
        sketch: new Uint8Array(),
        known: null,
        isLast: true,
      },
      NO_OFFER,
    )
    await peer.send(NO_NEED, COMPLETE)
  },
  'is never done and moves nothing': async (peer) => {
    await peer.send(HELLO, NO_INTEREST, NO_OFFER, NO_NEED, UNFINISHED)
  },
  'is never done and gives one record a session': async (peer, count, liar) => {
    const [author, device] = [drippingAuthor(liar), fakeKey(`dripping device ${liar}`)]
    await peer.send(HELLO, NO_INTEREST, have(offerOf(author, device, 1, count)))
    const need = await peer.next('need')
    await peer.send(NO_NEED)
    if (need.entries[0]?.needsChain === true) {
      await peer.send({ type: 'operations', number: 1, items: [fakeOperation(author, 0, [device])] })
      await peer.next('ack')
    }
    const number = need.entries[0]?.needsChain === true ? 2 : 1
    const items = [fakeRecord(author, device, count, Uint8Array.of(1))]
    await peer.send({ type: 'records', number, items }, UNFINISHED)
  },
  'stalls after Need': async (peer) => {
    await peer.send(HELLO, NO_INTEREST, have(offerOf(wantedAuthor, wantedDevice, 1, 100)))
    await peer.next('need')
    await peer.send(NO_NEED)
    await peer.drain()
  },
  'says nothing': async (peer) => {
    await peer.drain()
  },
  'floods with empty offers': async (peer) => {
    await peer.send(HELLO, NO_INTEREST)
    for (let i = 0; i < FLOOD_FRAMES; i++)
      await peer.send({ type: 'have', entries: [], alike: new Uint8Array(), differing: null, isLast: false })
    await peer.drain()
  },
  'floods with the same offer': async (peer) => {
    const entries = Array.from({ length: FLOOD_ENTRIES }, () => offerOf(wantedAuthor, wantedDevice, 1, 1))
    await peer.send(HELLO, NO_INTEREST)
    for (let i = 0; i < FLOOD_ENTRIES; i++)
      await peer.send({ type: 'have', entries, alike: new Uint8Array(), differing: null, isLast: false })
    await peer.drain()
  },
  'is always busy': async (peer) => {
    await peer.send({ type: 'error', code: 'busy' })
  },
} satisfies Record<string, Lie>

export type LieName = keyof typeof LIES

/** Answers one session with a lie, to the end of the stream. Never throws. */
export async function answerWith(name: LieName, duplex: FrameDuplex, count: number, liar: number): Promise<void> {
  const peer = new ScriptedSyncPeer(duplex)
  try {
    await LIES[name](peer, count, liar)
    await peer.end()
    await peer.drain()
  } catch {
    // The other side has had enough.
  }
}

function have(entry: OfferEntry): SyncFrame {
  return { type: 'have', entries: [entry], alike: new Uint8Array(), differing: null, isLast: true }
}

function offerOf(author: Uint8Array, device: Uint8Array, from: number, to: number): OfferEntry {
  const chain = chainDigest([fakeOperation(author, 0, [device])])
  return { author, chain, alias: null, logs: [{ device, ranges: [[from, to]], marks: [], beat: null }] }
}
