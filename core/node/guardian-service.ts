import type { GuardianRequest, Guardians, RecoveryMeans } from '../contract/accounts.ts'
import type { NodeEvent } from '../contract/views.ts'
import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { proveAuthority, setGuardians } from '../identity/change.ts'
import { generateKeyPair, keyPairFromSeed } from '../identity/keys.ts'
import {
  guardianSlots,
  MAX_VETOED,
  makeNotice,
  type Notice,
  type NoticeContent,
  nextNoticeTs,
  readNotices,
  vetoKeys,
} from '../identity/notice.ts'
import { type IdentityOperation, possessionProofInput } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { parseSecret } from '../identity/secret.ts'
import { createSignatureVerifier } from '../identity/signature.ts'
import {
  formatGuardianLink,
  formatGuardLink,
  type GuardianLink,
  parseGuardianLink,
  parseGuardLink,
} from '../record/account-links.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NoAccountError, NotFoundError, PalabreError } from '../util/errors.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { GuardianCalls } from './api/services.ts'
import type { GuardianDuty } from './guardian-duty.ts'
import type { GuardianKeys } from './guardian-keys.ts'
import type { GuardianPeople } from './guardian-people.ts'
import { alarmsOf, lastAlive } from './guardian-views.ts'
import type { IdentityChains } from './identity-chains.ts'
import type { NodePart, SyncedSession } from './ports.ts'

/** A guardian who has said nothing for so long doesn't count as one who would help. */
const ALIVE_MS = 90 * 86_400_000
/** Another rehearsal so soon would ask for nothing new. */
const REHEARSAL_PAUSE_MS = 10 * 60_000

export interface GuardianServiceComponents {
  readonly identity: Pick<AccountService, 'address' | 'deviceKeyPair'>
  readonly keys: GuardianKeys
  readonly duty: GuardianDuty
  readonly chains: Pick<IdentityChains, 'operations' | 'publish'>
  readonly people: GuardianPeople
  readonly reader: Pick<TimelineReader, 'names'>
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly random: RandomSource
}

/** The chain of the account here, as it stands. */
interface OwnView {
  readonly address: Uint8Array
  readonly operations: readonly IdentityOperation[]
  readonly state: IdentityState
  readonly notices: readonly Notice[]
}

/**
 * Guardians as their person sees them: asking people to be some, naming them in the chain, checking that they are
 * there, and stopping a request that one didn't make. What this account does for others as a guardian is GuardianDuty's.
 */
export class GuardianService implements GuardianCalls, NodePart {
  readonly #c: GuardianServiceComponents
  readonly #domain: string

  constructor(components: GuardianServiceComponents, init: { readonly domain: string }) {
    this.#c = components
    this.#domain = init.domain
  }

  start(): Promise<void> {
    return this.#c.duty.start()
  }

  stop(): Promise<void> {
    return this.#c.duty.stop()
  }

  noteIdentities(addresses: readonly Uint8Array[]): void {
    const { address } = this.#c.identity
    this.#c.duty.noteIdentities(addresses)
    if (address === null || !addresses.some((one) => equalBytes(one, address))) return
    // Guardians have spoken, or a request has: whoever shows them asks again.
    this.#c.events.publish({ type: 'recovery' })
  }

  noteSynced(session: SyncedSession): void {
    this.#c.duty.noteSynced(session)
  }

  async list(): Promise<Guardians> {
    const own = await this.#view()
    const nowMs = this.#c.clock.now()
    const [slot] = guardianSlots(own.state)
    const people = await this.#c.people.get()
    const profile = formatPeerId(own.address)
    const alarms = alarmsOf(own.state, own.notices, { profile, name: await this.#nameOf(profile), nowMs })
    const items = await Promise.all(
      (slot?.keys ?? []).map(async ({ key }) => {
        const person = people.get(toHex(key))
        const name = person === undefined ? '' : (await this.#nameOf(person.profile)) || person.name
        const lastAliveAt = lastAlive(own.notices, key, nowMs)
        return { key: formatPeerId(key), profile: person?.profile ?? null, name, lastAliveAt }
      }),
    )
    const wards = await Promise.all(
      (await this.#c.keys.list()).map(async ({ address, seed, name, since }) => {
        const ward = formatPeerId(address)
        const key = formatPeerId(keyPairFromSeed(seed).publicKey)
        return { profile: ward, name: (await this.#nameOf(ward)) || name, since, key }
      }),
    )
    return { threshold: slot?.threshold ?? null, items, wards, requests: await this.#c.duty.list(), alarms }
  }

  /** What recovery.means says of guardians. */
  async means(): Promise<RecoveryMeans['guardians']> {
    const { state, notices } = await this.#view()
    const nowMs = this.#c.clock.now()
    const [slot] = guardianSlots(state)
    const heard = (slot?.keys ?? []).map(({ key }) => lastAlive(notices, key, nowMs))
    return {
      threshold: slot?.threshold ?? null,
      count: heard.length,
      alive: heard.filter((at) => at !== null && nowMs - at <= ALIVE_MS).length,
      checkedAt: notices.findLast(({ word }) => word === 'rehearse')?.ts ?? null,
    }
  }

  async invite(): Promise<string> {
    const ward = this.#own()
    return formatGuardLink({ ward, name: await this.#nameOf(formatPeerId(ward)) })
  }

  async accept(text: string): Promise<{ profile: string; name: string; reply: string }> {
    const guardian = this.#own()
    const link = parseGuardLink(text)
    if (link === undefined) throw new BadRequestError('expected a link that begins with palabre:guard?')
    const { ward, name } = link
    if (equalBytes(ward, guardian)) throw new BadRequestError('this is your own link: send it to somebody else')
    const { keys, duty, clock, random } = this.#c
    const held = await keys.get(ward)
    const seed = held?.seed ?? generateKeyPair(random).secretKey
    // Whoever accepts twice answers with the same key: the first answer may be in use.
    if (held === null) await keys.put({ address: ward, seed, name, since: clock.now() })
    await duty.noteWards()
    const { key, proof } = proveAuthority(keyPairFromSeed(seed), ward, this.#domain)
    const profile = formatPeerId(ward)
    const reply = formatGuardianLink({ ward, key, proof, guardian, name: await this.#nameOf(formatPeerId(guardian)) })
    return { profile, name: (await this.#nameOf(profile)) || name, reply }
  }

  /** @throws BadRequestError, PalabreError wrong-words, ChangeRefusedError no-right, contested */
  async set(init: {
    readonly secret: string
    readonly threshold: number
    readonly replies: readonly string[]
  }): Promise<Guardians> {
    const { state } = await this.#view()
    const links = init.replies.map((text) => this.#checkReply(text))
    if (new Set(links.map(({ guardian }) => toHex(guardian))).size < links.length) {
      throw new BadRequestError('two of the answers are from one person: each guardian counts once')
    }
    if (new Set(links.map(({ key }) => toHex(key))).size < links.length) {
      throw new BadRequestError('two of the answers name one key')
    }
    if (links.length > 0 && (init.threshold < 2 || init.threshold > links.length)) {
      throw new BadRequestError(
        `expected a number from 2 to ${links.length}, the number of guardians: ${init.threshold}`,
      )
    }
    const secret = parseSecret(init.secret)
    if (secret === undefined) throw new PalabreError('wrong-words', 'these are not the 24 words of an account')
    const { threshold } = init
    const operation = setGuardians(state, { threshold, keys: links }, [secret.keyPair], this.#domain)
    await this.#c.chains.publish([operation])
    await this.#c.people.set(links.map(({ key, guardian, name }) => ({ key, profile: formatPeerId(guardian), name })))
    this.#c.events.publish({ type: 'recovery' })
    return await this.list()
  }

  open(link: string): Promise<GuardianRequest> {
    return this.#c.duty.open(link)
  }

  approve(link: string): Promise<GuardianRequest> {
    return this.#c.duty.approve(link)
  }

  /** @throws NotFoundError for no such request; PalabreError no-right when this device may not */
  async veto(id: string): Promise<void> {
    const { clock } = this.#c
    const own = await this.#view()
    const recoveries = own.notices.filter((notice) => notice.word === 'recovery')
    const wanted = recoveries.find(({ request }) => toHex(request) === id)
    if (wanted === undefined) throw new NotFoundError('no guardian has begun anything for such a request')
    const live = new Set(recoveries.map(({ request }) => toHex(request)))
    // Only the last vetoes of a device are kept, so each says what the ones before said.
    const before = own.notices
      .filter((notice) => notice.word === 'veto')
      .filter(({ by }) => equalBytes(by, this.#c.identity.deviceKeyPair.publicKey))
      .toReversed()
      .flatMap(({ requests }) => requests)
      .sort((a, b) => Number(live.has(toHex(b))) - Number(live.has(toHex(a))))
    const requests = [...new Map([wanted.request, ...before].map((one) => [toHex(one), one])).values()]
    await this.#say(own, { word: 'veto', requests: requests.slice(0, MAX_VETOED) }, clock.now())
  }

  /** @throws PalabreError no-right when this device may not */
  async check(): Promise<Guardians> {
    const own = await this.#view()
    const nowMs = this.#c.clock.now()
    const last = own.notices.findLast(({ word }) => word === 'rehearse')
    const isRecent = last !== undefined && last.ts <= nowMs && nowMs - last.ts < REHEARSAL_PAUSE_MS
    if (!isRecent) await this.#say(own, { word: 'rehearse' }, nowMs)
    return await this.list()
  }

  async #say({ state, operations }: OwnView, content: NoticeContent, nowMs: number): Promise<void> {
    const { chains, events, identity } = this.#c
    const keyPair = identity.deviceKeyPair
    if (!vetoKeys(state).some((key) => equalBytes(key, keyPair.publicKey))) {
      throw new PalabreError('no-right', 'only a device in use that may add devices speaks to guardians')
    }
    const ts = nextNoticeTs(operations, { word: content.word, by: keyPair.publicKey, nowMs })
    await chains.publish([makeNotice(state, { content, ts }, keyPair, this.#domain)])
    events.publish({ type: 'recovery' })
  }

  #checkReply(text: string): GuardianLink {
    const own = this.#own()
    const link = parseGuardianLink(text)
    if (link === undefined) throw new BadRequestError('expected links that begin with palabre:guardian?')
    if (!equalBytes(link.ward, own)) throw new BadRequestError(`the answer of ${link.name} is for another account`)
    if (equalBytes(link.guardian, own)) throw new BadRequestError('nobody is a guardian of their own account')
    const proven = possessionProofInput('authority', own, null, this.#domain)
    if (createSignatureVerifier().verify(link.key, proven, link.proof) === null) return link
    throw new BadRequestError(`the proof in the answer of ${link.name} is wrong: ask for it again`)
  }

  async #view(): Promise<OwnView> {
    const address = this.#own()
    const operations = await this.#c.chains.operations(address)
    const state = resolveChain(operations)
    if (state === null) throw new PalabreError('starting', 'the chain of this account is not here yet')
    return { address, operations, state, notices: readNotices(state, operations) }
  }

  #own(): Uint8Array {
    const { address } = this.#c.identity
    if (address === null) throw new NoAccountError()
    return address
  }

  async #nameOf(profile: string): Promise<string> {
    return (await this.#c.reader.names([profile]))[0] ?? ''
  }
}
