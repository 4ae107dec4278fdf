import type { RecordHeader } from '../record/envelope.ts'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import type { AuthorFacts } from '../store/author-facts.ts'
import { toHex } from '../util/bytes.ts'

/** What this node keeps; forwarding is another question. */
export interface KeepPolicy {
  readonly role: 'peer' | 'seed'
  /** Of seeds: every author that is heard, or only pinned ones. */
  readonly admit: 'all' | 'pinned'
  /** 32-byte addresses. */
  readonly pins: readonly Uint8Array[]
}

/** A peer keeps at most this much of an author it doesn't follow, a seed of one that isn't pinned. */
const MAX_STRANGER_BYTES = { peer: 20 * 1_048_576, seed: 256 * 1_048_576 } as const

/**
 * Says which records this node wants on its disk. Own, followed and pinned authors are kept whole; of strangers a peer
 * keeps what refers to those or what those refer to, deletions, and the profiles of strangers of whom it holds
 * something; a seed that admits all keeps everything within its bounds.
 */
export class Admission {
  readonly #facts: AuthorFacts
  #policy: KeepPolicy
  #pins: ReadonlySet<string>
  #pending: ReadonlySet<string> = new Set()
  #wanted: ReadonlySet<string> = new Set()

  constructor(components: { readonly facts: AuthorFacts }, policy: KeepPolicy) {
    this.#facts = components.facts
    this.#policy = policy
    this.#pins = new Set(policy.pins.map(toHex))
  }

  setPins(pins: readonly Uint8Array[]): void {
    this.#policy = { ...this.#policy, pins }
    this.#pins = new Set(pins.map(toHex))
  }

  setPendingFollows(targets: readonly Uint8Array[]): void {
    this.#pending = new Set(targets.map(toHex))
  }

  /** Whom this node wants for other reasons: people it guards, an account that is coming back. */
  setWanted(addresses: readonly Uint8Array[]): void {
    this.#wanted = new Set(addresses.map(toHex))
  }

  get pins(): readonly Uint8Array[] {
    return this.#policy.pins
  }

  get wantsEveryone(): boolean {
    return this.#policy.role === 'seed' && this.#policy.admit === 'all'
  }

  /** Own, followed, pinned, about to be followed, or wanted for another reason. */
  isKeptAuthor(address: Uint8Array): boolean {
    return this.#isNamed(address) || this.#facts.isHomeAuthor(address)
  }

  /** The deletion of a post whose text lies here: taken whatever the author's room and the disk. */
  erases(header: RecordHeader, body: DecodedBody | null): boolean {
    return body?.kind === 'delete' && this.#facts.holdsTextOf(body.body.subject.id, header.author)
  }

  isWanted(id: Uint8Array, header: RecordHeader, body: DecodedBody | null): boolean {
    if (this.isKeptAuthor(header.author)) return true
    const held = this.#facts.heldOf(header.author)
    if (held.bytes > MAX_STRANGER_BYTES[this.#policy.role]) return false
    if (this.wantsEveryone) return true
    if (body === null) return false
    switch (body.kind) {
      case 'delete':
        return true
      case 'profile':
        return held.records > 0
      case 'post':
        return (
          this.#refersToKept(body) || this.#facts.isReferredTo(id, header.author, (author) => this.isKeptAuthor(author))
        )
      default:
        return this.#refersToKept(body)
    }
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
      default:
        return false
    }
  }
}
