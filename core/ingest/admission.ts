import type { RecordHeader } from '../record/envelope.ts'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import { spokenTo } from '../record/spoken-to.ts'
import type { AuthorFacts } from '../store/author-facts.ts'
import { RANK, type Rank } from '../store/rank.ts'
import { isLasting } from '../store/release-table.ts'
import { toHex } from '../util/bytes.ts'
import { DEFAULT_BUDGETS } from './budgets.ts'

/** Records of one author that are kept for neighbours. */
const CARRIED_BYTES = 1_048_576

/** What this node keeps; forwarding is another question. */
export interface KeepPolicy {
  readonly role: 'peer' | 'seed'
  /** Of seeds: every author that is heard, or only pinned ones. */
  readonly admit: 'all' | 'pinned'
  /** 32-byte addresses. */
  readonly pins: readonly Uint8Array[]
}

/**
 * Says which records this node wants on its disk. Own, followed and pinned authors are kept whole; of strangers a peer
 * keeps what refers to those or what those refer to, what speaks to the account here, deletions, and the profiles of strangers of whom it holds
 * something; a seed that admits all keeps everything within its bounds.
 */
export class Admission {
  readonly #facts: AuthorFacts
  #policy: KeepPolicy
  #me: string | null = null
  #strangerBytes: number
  #hasStrangerRoom = true
  #oldestMs = 0
  #isDiskLow = false
  #pins: ReadonlySet<string>
  #pending: ReadonlySet<string> = new Set()
  #wanted: ReadonlySet<string> = new Set()
  #carried: ReadonlySet<string> = new Set()

  constructor(components: { readonly facts: AuthorFacts }, policy: KeepPolicy & { readonly strangerBytes?: number }) {
    this.#facts = components.facts
    this.#policy = policy
    this.#strangerBytes = policy.strangerBytes ?? DEFAULT_BUDGETS[policy.role].strangerBytes
    this.#pins = new Set(policy.pins.map(toHex))
  }

  setPins(pins: readonly Uint8Array[]): void {
    this.#policy = { ...this.#policy, pins }
    this.#pins = new Set(pins.map(toHex))
  }

  /** Address of the account here. */
  setAccount(me: Uint8Array | null): void {
    this.#me = me === null ? null : toHex(me)
  }

  /** Most that is kept of an author who isn't kept whole. */
  setStrangerBytes(bytes: number): void {
    this.#strangerBytes = bytes
  }

  /** False while all of them together take more than their share. */
  setStrangerRoom(hasRoom: boolean): void {
    this.#hasStrangerRoom = hasRoom
  }

  /** Of strangers, what was written before isn't worth the room: it would be let go of again. 0 for everything is. */
  setOldest(oldestMs: number): void {
    this.#oldestMs = oldestMs
  }

  isTooOld({ author, kind, ts }: RecordHeader): boolean {
    return ts < this.#oldestMs && !isLasting(kind) && this.rankOf(author) === RANK.stranger
  }

  /** Nothing is taken for others while the disk is short of room. */
  setDiskLow(isDiskLow: boolean): void {
    this.#isDiskLow = isDiskLow
  }

  setPendingFollows(targets: readonly Uint8Array[]): void {
    this.#pending = new Set(targets.map(toHex))
  }

  /** Whom this node wants for other reasons: people it guards, an account that is coming back. */
  setWanted(addresses: readonly Uint8Array[]): void {
    this.#wanted = new Set(addresses.map(toHex))
  }

  /** Whose new records are kept for neighbours, within the room of strangers. */
  setCarried(addresses: readonly Uint8Array[]): void {
    this.#carried = new Set(addresses.map(toHex))
  }

  get pins(): readonly Uint8Array[] {
    return this.#policy.pins
  }

  get wantsEveryone(): boolean {
    return this.#policy.role === 'seed' && this.#policy.admit === 'all'
  }

  rankOf(address: Uint8Array): Rank {
    if (this.#isNamed(address) || (this.#me !== null && this.#me === toHex(address))) return RANK.kept
    return this.#facts.isHomeAuthor(address) ? RANK.followed : RANK.stranger
  }

  /** Whose records never make room, in hex, without the account here. */
  listNamed(): string[] {
    return [...new Set([...this.#pins, ...this.#pending, ...this.#wanted])]
  }

  /** Own, followed, pinned, about to be followed, or wanted for another reason. */
  isKeptAuthor(address: Uint8Array): boolean {
    return this.#isNamed(address) || this.#facts.isHomeAuthor(address)
  }

  /** The deletion of a post whose text lies here: taken whatever the author's room and the disk. */
  erases(header: RecordHeader, body: DecodedBody | null): boolean {
    return body?.kind === 'delete' && this.#facts.holdsTextOf(body.body.subject.id, header.author)
  }

  /** Of a stranger more may be kept, if there is a reason to. */
  hasRoomFor(author: Uint8Array): boolean {
    if (!this.#hasStrangerRoom || this.#isDiskLow) return false
    return this.#facts.heldOf(author).bytes <= this.#strangerBytes
  }

  isWanted(id: Uint8Array, header: RecordHeader, body: DecodedBody | null): boolean {
    if (this.isKeptAuthor(header.author)) return true
    if (!this.hasRoomFor(header.author)) return false
    const held = this.#facts.heldOf(header.author)
    if (this.wantsEveryone) return true
    if (this.#carried.size > 0 && held.bytes <= CARRIED_BYTES && this.#carried.has(toHex(header.author))) return true
    if (body === null) return false
    switch (body.kind) {
      case 'delete':
        return true
      case 'profile':
        return held.records > 0
      case 'post':
        return (
          this.#speaksToMe(header.author, body) ||
          this.#refersToKept(body) ||
          this.#facts.isReferredTo(id, header.author, (author) => this.isKeptAuthor(author))
        )
      default:
        return this.#refersToKept(body)
    }
  }

  /** Who mentions or quotes the account here says something to it, as who answers it does. */
  #speaksToMe(author: Uint8Array, body: DecodedBody): boolean {
    return this.#me !== null && spokenTo(author, body).some((address) => toHex(address) === this.#me)
  }

  #isNamed(address: Uint8Array): boolean {
    if (this.#pins.size + this.#pending.size + this.#wanted.size === 0) return false
    const name = toHex(address)
    return this.#pins.has(name) || this.#pending.has(name) || this.#wanted.has(name)
  }

  #refersToKept(body: DecodedBody): boolean {
    switch (body.kind) {
      case 'post':
        return (
          body.body.reply !== undefined &&
          (this.isKeptAuthor(body.body.reply.parent.author) || this.isKeptAuthor(body.body.reply.root.author))
        )
      case 'reaction':
      case 'repost':
        return this.isKeptAuthor(body.body.subject.author)
      case 'follow':
        return this.isKeptAuthor(body.body.subject.address)
      case 'block':
        // Who wants nothing to do with this account is heeded, also when nobody here follows them.
        return toHex(body.body.subject.address) === this.#me
      default:
        return false
    }
  }
}
