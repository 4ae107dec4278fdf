import type { Follow, FollowState, NodeEvent } from '../contract/views.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import type { LogReader } from '../store/log-reader.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes } from '../util/bytes.ts'
import { BadRequestError, NoAccountError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { checkAddresses, type People } from './people.ts'
import type { AddressKeeper, OwnIdentity, PendingFollowBook, RecordPublisher } from './ports.ts'
import type { Drafts } from './publish/drafts.ts'

/** Follows that are looked at, or signed, together. */
const MAX_AT_ONCE = 256

/** A follow whose account is known here. */
interface Known {
  /** As it was asked for: an address, or a device's key. */
  readonly target: Uint8Array
  readonly author: Uint8Array
  readonly genesisHash: Uint8Array
}

export interface FollowManagerComponents {
  readonly identity: OwnIdentity
  readonly people: Pick<People, 'find'>
  readonly book: PendingFollowBook
  readonly chains: Pick<LogReader, 'findAuthorOfDevice'> & {
    /** 32-byte hash of the genesis, null while the chain isn't held. */
    findGenesis(author: Uint8Array): Promise<Uint8Array | null>
  }
  readonly reader: Pick<TimelineReader, 'follows'>
  readonly publisher: RecordPublisher
  readonly drafts: Pick<Drafts, 'follow'>
  readonly addresses: AddressKeeper
  readonly events: { publish(event: NodeEvent): void }
  readonly logger: Logger
  /** Somebody is wanted who wasn't before (32-byte key): sync asks for them now. */
  readonly onWanted: (key: Uint8Array) => void
  /** Somebody is followed of whom nothing is here: they are looked for. */
  readonly onUnknown: (key: Uint8Array, addresses: readonly string[]) => void
  /** Follows have changed. */
  readonly onChanged: () => void
}

/**
 * Follows: at once a local wish, and a signed record as soon as the followed account's chain is held, because the
 * record names eight bytes of its genesis. A wish survives restarts; it may name a device, whose author is put in its
 * place once a chain lists that device. Changes are made one after the other.
 */
export class FollowManager {
  readonly #components: FollowManagerComponents
  #turn: Promise<unknown> = Promise.resolve()
  #settling: Promise<void> | null = null

  constructor(components: FollowManagerComponents) {
    this.#components = components
  }

  /**
   * Answers at once, whether the person can be reached or not.
   *
   * @throws NoAccountError, BadRequestError for oneself and for what is no profile
   */
  async add(text: string, addresses: readonly string[]): Promise<{ profile: string; state: FollowState }> {
    const own = this.#ownAddress()
    const given = checkAddresses(addresses)
    const person = await this.#components.people.find(text)
    if (equalBytes(person.key, own) || equalBytes(person.key, this.#components.identity.deviceKey)) {
      throw new BadRequestError('this is you: your own posts stand in your timeline anyway')
    }
    const wherever = [...given, ...person.addresses]
    for (const address of wherever) this.#components.addresses.keep(address)
    return this.#inTurn(() => this.#follow(person.key, wherever))
  }

  /**
   * Like `add`, of many in one go, also before there is an account: then they are signed as soon as there is one. Nothing
   * happens for oneself.
   *
   * @throws BadRequestError for what is no profile
   */
  async wish(texts: readonly string[], addresses: readonly string[]): Promise<void> {
    const { identity, people, chains } = this.#components
    const found = (await Promise.all(texts.map((text) => people.find(text)))).map(({ key }) => key)
    const keys = found.filter((key) => identity.address === null || !equalBytes(key, identity.address))
    if (keys.length === 0) return
    await this.#inTurn(async () => {
      const hashes = await Promise.all(keys.map((key) => chains.findGenesis(key)))
      const waiting = keys.filter((_, i) => identity.address === null || hashes[i] === null)
      await this.#wait(keys, addresses, waiting)
    })
    await this.settle()
  }

  /** Ends the wish or the follow; nothing happens where there is none. */
  async remove(text: string): Promise<{ profile: string; state: FollowState }> {
    this.#ownAddress()
    const person = await this.#components.people.find(text)
    return this.#inTurn(async () => {
      const { book, chains, publisher, drafts, events, onChanged } = this.#components
      const profile = formatPeerId(person.key)
      await book.removePendingFollows([person.key])
      if (await this.#isFollowing(profile)) {
        const genesisHash = await chains.findGenesis(person.key)
        if (genesisHash !== null) await publisher.publish([drafts.follow(person.key, genesisHash, false)])
      }
      events.publish({ type: 'follows' })
      onChanged()
      return { profile, state: 'none' as const }
    })
  }

  list(): Promise<readonly Follow[]> {
    return this.#components.reader.follows()
  }

  /** Signs what waited for a chain that is here now. Called when chains have grown and at start. */
  settle(): Promise<void> {
    if (this.#components.identity.address === null) return Promise.resolve()
    // One that has not begun yet sees everything that is known by then.
    this.#settling ??= this.#inTurn(async () => {
      this.#settling = null
      const known = await this.#listKnown()
      for (let i = 0; i < known.length; i += MAX_AT_ONCE) {
        await this.#followKnown(known.slice(i, i + MAX_AT_ONCE)).catch((error: unknown) => {
          this.#components.logger.error({ err: error }, 'follows that waited could not be signed')
        })
      }
    })
    return this.#settling
  }

  /** Of those that wait, whose chain is held. Asked at once: beside a sync each answer waits until a batch is written. */
  async #listKnown(): Promise<Known[]> {
    const { book, chains } = this.#components
    const pending = await book.listPendingFollows()
    const known: Known[] = []
    for (let i = 0; i < pending.length; i += MAX_AT_ONCE) {
      const page = pending.slice(i, i + MAX_AT_ONCE).map(async ({ target }) => {
        const author = (await chains.findAuthorOfDevice(target)) ?? target
        const genesisHash = await chains.findGenesis(author)
        return genesisHash === null ? [] : [{ target, author, genesisHash }]
      })
      known.push(...(await Promise.all(page)).flat())
    }
    return known
  }

  async #follow(key: Uint8Array, addresses: readonly string[]): Promise<{ profile: string; state: FollowState }> {
    const { identity, chains } = this.#components
    const profile = formatPeerId(key)
    const genesisHash = await chains.findGenesis(key)
    if (genesisHash === null || identity.address === null) {
      await this.#wait([key], addresses, [key])
      return { profile, state: 'pending' }
    }
    await this.#followKnown([{ target: key, author: key, genesisHash }])
    return { profile, state: 'following' }
  }

  /** Puts these among those that wait, and asks for `unknown`, which can't be signed now. */
  async #wait(
    keys: readonly Uint8Array[],
    addresses: readonly string[],
    unknown: readonly Uint8Array[],
  ): Promise<void> {
    const { book, events, onUnknown, onWanted } = this.#components
    await book.addPendingFollows(keys, addresses)
    events.publish({ type: 'follows' })
    for (const key of unknown) {
      onWanted(key)
      onUnknown(key, addresses)
    }
  }

  /** Signs what isn't signed yet, all of it in one go: a newcomer follows many people whose chains come together. */
  async #followKnown(known: readonly Known[]): Promise<void> {
    const { book, drafts, identity, publisher, reader, events, onWanted, onChanged } = this.#components
    const own = identity.address
    const others = new Map(
      known
        .filter(({ author }) => own === null || !equalBytes(author, own))
        .map((one): [string, Known] => [formatPeerId(one.author), one]),
    )
    const follows = others.size === 0 ? [] : await reader.follows()
    const held = new Set(follows.filter(({ state }) => state === 'following').map(({ profile }) => profile))
    const fresh = [...others].filter(([profile]) => !held.has(profile))
    if (fresh.length > 0) {
      await publisher.publish(fresh.map(([, { author, genesisHash }]) => drafts.follow(author, genesisHash, true)))
    }
    await book.removePendingFollows(known.map(({ target }) => target))
    events.publish({ type: 'follows' })
    if (others.size === 0) return
    for (const profile of others.keys()) events.publish({ type: 'profile', profile })
    // What was held of them already stands in the home timeline now.
    events.publish({ type: 'posts', ids: [], all: true })
    for (const { author } of others.values()) onWanted(author)
    onChanged()
  }

  async #isFollowing(profile: string): Promise<boolean> {
    const follows = await this.#components.reader.follows()
    return follows.some((follow) => follow.profile === profile && follow.state === 'following')
  }

  #ownAddress(): Uint8Array {
    const { address } = this.#components.identity
    if (address === null) throw new NoAccountError()
    return address
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
