/**
 * State that only the account's own devices read: mutes, bookmarks, settings, names of devices, keys of a guardian. It
 * travels as sealed records like everything else (REC18 … REC21), so devices that were apart agree again by themselves:
 * per edge and subject the last word by (ts, id) counts.
 */
import type { RecoveryStatus } from '../contract/accounts.ts'
import type { NodeEvent } from '../contract/views.ts'
import type { IdentityState } from '../identity/chain.ts'
import { openPrivateBytes, privateKeyId, sealPrivateBytes } from '../identity/private-seal.ts'
import { wordsSlotKeyPair } from '../identity/vault-slots.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { decodeBody, encodePrivate, KIND } from '../record/kinds/kind-table.ts'
import { decodePrivateContent, encodePrivateContent } from '../record/kinds/private-content.ts'
import { SALT_BYTES } from '../record/limits.ts'
import type { PrivateRecords, PrivateRow } from '../store/log-reader.ts'
import { compareBytes, equalBytes, fromHex, toHex } from '../util/bytes.ts'
import { BadRequestError, NoAccountError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { PrivateBook as PrivateBookCalls } from './api/services.ts'
import { checkText } from './limits.ts'
import type { RecordPublisher } from './ports.ts'
import type { PrivateKeys } from './private-keys.ts'

/** A value as JSON. */
const MAX_VALUE_BYTES = 2_048
const PAGE_ROWS = 1_000
/** Far beyond what a person mutes and marks; what is older goes unread. */
const MAX_ROWS = 50_000
/** Says to devices and words what they lack of a key, and nothing else. */
const GRANT_EDGE = 'key'

interface Word {
  readonly value: unknown
  readonly tsMs: number
  readonly id: Uint8Array
}

export interface PrivateBookComponents {
  readonly address: () => Uint8Array | null
  readonly keys: PrivateKeys
  readonly records: PrivateRecords
  readonly chain: (address: Uint8Array) => Promise<IdentityState | null>
  readonly publisher: RecordPublisher
  readonly events: { publish(event: NodeEvent): void }
  readonly random: RandomSource
  readonly logger: Logger
}

export class PrivateBook implements PrivateBookCalls {
  readonly #c: PrivateBookComponents
  /** The words that count, by edge and subject. */
  #words = new Map<string, Map<string, Word>>()
  #unreadable = 0
  #count = 0
  #reading: Promise<void> | null = null
  #isStale = true
  #turn: Promise<unknown> = Promise.resolve()

  constructor(components: PrivateBookComponents) {
    this.#c = components
  }

  /** How much of it this device can read. */
  async summary(): Promise<{ readonly readable: number; readonly unreadable: number }> {
    await this.#read()
    return { readable: this.#count - this.#unreadable, unreadable: this.#unreadable }
  }

  /** As recovery says it. */
  async state(): Promise<RecoveryStatus['privateState']> {
    const { readable, unreadable } = await this.summary()
    if (readable + unreadable === 0) return 'none'
    if (unreadable === 0) return 'back'
    const address = this.#c.address()
    const chain = address === null ? null : await this.#c.chain(address)
    const active = (chain?.devices ?? []).filter(({ status }) => status === 'active').length
    // Another device in use, or the words, may still grant what opens the rest.
    return active > 1 || this.#c.keys.hasOpeners ? 'waiting' : 'lost'
  }

  /** The words are at hand: what was granted to them opens, now and as it comes, until this process ends. */
  takeWords(entropy: Uint8Array): void {
    this.#c.keys.addOpener(wordsSlotKeyPair(entropy))
    this.reread().catch((error: unknown) => this.#warn(error))
  }

  async list(edge: string): Promise<{ subject: string; value: unknown; at: number }[]> {
    await this.#read()
    return [...(this.#words.get(edge) ?? [])]
      .filter(([, { value }]) => value !== null)
      .map(([subject, { value, tsMs }]) => ({ subject, value, at: tsMs }))
      .sort((a, b) => b.at - a.at || (a.subject < b.subject ? -1 : 1))
  }

  async put(edge: string, subject: string, value: unknown): Promise<void> {
    const address = this.#c.address()
    if (address === null) throw new NoAccountError()
    const text = value === null || value === undefined ? null : JSON.stringify(value)
    if (text !== null) checkText('the value', text, MAX_VALUE_BYTES)
    const about = fromHex(subject)
    if (about === undefined) throw new BadRequestError(`a subject is hex, got ${subject.slice(0, 40)}`)
    await this.#inTurn(async () => {
      await this.#read()
      const state = await this.#c.chain(address)
      if (state === null) throw new NoAccountError()
      const key = await this.#c.keys.current(state)
      await this.#publish(address, state, key, { edge, subject: about, value: text })
    })
  }

  /** What was committed: private records of this account, or a chain that has changed whom keys are for. */
  noteIngested(event: IngestedEvent): void {
    const address = this.#c.address()
    if (address === null) return
    const isOurs = (author: Uint8Array) => equalBytes(author, address)
    const isChain = event.identities.some(isOurs)
    if (!isChain && !event.records.some(({ kind, author }) => kind === KIND.private && isOurs(author))) return
    this.#isStale = true
    this.#c.events.publish({ type: 'private' })
    if (isChain || event.source.kind !== 'own') this.#settle().catch((error: unknown) => this.#warn(error))
  }

  /** The words were typed: what was granted to them opens, and this device grants it to itself. */
  async reread(): Promise<void> {
    this.#isStale = true
    await this.#settle()
  }

  /** Reads what came, and grants keys to devices and words that lack them. */
  async #settle(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#read()
      const address = this.#c.address()
      const state = address === null ? null : await this.#c.chain(address)
      if (address === null || state === null || this.#count === 0) return
      for (const key of this.#c.keys.all) {
        const grants = this.#c.keys.missingGrants(key, state)
        if (grants.length === 0) continue
        await this.#publish(address, state, key, { edge: GRANT_EDGE, subject: privateKeyId(key), value: null })
      }
    })
  }

  async #publish(
    address: Uint8Array,
    state: IdentityState,
    key: Uint8Array,
    content: { readonly edge: string; readonly subject: Uint8Array; readonly value: string | null },
  ): Promise<void> {
    const { keys, publisher, random } = this.#c
    const grants = keys.missingGrants(key, state)
    const plaintext = encodePrivateContent(content)
    const body = encodePrivate({
      salt: random(SALT_BYTES),
      key: privateKeyId(key),
      box: sealPrivateBytes({ key, address, plaintext, random }),
      ...(grants.length === 0 ? {} : { grants }),
    })
    await publisher.publish([{ kind: KIND.private, body }])
    this.#isStale = true
  }

  /** Everything anew: records may have been hidden or shown again. Opened boxes are few and quick. */
  #read(): Promise<void> {
    if (!this.#isStale) return this.#reading ?? Promise.resolve()
    this.#isStale = false
    this.#reading = (this.#reading ?? Promise.resolve()).then(() => this.#readAll())
    return this.#reading
  }

  async #readAll(): Promise<void> {
    const address = this.#c.address()
    if (address === null) return
    const rows: PrivateRow[] = []
    for (let after = 0; rows.length < MAX_ROWS; ) {
      const page = await this.#c.records.listPrivate(address, after, PAGE_ROWS)
      rows.push(...page)
      if (page.length < PAGE_ROWS) break
      after = page.at(-1)?.recordKey ?? after
    }
    this.#c.keys.forgetGrants()
    const bodies = rows.flatMap((row) => {
      const decoded = decodeBody(KIND.private, row.body)
      return decoded.ok && decoded.kind === 'private' ? [{ row, body: decoded.body }] : []
    })
    for (const { body } of bodies) await this.#c.keys.take(body)
    const words = new Map<string, Map<string, Word>>()
    let unreadable = 0
    for (const { row, body } of bodies) {
      const key = this.#c.keys.find(body.key)
      const opened = key === undefined ? undefined : openPrivateBytes({ key, address, box: body.box })
      const content = opened === undefined ? undefined : decodePrivateContent(opened)
      if (content === undefined) unreadable++
      else takeWord(words, content.edge, toHex(content.subject), { ...row, value: parseValue(content.value) })
    }
    this.#words = words
    this.#unreadable = unreadable
    this.#count = bodies.length
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  #warn(error: unknown): void {
    this.#c.logger.warn({ err: error }, 'private records could not be settled')
  }
}

function takeWord(words: Map<string, Map<string, Word>>, edge: string, subject: string, word: Word): void {
  const ofEdge = words.get(edge) ?? new Map<string, Word>()
  words.set(edge, ofEdge)
  const held = ofEdge.get(subject)
  if (held !== undefined && (held.tsMs - word.tsMs || compareBytes(held.id, word.id)) > 0) return
  ofEdge.set(subject, { value: word.value, tsMs: word.tsMs, id: word.id })
}

/** What isn't JSON was written by another program and means nothing here. */
function parseValue(value: unknown): unknown {
  if (typeof value !== 'string') return null
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}
