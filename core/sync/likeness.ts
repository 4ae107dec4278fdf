/**
 * What both sides of a session hold alike (SYN6): one of them says it in few bytes, the other answers where it holds
 * something else, and both leave out of their offers what is alike. At the end each knows of which authors the other side
 * holds nothing that isn't held here.
 */
import type { LogReader } from '../store/log-reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'
import { type AuthorHeads, MAX_HEADS } from './author-heads.ts'
import {
  type Buckets,
  type Comparison,
  compare,
  type HeldDigests,
  listAlike,
  listEveryone,
  NO_BUCKETS,
  NO_DIGESTS,
  summarize,
} from './buckets.ts'
import { SyncError } from './errors.ts'
import type { HelloFrame, NeedEntry, OfferEntry } from './frames.ts'
import type { Interest } from './incoming.ts'
import type { Intake } from './intake.ts'
import { uniqueKeys } from './offer.ts'
import type { Wishes } from './wishes.ts'

export interface LikenessInit {
  readonly isInitiator: boolean
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: Uint8Array | null
  /** 32-byte key of this device. */
  readonly device: Uint8Array
}

/** What the other side asks for, with the nonce that salts what it says of it. */
export interface OtherSide {
  readonly interest: Interest
  readonly hello: HelloFrame
}

export class Likeness {
  readonly #reader: LogReader
  readonly #heads: AuthorHeads
  readonly #random: RandomSource
  readonly #init: LikenessInit
  #buckets: Buckets = NO_BUCKETS
  /** Whom the initiator says something of; nobody where that is too much. */
  #covered: (author: Uint8Array) => boolean = () => false
  /** Of whom the other side has answered that it holds the same, in hex. */
  readonly #answered = new Set<string>()
  readonly #alike: Uint8Array[] = []

  constructor(
    components: { readonly reader: LogReader; readonly heads: AuthorHeads; readonly random: RandomSource },
    init: LikenessInit,
  ) {
    this.#reader = components.reader
    this.#heads = components.heads
    this.#random = components.random
    this.#init = init
  }

  /**
   * What is held of all that is asked for; nothing where not all of that fits in a session. The side that answers leaves
   * out those of whom the initiator has said it already.
   */
  async summarize(wishes: Wishes, nonce: Uint8Array, initiator: Interest | null): Promise<HeldDigests> {
    const { everyone, keys, isCapped } = wishes
    const asked = everyone ? await this.#listEveryone() : keys
    if (initiator !== null && initiator.digests.length > 0) this.#covered = membership(initiator)
    const left = asked.filter((author) => !this.#covered(author))
    const isWhole = !isCapped && (!everyone || asked.length < MAX_HEADS)
    if (!isWhole || left.length === 0) return NO_DIGESTS
    const { profile, device } = this.#init
    // Before there is an account here nobody can tell whose own records these are, and they are to be named (SYN10).
    const named = profile === null ? await this.#reader.findAuthorOfDevice(device) : null
    this.#buckets = await summarize(this.#heads, left, nonce, named)
    if (initiator === null) this.#covered = membership(wishes)
    return this.#buckets
  }

  /**
   * What the other side asks for, without that of which it holds what is held here: as its own digests show, or, for an
   * initiator, as it has answered.
   */
  async listOffered(
    { interest, hello }: OtherSide,
    wishes: Wishes,
    scope: readonly Uint8Array[] | null,
  ): Promise<{ keys: readonly Uint8Array[]; answer: Comparison }> {
    const { isInitiator, profile: own } = this.#init
    const { everyone, keys, digests, sketch } = interest
    const asked = everyone && scope === null ? await this.#listEveryone() : keys
    const judged = isInitiator ? asked.filter((author) => !this.#covered(author)) : asked
    const { authors, answer } = await compare(this.#heads, judged, { digests, sketch, salt: hello.nonce })
    const alike = new Set([...this.#answered, ...authors.map(toHex)])
    if (!isInitiator) this.#alike.push(...authors.filter((author) => wishes.covers({ author, alias: null })))
    // Its own records are named in any case: that is how it learns who keeps them (SYN10).
    if (hello.profile !== null) alike.delete(toHex(hello.profile))
    // A session about the own account is there to hand over what it says last.
    if (own !== null && scope?.some((key) => equalBytes(key, own)) === true) alike.delete(toHex(own))
    return { keys: asked.filter((key) => !alike.has(toHex(key))), answer }
  }

  /** What the other side answers. @throws SyncError `bad-frame` when it doesn't fit what was said */
  noteAnswer(answer: Comparison): void {
    const authors = listAlike(this.#buckets, answer)
    if (authors === undefined) throw new SyncError('bad-frame', 'other digests are answered than were said')
    this.#alike.push(...authors)
    for (const author of authors) this.#answered.add(toHex(author))
  }

  /** What was offered, and what of it is lacking here. */
  noteOffer(entries: readonly OfferEntry[], needs: readonly NeedEntry[]): void {
    const lacking = new Set(needs.map(({ author }) => toHex(author)))
    this.#alike.push(...entries.flatMap(({ author }) => (lacking.has(toHex(author)) ? [] : [author])))
  }

  /** Authors that were compared. Those of whom something was lacking are among them when all of it came. */
  listCompared(needs: readonly NeedEntry[], intake: Intake): Uint8Array[] {
    const isChainHere = intake.receivedOperations > 0 || !needs.some(({ needsChain }) => needsChain)
    const isCaughtUp = isChainHere && intake.newRecords === intake.neededRecords
    return uniqueKeys([...this.#alike, ...(isCaughtUp ? needs.map(({ author }) => author) : [])])
  }

  #listEveryone(): Promise<Uint8Array[]> {
    return listEveryone(this.#reader, this.#random(32), MAX_HEADS)
  }
}

/** Whether an author is among those that are asked for. */
function membership({ everyone, keys }: Pick<Interest, 'everyone' | 'keys'>): (author: Uint8Array) => boolean {
  if (everyone) return () => true
  const names = new Set(keys.map(toHex))
  return (author) => names.has(toHex(author))
}
