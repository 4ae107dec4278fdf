import type { ListPeople } from '../../contract/lists.ts'
import { parsePeerId } from '../../identity/peer-id.ts'
import { LIST_ID_BYTES, MAX_LIST_NAME_BYTES } from '../../record/limits.ts'
import type { TimelineReader } from '../../timeline/reader.ts'
import { fromHex, toHex } from '../../util/bytes.ts'
import { BadRequestError, NoAccountError, NotFoundError } from '../../util/errors.ts'
import type { RandomSource } from '../../util/random.ts'
import type { ListCalls } from '../api/services.ts'
import { checkText } from '../limits.ts'
import type { OwnIdentity, RecordPublisher } from '../ports.ts'
import type { Drafts } from './drafts.ts'

const MAX_LISTS = 100
const MAX_MEMBERS = 1_000

export interface ListWritingComponents {
  readonly identity: OwnIdentity
  readonly publisher: RecordPublisher
  readonly reader: Pick<TimelineReader, 'lists' | 'listPeople'>
  readonly bodies: { findGenesis(author: Uint8Array): Promise<Uint8Array | null> }
  readonly drafts: Drafts
}

/** Own lists of people: a record for each list, and one for each person on it (REC16). */
export class ListWriting implements ListCalls {
  readonly #c: ListWritingComponents
  readonly #random: RandomSource
  #turn: Promise<unknown> = Promise.resolve()

  constructor(components: ListWritingComponents, { random }: { readonly random: RandomSource }) {
    this.#c = components
    this.#random = random
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<ListPeople> {
    const list = await this.#c.reader.listPeople(id)
    if (list === null) throw new NotFoundError(`this account has no list ${id}`)
    return list
  }

  /** @throws NoAccountError, TooLongError, BadRequestError for one too many */
  create(name: string): Promise<{ id: string }> {
    return this.#inTurn(async () => {
      const { length } = await this.#c.reader.lists(null)
      if (length >= MAX_LISTS) throw new BadRequestError(`an account has at most ${MAX_LISTS} lists`)
      const list = this.#random(LIST_ID_BYTES)
      await this.#say(list, name, true)
      return { id: toHex(list) }
    })
  }

  rename(id: string, name: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.get(id)
      await this.#say(listOf(id), name, true)
    })
  }

  /** The list is gone, and with it who was on it. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => this.#say(listOf(id), (await this.get(id)).name, false))
  }

  /** @throws NotFoundError for a list that isn't there, and for somebody of whom nothing is here */
  put(id: string, profile: string, isOn: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const { people } = await this.get(id)
      if (people.some((person) => person.profile === profile) === isOn) return
      if (isOn && people.length >= MAX_MEMBERS) throw new BadRequestError(`a list has at most ${MAX_MEMBERS} people`)
      const address = parsePeerId(profile)
      const genesis = address === undefined ? null : await this.#c.bodies.findGenesis(address)
      if (address === undefined || genesis === null) throw new NotFoundError('nothing of this person is here yet')
      await this.#c.publisher.publish([this.#c.drafts.listMember(listOf(id), address, genesis, isOn)])
    })
  }

  async #say(list: Uint8Array, name: string, isOn: boolean): Promise<void> {
    if (this.#c.identity.address === null) throw new NoAccountError()
    checkText('name', name, MAX_LIST_NAME_BYTES)
    await this.#c.publisher.publish([this.#c.drafts.list(list, name, isOn)])
  }

  /** Looks and writes without another change in between. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

function listOf(id: string): Uint8Array {
  const list = fromHex(id)
  if (list?.length !== LIST_ID_BYTES) throw new BadRequestError(`expected a list's id, got ${id.slice(0, 80)}`)
  return list
}
