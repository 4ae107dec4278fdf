import { join } from 'node:path'
import { decodeCbor, encodeCbor, isCborArray } from '../codec/dag-cbor.ts'
import type { Settings } from '../contract/settings.ts'
import { CardBook } from '../discovery/card-book.ts'
import { dialable } from '../discovery/discovery.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { createPlatformVerifier } from '../ingest/platform-verifier.ts'
import { checkPeerCard, encodePeerCard } from '../record/peer-card.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import type { NodePart, OwnIdentity } from './ports.ts'
import type { WantedProfiles } from './wanted-profiles.ts'

/** A crash forgets what was learned since. */
const WRITE_EVERY_MS = 5 * 60_000
const MAX_FILE_BYTES = 16 * 1_048_576
const MAX_FILE_ITEMS = 100_000
/** Signatures that are judged before others get their turn. */
const CHECKED_AT_ONCE = 32
const MAX_VERIFY_KEYS = 1_000
const MAX_TOLD_CARDS = 8

export interface PeerCardsComponents {
  readonly chains: { findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null> }
  readonly identity: Pick<OwnIdentity, 'address'>
  readonly wanted: Pick<WantedProfiles, 'has' | 'keys'>
  readonly settings: { get(): Pick<Settings, 'sharesAddresses'> }
  readonly clock: Clock
  readonly logger: Logger
}

export interface PeerCardsInit {
  readonly dataDir: string
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
}

/**
 * Where people were seen last, over restarts: `cards.cbor`, signed cards with the time of the last meeting. It is a
 * convenience: a damaged or unwritable file costs a warning, a changed card is left out.
 */
export class PeerCards implements NodePart {
  readonly book: CardBook
  readonly #c: PeerCardsComponents
  readonly #init: PeerCardsInit
  readonly #path: string
  #verifier: SignatureVerifier | null = null
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(components: PeerCardsComponents, init: PeerCardsInit) {
    const { clock } = components
    this.#c = components
    this.#init = init
    this.#path = join(init.dataDir, 'cards.cbor')
    this.book = new CardBook({ clock }, { isWanted: (author) => this.isWanted(author), isSeed: init.role === 'seed' })
  }

  /** This device's addresses may be handed on; a seed's always are. */
  get sharesAddresses(): boolean {
    return this.#init.role === 'seed' || this.#c.settings.get().sharesAddresses
  }

  /** Made when it is needed, which is after the first page: it tests the platform first. */
  get verifier(): SignatureVerifier {
    this.#verifier ??= createPlatformVerifier(this.#c, MAX_VERIFY_KEYS)
    return this.#verifier
  }

  start(): void {
    this.#work = this.#load()
    this.#timer = setInterval(() => this.#save(), WRITE_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearInterval(this.#timer)
    if (this.#timer !== undefined) this.#save()
    this.#timer = undefined
    await this.#work
  }

  /** Whose device it is can be said now of cards that only claimed it. */
  noteIdentities(addresses: readonly Uint8Array[]): void {
    const cards = this.book.ofAuthors(addresses, 64)
    this.#work = this.#work.then(async () => {
      for (const { device, author } of cards) {
        const found = await this.#c.chains.findAuthorOfDevice(device).catch(() => null)
        this.book.noteListed(device, found !== null && author !== null && equalBytes(found, author))
      }
    })
  }

  noteSynced(): void {}

  /** Where devices of this account were seen, as they are dialled; those that its chain lists first. */
  addressesOf(profile: string): readonly string[] {
    const author = parsePeerId(profile)
    return author === undefined ? [] : this.book.ofAuthors([author], MAX_TOLD_CARDS).flatMap(dialable)
  }

  /** Somebody whom this node wants to hear, or this account: its other devices. */
  isWanted(author: Uint8Array): boolean {
    const own = this.#c.identity.address
    return this.#c.wanted.has(author) || (own !== null && equalBytes(author, own))
  }

  /** Their addresses, 32 bytes each. */
  listWanted(): readonly Uint8Array[] {
    const own = this.#c.identity.address
    return own === null ? this.#c.wanted.keys() : [...this.#c.wanted.keys(), own]
  }

  async #load(): Promise<void> {
    try {
      const bytes = await readIfThere(this.#path)
      if (bytes === null) return
      if (bytes.length > MAX_FILE_BYTES) throw new RangeError(`${bytes.length} bytes, limit ${MAX_FILE_BYTES}`)
      const rows = decodeCbor(bytes, { maxItems: MAX_FILE_ITEMS })
      if (!isCborArray(rows)) throw new TypeError('the file is no list')
      let checked = 0
      for (const row of rows) {
        if (this.#isStopping) return
        const [wire, metAt] = isCborArray(row) ? row : []
        if (!(wire instanceof Uint8Array) || typeof metAt !== 'number') continue
        const judged = checkPeerCard(wire, this.verifier, this.#init.network)
        if (judged.ok) this.book.restore(judged.card, metAt)
        if (++checked % CHECKED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      this.#c.logger.warn({ err: error, path: this.#path }, 'the peer cards could not be read; starting without them')
    }
  }

  #save(): void {
    this.#work = this.#work.then(async () => {
      try {
        const rows = this.book.all().map(({ card, metAt }) => [encodePeerCard(card), metAt])
        await writeDurably(this.#path, encodeCbor(rows))
      } catch (error) {
        this.#c.logger.warn({ err: error, path: this.#path }, 'the peer cards could not be written')
      }
    })
  }
}
