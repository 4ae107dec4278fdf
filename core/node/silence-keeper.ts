/**
 * Mutes and blocks. A mute is a private record, a block a public one; the store makes decisions of both, and of the blocks
 * of others against this account, whenever one of them comes: from here, from another device, from somebody else.
 *
 * A block names the chain of whom it is about. Where that isn't here yet the account's wish stands as a private record: the
 * person is out of sight at once, and the public record follows when the chain has come.
 */
import type { SilencedPeople } from '../contract/moderation.ts'
import type { NodeEvent } from '../contract/views.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes, fromHex, toHex } from '../util/bytes.ts'
import { BadRequestError, NoAccountError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { PrivateBook, SilenceCalls } from './api/services.ts'
import type { People } from './people.ts'
import type { NodePart, OwnIdentity, RecordPublisher } from './ports.ts'
import type { Drafts } from './publish/drafts.ts'
import type { MutedPerson } from './square-calls.ts'

const MUTE_EDGE = 'mute'
const BLOCK_EDGE = 'block'
const ADDRESS_BYTES = 32
/** Far beyond what a person mutes; what was said longer ago doesn't count. */
const MAX_MUTED = 10_000

export interface SilenceKeeperComponents {
  readonly identity: OwnIdentity
  readonly people: Pick<People, 'find'>
  readonly book: PrivateBook
  readonly store: {
    settleSilences(muted: readonly MutedPerson[], blocked: readonly MutedPerson[]): Promise<boolean>
    findGenesis(author: Uint8Array): Promise<Uint8Array | null>
  }
  readonly reader: Pick<TimelineReader, 'silencedPeople'>
  readonly publisher: RecordPublisher
  readonly drafts: Pick<Drafts, 'block'>
  readonly events: { publish(event: NodeEvent): void }
  readonly logger: Logger
}

export class SilenceKeeper implements SilenceCalls, NodePart {
  readonly #c: SilenceKeeperComponents
  #turn: Promise<unknown> = Promise.resolve()
  #waiting: Promise<void> | null = null

  constructor(components: SilenceKeeperComponents) {
    this.#c = components
  }

  async start(): Promise<void> {
    await this.#settle().catch((error: unknown) => this.#warn(error))
  }

  async stop(): Promise<void> {
    await this.#turn.catch(() => {})
  }

  noteSynced(): void {}
  /** Chains say which devices speak for somebody, and so which of their words count. */
  noteIdentities(): void {
    this.#settle().catch((error: unknown) => this.#warn(error))
  }

  noteIngested({ records }: IngestedEvent): void {
    const isSaid = records.some(({ kind, isOwn }) => kind === KIND.block || (kind === KIND.private && isOwn))
    if (isSaid) this.#settle().catch((error: unknown) => this.#warn(error))
  }

  /** Those whom nobody but this account knows to be blocked are marked. */
  async list(): Promise<SilencedPeople> {
    const { muted, blocked } = await this.#c.reader.silencedPeople()
    const wishes = new Set((await this.#said(BLOCK_EDGE)).map(({ address }) => formatPeerId(address)))
    const marked = blocked.map((person) => (wishes.has(person.profile) ? { ...person, isWaiting: true } : person))
    return { muted, blocked: marked }
  }

  /** @throws NoAccountError, BadRequestError for oneself and for what is no profile */
  async mute(profile: string, isOn: boolean): Promise<void> {
    const address = await this.#other(profile)
    await this.#c.book.put(MUTE_EDGE, toHex(address), isOn ? true : null)
    await this.#settle()
  }

  /** @throws NoAccountError, BadRequestError for oneself and for what is no profile */
  async block(profile: string, isOn: boolean): Promise<void> {
    const address = await this.#other(profile)
    const genesisHash = await this.#c.store.findGenesis(address)
    const isWish = (await this.#said(BLOCK_EDGE)).some((wish) => equalBytes(wish.address, address))
    if (genesisHash !== null) await this.#c.publisher.publish([this.#c.drafts.block(address, genesisHash, isOn)])
    const isWanted = isOn && genesisHash === null
    if (isWanted !== isWish) await this.#c.book.put(BLOCK_EDGE, toHex(address), isWanted ? true : null)
    await this.#settle()
  }

  async #other(profile: string): Promise<Uint8Array> {
    const own = this.#c.identity.address
    if (own === null) throw new NoAccountError()
    const { key } = await this.#c.people.find(profile)
    if (equalBytes(key, own)) throw new BadRequestError('this is you: your own posts can only be deleted')
    return key
  }

  /** One that has not begun yet sees everything that was said by then. */
  #settle(): Promise<void> {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = null
      await this.#sayBlocks()
      const [muted, blocked] = [await this.#said(MUTE_EDGE), await this.#said(BLOCK_EDGE)]
      if (await this.#c.store.settleSilences(muted, blocked)) this.#c.events.publish({ type: 'silences' })
    })
    return this.#waiting
  }

  /** Those whose chains have come are blocked in public. */
  async #sayBlocks(): Promise<void> {
    if (this.#c.identity.address === null) return
    for (const { address } of await this.#said(BLOCK_EDGE)) {
      // It may have been the key of a device, whose owner is known by now.
      const { key } = await this.#c.people.find(formatPeerId(address))
      const genesisHash = await this.#c.store.findGenesis(key)
      if (genesisHash === null) continue
      await this.#c.publisher.publish([this.#c.drafts.block(key, genesisHash, true)])
      await this.#c.book.put(BLOCK_EDGE, toHex(address), null)
    }
  }

  async #said(edge: string): Promise<MutedPerson[]> {
    return (await this.#c.book.list(edge)).slice(0, MAX_MUTED).flatMap(({ subject, at }) => {
      const address = fromHex(subject)
      return address?.length === ADDRESS_BYTES ? [{ address, since: at }] : []
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  #warn(error: unknown): void {
    this.#c.logger.warn({ err: error }, 'mutes and blocks could not be settled')
  }
}
