import type { NodeEvent } from '../../core/contract/views.ts'
import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import { uniteSignatures } from '../../core/identity/chain-path.ts'
import { createIdentity } from '../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair } from '../../core/identity/keys.ts'
import { checkOperation, encodeOperation, type IdentityOperation } from '../../core/identity/operation.ts'
import { formatPeerId } from '../../core/identity/peer-id.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { wordsFromEntropy } from '../../core/identity/words.ts'
import { roomFor } from '../../core/ingest/chain-room.ts'
import type { ExistingAccount } from '../../core/node/account-service.ts'
import { GuardianDuty } from '../../core/node/guardian-duty.ts'
import type { GuardianKeys, WardKey } from '../../core/node/guardian-keys.ts'
import { GuardianPeople } from '../../core/node/guardian-people.ts'
import { GuardianRecovery } from '../../core/node/guardian-recovery.ts'
import { GuardianService } from '../../core/node/guardian-service.ts'
import type { StateBook } from '../../core/node/ports.ts'
import { WantedAuthors } from '../../core/node/wanted-authors.ts'
import { equalBytes, toHex } from '../../core/util/bytes.ts'
import { ManualClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TEST_EPOCH_MS } from './authors.ts'
import { seededRandom } from './seeded-random.ts'

export const HOUR_MS = 3_600_000
export const DELAY_MS = 72 * HOUR_MS
const DOMAIN = 'palabre-test'

/** Chains in one place, kept as a store keeps them. */
class ChainStore {
  readonly #chains = new Map<string, IdentityOperation[]>()

  list(address: Uint8Array): readonly IdentityOperation[] {
    return this.#chains.get(toHex(address)) ?? []
  }

  listAll(): IdentityOperation[] {
    return [...this.#chains.values()].flat()
  }

  /** True when it brings something. */
  take(operation: IdentityOperation): boolean {
    const held = this.list(operation.address)
    const same = held.find(({ id }) => equalBytes(id, operation.id))
    const name = toHex(operation.address)
    if (same !== undefined) {
      const united = uniteSignatures([...held, operation])
      this.#chains.set(name, united)
      return JSON.stringify(united.map(signersOf)) !== JSON.stringify(uniteSignatures(held).map(signersOf))
    }
    const { isKept, surplus } = roomFor(operation, held)
    if (isKept) this.#chains.set(name, [...held.filter((one) => !surplus.includes(one)), operation])
    return isKept
  }
}

function signersOf({ signatures }: IdentityOperation): string {
  return signatures.map(({ key }) => toHex(key)).join()
}

/** People with a node each, one seed that all who are online have synced with, and a clock that the test holds. */
export class GuardianWorld {
  readonly clock = new ManualClock(TEST_EPOCH_MS)
  readonly seed = new ChainStore()
  readonly people: Person[] = []
  /** What travelled, to see when all is quiet. */
  moved = 0

  add(name: string, init: { readonly hasAccount?: boolean } = {}): Person {
    const person = new Person(this, name, init.hasAccount ?? true)
    this.people.push(person)
    return person
  }

  /** Everything that follows from what has been done is done. */
  async settled(): Promise<void> {
    for (let before = -1; before !== this.moved; ) {
      before = this.moved
      for (const person of this.people) await person.settled()
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms)
    for (const person of this.people) if (person.isRunning) await person.duty.settle()
    await this.settled()
  }
}

export class Person {
  readonly name: string
  readonly device: KeyPair
  readonly sealKeyPair: KeyPair
  readonly words: string
  readonly events: NodeEvent[] = []
  readonly store = new ChainStore()
  readonly keys = new MemoryKeys()
  readonly book = new MemoryBook()
  readonly guardians = new GuardianPeople({ book: this.book, shared: new MemoryShared(), logger: silentLogger })
  readonly taken: ExistingAccount[] = []
  readonly wanted: string[] = []
  address: Uint8Array | null = null
  isOnline = true
  isRunning = false
  /** Answers with nothing new when asked, as a network without a seed does. */
  hasSeed = true
  duty: GuardianDuty
  service: GuardianService
  recovery: GuardianRecovery
  readonly #world: GuardianWorld

  constructor(world: GuardianWorld, name: string, hasAccount: boolean) {
    this.#world = world
    this.name = name
    const random = seededRandom(`guardian world: ${name}`)
    this.device = generateKeyPair(random)
    this.sealKeyPair = generateSealKeyPair(random)
    const device = { keyPair: this.device, sealKey: this.sealKeyPair.publicKey, name: `${name}'s laptop` }
    const { address, operation, wordsEntropy } = createIdentity({ device, random, network: DOMAIN })
    this.words = wordsFromEntropy(wordsEntropy).join(' ')
    if (hasAccount) {
      this.address = address
      this.store.take(operation)
    }
    ;({ duty: this.duty, service: this.service, recovery: this.recovery } = this.#build(random))
  }

  get profile(): string {
    return formatPeerId(this.address as Uint8Array)
  }

  get deviceKeyPair(): KeyPair {
    return this.device
  }

  async start(): Promise<this> {
    this.isRunning = true
    await this.service.start()
    await this.recovery.start()
    if (this.isOnline) await this.sync()
    return this
  }

  async stop(): Promise<void> {
    this.isRunning = false
    await this.service.stop()
    await this.recovery.stop()
  }

  /** The same computer, started anew. */
  async restart(): Promise<void> {
    await this.stop()
    ;({
      duty: this.duty,
      service: this.service,
      recovery: this.recovery,
    } = this.#build(seededRandom(`again ${this.name} ${this.#world.clock.now()}`)))
    await this.start()
  }

  /** Settles what has been begun, without looking again. */
  async settled(): Promise<void> {
    if (!this.isRunning) return
    await this.duty.settle(new Set())
    await this.recovery.settle()
  }

  stateOf(address: Uint8Array): IdentityState {
    return resolveChain(this.store.list(address)) as IdentityState
  }

  /** Puts operations into this store as its node would, and passes them on. */
  async publish(operations: readonly IdentityOperation[]): Promise<void> {
    for (const operation of operations) {
      const { verdict } = checkOperation(encodeOperation(operation), createSignatureVerifier(), DOMAIN)
      if (verdict.verdict !== 'accept') throw new Error(`a bad operation: ${verdict.reason}`)
      if (this.store.take(operation)) this.#world.moved++
    }
    this.#hear(operations)
    if (this.isOnline) this.#exchange()
  }

  /** Takes and gives what the seed and this node lack of each other, then says that a session has ended. */
  async sync(): Promise<void> {
    this.#exchange()
    this.service.noteSynced({ isSeed: this.hasSeed, scope: null })
    await this.#world.settled()
  }

  async goOnline(): Promise<void> {
    this.isOnline = true
    await this.sync()
  }

  #exchange(): void {
    const { seed, people } = this.#world
    for (const operation of this.store.listAll()) if (seed.take(operation)) this.#world.moved++
    for (const person of people) {
      if (!person.isOnline || !person.isRunning) continue
      const fresh = seed.listAll().filter((operation) => person.store.take(operation))
      this.#world.moved += fresh.length
      person.#hear(fresh)
    }
  }

  #hear(operations: readonly IdentityOperation[]): void {
    const addresses = [...new Map(operations.map(({ address }) => [toHex(address), address])).values()]
    if (!this.isRunning || addresses.length === 0) return
    this.service.noteIdentities(addresses)
    this.recovery.noteIdentities(addresses)
  }

  #build(random: ReturnType<typeof seededRandom>) {
    const person = this
    const { clock } = this.#world
    const chains = {
      operations: async (address: Uint8Array) => [...this.store.list(address)],
      publish: (operations: readonly IdentityOperation[]) => this.publish(operations),
    }
    const shared = {
      keys: this.keys,
      chains,
      book: this.book,
      reader: { names: async (profiles: readonly string[]) => profiles.map((profile) => this.#nameOf(profile)) },
      wanted: new WantedAuthors({
        store: { setWanted: async (all) => void this.wanted.splice(0, Infinity, ...all.map(formatPeerId)) },
      }),
      reach: {
        get connected() {
          return person.isOnline ? 1 : 0
        },
        ask: () => {
          if (!person.isOnline) return
          person.#world.moved++
          queueMicrotask(() => {
            person.#exchange()
            person.service.noteSynced({ isSeed: person.hasSeed, scope: null })
          })
        },
      },
      events: { publish: (event: NodeEvent) => void this.events.push(event) },
      clock,
      random,
      logger: silentLogger,
    }
    const init = { domain: DOMAIN, delayMs: DELAY_MS }
    const duty = new GuardianDuty(shared, init)
    const service = new GuardianService({ ...shared, identity: this, duty, people: this.guardians }, init)
    const recovery = new GuardianRecovery(
      {
        ...shared,
        account: this,
        people: { find: async (text) => ({ key: this.#keyOf(text), addresses: [] }) },
        addresses: { keep: () => {} },
      },
      init,
    )
    return { duty, service, recovery }
  }

  /** As the account service does it. */
  async takeOver(account: ExistingAccount) {
    this.taken.push(account)
    this.address = account.address
    return {} as never
  }

  #nameOf(profile: string): string {
    return this.#world.people.find(({ address }) => address !== null && formatPeerId(address) === profile)?.name ?? ''
  }

  #keyOf(text: string): Uint8Array {
    const person = this.#world.people.find(({ address }) => address !== null && formatPeerId(address) === text)
    if (person?.address === undefined || person.address === null) throw new Error('nobody')
    return person.address
  }
}

class MemoryKeys implements GuardianKeys {
  readonly #keys = new Map<string, WardKey>()
  get = async (address: Uint8Array) => this.#keys.get(toHex(address)) ?? null
  put = async (key: WardKey) => void this.#keys.set(toHex(key.address), key)
  list = async () => [...this.#keys.values()]
}

class MemoryShared {
  readonly #items = new Map<string, unknown>()
  list = async (edge: string) =>
    [...this.#items].flatMap(([name, value]) => {
      const [of, subject = ''] = name.split(' ')
      return of === edge ? [{ subject, value, at: 0 }] : []
    })
  put = async (edge: string, subject: string, value: unknown) => void this.#items.set(`${edge} ${subject}`, value)
}

class MemoryBook implements StateBook {
  readonly #values = new Map<string, string>()
  getState = async (key: string) => JSON.parse(this.#values.get(key) ?? 'null') as unknown
  setState = async (key: string, value: unknown) => void this.#values.set(key, JSON.stringify(value))
}

/** Ana with three guardians, of whom two are enough; all are there. */
export async function guardedWorld() {
  const world = new GuardianWorld()
  const [ana, ben, cleo, dora] = ['Ana', 'Ben', 'Cleo', 'Dora'].map((name) => world.add(name)) as [
    Person,
    Person,
    Person,
    Person,
  ]
  for (const person of world.people) await person.start()
  const link = await ana.service.invite()
  const replies = []
  for (const guardian of [ben, cleo, dora]) replies.push((await guardian.service.accept(link)).reply)
  await ana.service.set({ secret: ana.words, threshold: 2, replies })
  await world.settled()
  return { world, ana, ben, cleo, dora, address: ana.address as Uint8Array, profile: ana.profile, replies }
}
