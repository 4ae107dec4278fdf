/**
 * What both sides of a session hold alike (SYN6): says it in few bytes of this side, leaves it out of the offer to the
 * other, and knows at the end of which authors the other side holds nothing that isn't held here.
 */
import type { LogReader } from '../store/log-reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'
import { type AuthorHeads, MAX_HEADS } from './author-heads.ts'
import { type BucketDigests, digestBuckets, findAlike, listEveryone, membersOf, NO_DIGESTS } from './buckets.ts'
import { SyncError } from './errors.ts'
import type { HelloFrame, NeedEntry, OfferEntry } from './frames.ts'
import type { Interest } from './incoming.ts'
import type { Intake } from './intake.ts'
import { uniqueKeys } from './offer.ts'
import type { Wishes } from './wishes.ts'

export interface LikenessInit {
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: Uint8Array | null
  /** 32-byte key of this device. */
  readonly device: Uint8Array
}

export class Likeness {
  readonly #reader: LogReader
  readonly #heads: AuthorHeads
  readonly #random: RandomSource
  readonly #init: LikenessInit
  #buckets: BucketDigests = NO_DIGESTS
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

  /** Digests of what is held of all that is asked for; none where not all of it fits in a session. */
  async digest({ everyone, keys, isCapped }: Wishes, nonce: Uint8Array): Promise<Uint8Array> {
    const asked = everyone ? await this.#listEveryone() : keys
    const isWhole = !isCapped && (!everyone || asked.length < MAX_HEADS)
    const { profile, device } = this.#init
    // Before there is an account here nobody can tell whose own records these are, and they are to be named (SYN10).
    const named = profile === null ? await this.#reader.findAuthorOfDevice(device) : null
    if (isWhole) this.#buckets = await digestBuckets(this.#heads, asked, nonce, named)
    return this.#buckets.digests
  }

  /** What the other side asks for, without that of which it holds what is held here. */
  async listOffered(
    { everyone, keys, digests }: Interest,
    { nonce: salt, profile }: HelloFrame,
    scope: readonly Uint8Array[] | null,
  ): Promise<{ keys: readonly Uint8Array[]; alike: Uint8Array }> {
    const asked = everyone && scope === null ? await this.#listEveryone() : keys
    const { authors, bits } = await findAlike(this.#heads, asked, { digests, salt })
    // Its own records are named in any case: that is how it learns who keeps them (SYN10).
    if (profile !== null) authors.delete(toHex(profile))
    // A session about the own account is there to hand over what it says last.
    const own = this.#init.profile
    if (own !== null && scope?.some((key) => equalBytes(key, own)) === true) authors.delete(toHex(own))
    return { keys: asked.filter((key) => !authors.has(toHex(key))), alike: bits }
  }

  /** The other side calls these buckets alike. @throws SyncError `bad-frame` when they are no buckets of ours */
  noteBuckets(bits: Uint8Array): void {
    const authors = bits.length === 0 ? [] : membersOf(this.#buckets, bits)
    if (authors === undefined) throw new SyncError('bad-frame', 'other buckets are called alike than were named')
    this.#alike.push(...authors)
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
