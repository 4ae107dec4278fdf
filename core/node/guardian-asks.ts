import { z } from 'zod'
import { type DeviceRequest, requestId } from '../identity/notice.ts'
import { CAPABILITY, type DeviceEntry } from '../identity/operation.ts'
import type { RecoverLink } from '../record/account-links.ts'
import { fromHex, toHex } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { StateBook } from './ports.ts'

const STATE = 'guardian-requests'
const MAX_ASKS = 64
/** A chain keeps two notices of a key for requests (IDN28): a third would push the first one out. */
const MAX_OPEN_PER_WARD = 2

const hex = (bytes: number) =>
  z
    .string()
    .length(2 * bytes)
    .regex(/^[0-9a-f]*$/)
const moment = z.number().int().nullable()

const askSchema = z.object({
  id: hex(32),
  ward: hex(32),
  key: hex(32),
  sealKey: hex(32),
  proof: hex(64),
  nonce: hex(8),
  name: z.string(),
  /** When this guardian said yes, milliseconds since 1970. */
  askedAt: z.number().int(),
  /** When the delay began: others could hear the notice. Null while nobody could. */
  begunAt: moment,
  dueAt: moment,
  /** When this guardian signed last. */
  signedAt: moment,
  end: z.enum(['vetoed', 'done']).nullable(),
})

/** A request that this guardian has agreed to, as it is remembered. */
export type Ask = z.infer<typeof askSchema>

/** The requests that this guardian has agreed to: durable, few, those that have ended go first. */
export class AskBook {
  readonly #book: StateBook
  #asks: readonly Ask[] = []

  constructor(components: { readonly book: StateBook }) {
    this.#book = components.book
  }

  async load(): Promise<void> {
    const value = await this.#book.getState(STATE)
    this.#asks = Array.isArray(value) ? value.flatMap((one) => askSchema.safeParse(one).data ?? []) : []
  }

  list(): readonly Ask[] {
    return this.#asks
  }

  listOpen(): readonly Ask[] {
    return this.#asks.filter(({ end }) => end === null)
  }

  find(id: string): Ask | undefined {
    return this.#asks.find((one) => one.id === id)
  }

  /** @throws PalabreError busy for more open requests than can be heard */
  async add(ask: Ask): Promise<void> {
    const open = this.listOpen()
    if (open.filter(({ ward }) => ward === ask.ward).length >= MAX_OPEN_PER_WARD) {
      throw new PalabreError('busy', `${MAX_OPEN_PER_WARD} requests for this account are under way already`)
    }
    if (open.length >= MAX_ASKS) throw new PalabreError('busy', `${MAX_ASKS} requests are under way already`)
    const oldest = this.#asks.length < MAX_ASKS ? undefined : this.#asks.find(({ end }) => end !== null)
    await this.#write([...this.#asks.filter((one) => one !== oldest), ask])
  }

  async update(ask: Ask): Promise<void> {
    await this.#write(this.#asks.map((one) => (one.id === ask.id ? ask : one)))
  }

  async remove(id: string): Promise<void> {
    await this.#write(this.#asks.filter((one) => one.id !== id))
  }

  async #write(asks: readonly Ask[]): Promise<void> {
    await this.#book.setState(STATE, asks)
    this.#asks = asks
  }
}

/** What a guardian is asked to list: a device that may do all that devices may. */
export function entryOfLink({ key, sealKey, proof, name }: Omit<RecoverLink, 'nonce' | 'address'>): DeviceEntry {
  return { key, sealKey, capabilities: CAPABILITY.records | CAPABILITY.devices, name, proof, seal: null, extras: {} }
}

export function requestOfLink(link: RecoverLink): DeviceRequest & { readonly id: Uint8Array } {
  const request = { address: link.address, nonce: link.nonce, entry: entryOfLink(link) }
  return { ...request, id: requestId(request) }
}

export function askOfLink(link: RecoverLink, nowMs: number): Ask {
  return {
    id: toHex(requestOfLink(link).id),
    ward: toHex(link.address),
    key: toHex(link.key),
    sealKey: toHex(link.sealKey),
    proof: toHex(link.proof),
    nonce: toHex(link.nonce),
    name: link.name,
    askedAt: nowMs,
    begunAt: null,
    dueAt: null,
    signedAt: null,
    end: null,
  }
}

export function entryOfAsk({ key, sealKey, proof, name }: Ask): DeviceEntry {
  return entryOfLink({ key: bytesOf(key), sealKey: bytesOf(sealKey), proof: bytesOf(proof), name })
}

/** The bytes of hex that was checked when it was read. */
export function bytesOf(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array()
}
