/**
 * What a guardian's node does for the people whose guardian it is (GRD4 … GRD10 in docs/protocol/guardians.md). It
 * agrees to a request once, with a notice in the ward's chain; waits out the delay in which any device of the ward may
 * stop it; makes sure that it knows what has been said until then; and signs. It answers rehearsals by itself.
 *
 * Everything is looked at again when a chain grows, when a sync ends, when a moment has come and after a restart; each
 * look compares what is remembered with what the chain says now and goes at most one step on.
 */
import type { GuardianRequest } from '../contract/accounts.ts'
import type { NodeEvent } from '../contract/views.ts'
import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { ChangeRefusedError } from '../identity/change.ts'
import { findJointOperations, guardianThreshold, signJointly } from '../identity/joint-change.ts'
import { type KeyPair, keyPairFromSeed } from '../identity/keys.ts'
import { isVetoed, makeNotice, type Notice, type NoticeContent, nextNoticeTs, readNotices } from '../identity/notice.ts'
import { type IdentityOperation, possessionProofInput } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { createSignatureVerifier } from '../identity/signature.ts'
import { parseRecoverLink, type RecoverLink } from '../record/account-links.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NotFoundError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { type Ask, AskBook, askOfLink, bytesOf, entryOfAsk, requestOfLink } from './guardian-asks.ts'
import type { GuardianKeys, WardKey } from './guardian-keys.ts'
import { describeRequest } from './guardian-views.ts'
import type { IdentityChains } from './identity-chains.ts'
import type { NodePart, Reach, StateBook, SyncedSession } from './ports.ts'
import { WakeTimer } from './wake-timer.ts'
import type { WantedAuthors } from './wanted-authors.ts'

const DAY_MS = 86_400_000
/** A request that has not come to an end so long after its delay is forgotten. */
const STALE_MS = 30 * DAY_MS
/** A rehearsal is answered so long, and a ward's at most once a day. */
const REHEARSAL_MS = 30 * DAY_MS
/** Pause before what didn't work is tried again. */
const RETRY_MS = 60_000
/** The same where the delay is shorter than that. */
const MIN_RETRY_MS = 500
/** Between two signatures for one ward: other guardians hear of the first before they are offered another. */
const SIGNATURE_PAUSE_MS = 10 * 60_000
/** After so many looks, an hour awake, without a seed that was asked, what any peer knows of a chain has to do. */
const SEEDLESS_LOOKS = 60

export interface GuardianDutyComponents {
  readonly keys: GuardianKeys
  readonly chains: Pick<IdentityChains, 'operations' | 'publish'>
  readonly book: StateBook
  readonly reader: Pick<TimelineReader, 'names'>
  readonly wanted: WantedAuthors
  readonly reach: Reach
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly logger: Logger
}

export interface GuardianDutyInit {
  /** Signature domain of the network. */
  readonly domain: string
  /** Between a guardian's notice and its signature. */
  readonly delayMs: number
}

/** A ward's chain as it stands, and this guardian's key in it. */
interface WardView {
  readonly address: Uint8Array
  readonly keyPair: KeyPair
  readonly operations: readonly IdentityOperation[]
  readonly state: IdentityState
  readonly notices: readonly Notice[]
}

export class GuardianDuty implements NodePart {
  readonly #c: GuardianDutyComponents
  readonly #init: GuardianDutyInit
  readonly #asks: AskBook
  readonly #timer: WakeTimer
  /** When a chain was last compared with somebody who should know it, by request. */
  readonly #confirmed = new Map<string, number>()
  /** Looks in vain for somebody to compare with, by request. */
  readonly #vain = new Map<string, { readonly count: number; readonly atMs: number }>()
  #wards: ReadonlySet<string> = new Set()
  #turn: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(components: GuardianDutyComponents, init: GuardianDutyInit) {
    this.#c = components
    this.#init = init
    this.#asks = new AskBook(components)
    this.#timer = new WakeTimer(components, { onWake: () => this.#look() })
  }

  async start(): Promise<void> {
    await this.#asks.load()
    await this.noteWards()
    this.#look()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#timer.set(null)
    await this.#turn
  }

  /** To be called when there is a key for somebody more: their chain is wanted from now on. */
  async noteWards(): Promise<void> {
    const wards = (await this.#c.keys.list()).map(({ address }) => address)
    this.#wards = new Set(wards.map(toHex))
    await this.#c.wanted.set('wards', wards)
  }

  noteIdentities(addresses: readonly Uint8Array[]): void {
    const grown = new Set(addresses.map(toHex).filter((name) => this.#wards.has(name)))
    if (grown.size > 0) this.#look(grown)
  }

  noteSynced({ isSeed, scope }: SyncedSession): void {
    const nowMs = this.#c.clock.now()
    const names = scope === null ? null : new Set(scope.map(toHex))
    const about = this.#asks.listOpen().filter(({ ward }) => names === null || names.has(ward))
    const isTelling = ({ id }: Ask) => isSeed || (this.#vain.get(id)?.count ?? 0) >= SEEDLESS_LOOKS
    // A session that tells nothing must not ask for the next one.
    const awaiting = about.filter((ask) => {
      if (isTelling(ask)) this.#confirmed.set(ask.id, nowMs)
      return ask.begunAt === null || (isTelling(ask) && ask.dueAt !== null && ask.dueAt <= nowMs)
    })
    if (awaiting.length > 0) this.#look(new Set(awaiting.map(({ ward }) => ward)))
  }

  /** Looks at all wards, or at some, hex; resolves when nothing is left to do now. */
  settle(wards: ReadonlySet<string> | null = null): Promise<void> {
    return this.#inTurn(() => this.#settle(wards))
  }

  /**
   * What a link asks for; nothing is done.
   *
   * @throws BadRequestError for a link that is none or whose proof is wrong, not-a-guardian, NotFoundError
   */
  async open(text: string): Promise<GuardianRequest> {
    const { link, view, key } = await this.#read(text)
    const held = this.#asks.find(toHex(requestOfLink(link).id))
    const ask = held ?? askOfLink(link, this.#c.clock.now())
    return await this.#describe(ask, { key, view })
  }

  /**
   * Agrees: the delay begins as soon as somebody can hear of it. A second time changes nothing.
   *
   * @throws as `open`; busy
   */
  async approve(text: string): Promise<GuardianRequest> {
    return await this.#inTurn(async () => {
      const { link, view, key } = await this.#read(text)
      const ask = askOfLink(link, this.#c.clock.now())
      if (this.#asks.find(ask.id) === undefined) {
        if (isVetoed(view.notices, bytesOf(ask.id)))
          return await this.#describe({ ...ask, end: 'vetoed' }, { key, view })
        await this.#asks.add(ask)
        await this.#settle(new Set([ask.ward]))
      }
      return await this.#describe(this.#asks.find(ask.id) ?? ask, { key, view: (await this.#view(key)) ?? view })
    })
  }

  /** Requests of wards that this guardian has agreed to, the newest first. */
  async list(): Promise<GuardianRequest[]> {
    const requests: GuardianRequest[] = []
    for (const ask of this.#asks.list().toReversed()) {
      const key = await this.#c.keys.get(bytesOf(ask.ward))
      if (key !== null) requests.push(await this.#describe(ask, { key, view: await this.#view(key) }))
    }
    return requests
  }

  // --- one look ---

  #look(wards: ReadonlySet<string> | null = null): void {
    if (this.#isStopped) return
    this.settle(wards).catch((error: unknown) => {
      this.#c.logger.warn({ err: error }, 'what a guardian has to do could not be looked at')
      if (!this.#isStopped) this.#timer.set(this.#c.clock.now() + RETRY_MS)
    })
  }

  async #settle(wards: ReadonlySet<string> | null): Promise<void> {
    if (this.#isStopped) return
    const before = JSON.stringify(this.#asks.list())
    const isDue = (ward: string) => wards === null || wards.has(ward)
    for (const ask of this.#asks.listOpen()) if (isDue(ask.ward)) await this.#settleAsk(ask)
    const answers: number[] = []
    for (const key of await this.#c.keys.list()) {
      if (!isDue(toHex(key.address))) continue
      const nextMs = await this.#answerRehearsal(key)
      if (nextMs !== null) answers.push(nextMs)
    }
    this.#timer.set(this.#nextLook(answers))
    if (wards !== null || JSON.stringify(this.#asks.list()) !== before) this.#c.events.publish({ type: 'recovery' })
  }

  get #retryMs(): number {
    return Math.max(MIN_RETRY_MS, Math.min(RETRY_MS, this.#init.delayMs))
  }

  #nextLook(answers: readonly number[]): number {
    const nowMs = this.#c.clock.now()
    const dues = this.#asks.listOpen().flatMap(({ dueAt, signedAt }) => {
      if (dueAt === null) return []
      return dueAt > nowMs ? [dueAt] : [nowMs + (signedAt === null ? this.#retryMs : DAY_MS)]
    })
    return Math.min(nowMs + DAY_MS, ...dues, ...answers)
  }

  async #settleAsk(ask: Ask): Promise<void> {
    const nowMs = this.#c.clock.now()
    const isStale = nowMs - (ask.dueAt ?? ask.askedAt) > STALE_MS
    if (isStale) return await this.#forget(ask)
    const key = await this.#c.keys.get(bytesOf(ask.ward))
    const view = key === null ? null : await this.#view(key)
    if (view === null) return
    const end = endOf(ask, view)
    if (end !== null) return await this.#asks.update({ ...ask, end })
    // The words have put others in this guardian's place, for now.
    if (guardianThreshold(view.state, view.keyPair.publicKey) === null) return
    try {
      await this.#goOn(ask, view, nowMs)
    } catch (error) {
      if (!(error instanceof PalabreError)) throw error
      const level = error instanceof ChangeRefusedError ? 'info' : 'warn'
      this.#c.logger[level]({ err: error, request: ask.id }, 'a guardian could not go on')
    }
  }

  async #forget({ id }: Ask): Promise<void> {
    await this.#asks.remove(id)
    this.#confirmed.delete(id)
    this.#vain.delete(id)
  }

  async #goOn(ask: Ask, view: WardView, nowMs: number): Promise<void> {
    const notice = noticeFor(ask, view)
    // What nobody could hear of has not begun, and what the chain lost may not have been heard.
    if (notice === undefined && ask.signedAt === null) return await this.#begin(ask, view, nowMs)
    if (ask.begunAt === null || ask.dueAt === null) {
      const dueAt = Math.max(notice?.due ?? 0, nowMs)
      return await this.#asks.update({ ...ask, begunAt: nowMs, dueAt })
    }
    if (nowMs < ask.dueAt) return
    if ((this.#confirmed.get(ask.id) ?? 0) < ask.dueAt) return this.#compare(ask, nowMs)
    await this.#sign(ask, view, nowMs)
  }

  /** Asks for what others know of the chain, at most once a minute however often the chain grows. */
  #compare({ id, ward }: Ask, nowMs: number): void {
    const before = this.#vain.get(id)
    if (before !== undefined && nowMs - before.atMs < this.#retryMs) return
    this.#vain.set(id, { count: (before?.count ?? 0) + 1, atMs: nowMs })
    this.#c.reach.ask(bytesOf(ward))
  }

  async #begin(ask: Ask, view: WardView, nowMs: number): Promise<void> {
    if (this.#c.reach.connected === 0) {
      if (ask.begunAt !== null) await this.#asks.update({ ...ask, begunAt: null, dueAt: null })
      return
    }
    const dueAt = nowMs + this.#init.delayMs
    const [request, device] = [bytesOf(ask.id), bytesOf(ask.key)]
    await this.#say(view, { word: 'recovery', request, device, name: ask.name, due: dueAt })
    await this.#asks.update({ ...ask, begunAt: nowMs, dueAt })
  }

  async #sign(ask: Ask, view: WardView, nowMs: number): Promise<void> {
    const { state, operations, keyPair } = view
    const entry = entryOfAsk(ask)
    const [joint] = findJointOperations(state, operations, entry)
    if (joint?.signers.has(toHex(keyPair.publicKey)) === true) {
      if (ask.signedAt === null) await this.#asks.update({ ...ask, signedAt: nowMs })
      return
    }
    const pauseMs = Math.min(SIGNATURE_PAUSE_MS, this.#init.delayMs)
    const last = Math.max(
      0,
      ...this.#asks.list().flatMap(({ ward, signedAt }) => (ward === ask.ward ? (signedAt ?? 0) : 0)),
    )
    if (nowMs - last < pauseMs) return
    const operation = signJointly(state, operations, { entry, joint, network: this.#init.domain }, keyPair)
    await this.#c.chains.publish([operation])
    await this.#asks.update({ ...ask, signedAt: nowMs })
    this.#c.logger.info({ ward: formatPeerId(view.address), request: ask.id }, 'signed for a new device as a guardian')
  }

  /** When there is an answer to be given later, null otherwise. */
  async #answerRehearsal(key: WardKey): Promise<number | null> {
    const view = await this.#view(key)
    if (view === null) return null
    const nowMs = this.#c.clock.now()
    const rehearsal = view.notices.findLast(({ word }) => word === 'rehearse')
    const own = view.notices.findLast(({ word, by }) => word === 'alive' && equalBytes(by, view.keyPair.publicKey))
    const isGuardian = guardianThreshold(view.state, view.keyPair.publicKey) !== null
    if (rehearsal === undefined || !isGuardian || nowMs - rehearsal.ts > REHEARSAL_MS) return null
    if (own?.word === 'alive' && equalBytes(own.to, rehearsal.id)) return null
    // A time that is yet to come was said by a clock that went wrong.
    if (own !== undefined && own.ts <= nowMs && nowMs - own.ts < DAY_MS) return own.ts + DAY_MS
    await this.#say(view, { word: 'alive', to: rehearsal.id })
    return null
  }

  async #say({ state, operations, keyPair }: WardView, content: NoticeContent): Promise<void> {
    const nowMs = this.#c.clock.now()
    const ts = nextNoticeTs(operations, { word: content.word, by: keyPair.publicKey, nowMs })
    await this.#c.chains.publish([makeNotice(state, { content, ts }, keyPair, this.#init.domain)])
  }

  // --- reading ---

  async #read(text: string): Promise<{ link: RecoverLink; key: WardKey; view: WardView }> {
    const link = parseRecoverLink(text)
    if (link === undefined) throw new BadRequestError('expected a link that begins with palabre:recover?')
    const profile = formatPeerId(link.address)
    const key = await this.#c.keys.get(link.address)
    if (key === null) throw new PalabreError('not-a-guardian', `this account is no guardian of ${profile}`)
    const proven = possessionProofInput('device', link.address, link.sealKey, this.#init.domain)
    if (createSignatureVerifier().verify(link.key, proven, link.proof) !== null) {
      throw new BadRequestError("the link's proof is wrong: it was changed on its way, or belongs to another network")
    }
    const view = await this.#view(key)
    if (view === null) {
      this.#c.reach.ask(link.address)
      throw new NotFoundError(`nothing is known of ${profile} here yet: connected peers are asked`)
    }
    if (guardianThreshold(view.state, view.keyPair.publicKey) === null) {
      throw new PalabreError('not-a-guardian', `${profile} doesn't name this account's key as a guardian's`)
    }
    return { link, key, view }
  }

  async #view(key: WardKey): Promise<WardView | null> {
    const operations = await this.#c.chains.operations(key.address)
    const state = resolveChain(operations)
    if (state === null) return null
    const notices = readNotices(state, operations)
    return { address: key.address, keyPair: keyPairFromSeed(key.seed), operations, state, notices }
  }

  async #describe(ask: Ask, about: { key: WardKey; view: WardView | null }): Promise<GuardianRequest> {
    const { key, view } = about
    const profile = formatPeerId(key.address)
    const [name = ''] = await this.#c.reader.names([profile])
    const end = ask.end ?? (view === null ? null : endOf(ask, view))
    return describeRequest(view?.notices ?? [], {
      id: bytesOf(ask.id),
      profile,
      name: name || key.name,
      device: ask.name,
      askedAt: ask.begunAt ?? ask.askedAt,
      dueAt: ask.dueAt ?? this.#c.clock.now() + this.#init.delayMs,
      state: end ?? (ask.signedAt === null ? 'waiting' : 'signed'),
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** How the chain says that it ended: the device is in use, or a device of the ward has stopped it. */
function endOf(ask: Ask, { state, notices }: WardView): 'done' | 'vetoed' | null {
  const isHere = state.devices.some(({ key, status }) => status === 'active' && equalBytes(key, bytesOf(ask.key)))
  if (isHere) return 'done'
  return isVetoed(notices, bytesOf(ask.id)) ? 'vetoed' : null
}

function noticeFor(ask: Ask, { notices, keyPair }: WardView) {
  const id = bytesOf(ask.id)
  return notices
    .filter((one) => one.word === 'recovery')
    .find(({ by, request }) => equalBytes(by, keyPair.publicKey) && equalBytes(request, id))
}
