import { NOTHING_COUNTS } from '../../core/identity/chain-path.ts'
import { proveDevice } from '../../core/identity/change.ts'
import { createIdentity } from '../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair } from '../../core/identity/keys.ts'
import type { DeviceEntry, DeviceSeal, IdentityOperation } from '../../core/identity/operation.ts'
import { formatPeerId } from '../../core/identity/peer-id.ts'
import { wordsKeyPair } from '../../core/identity/words.ts'
import type { SquareAccount } from '../../core/node/square-calls.ts'
import { encodeRecord } from '../../core/record/encode-record.ts'
import type { SignedRecord } from '../../core/record/envelope.ts'
import type { EditBody } from '../../core/record/kinds/edit.ts'
import {
  encodeBlock,
  encodeDelete,
  encodeEdit,
  encodeFollow,
  encodePost,
  encodeProfile,
  encodeReaction,
  encodeRepost,
  KIND,
} from '../../core/record/kinds/kind-table.ts'
import type { PostBody } from '../../core/record/kinds/post.ts'
import type { ProfileBody } from '../../core/record/kinds/profile.ts'
import { signRecord } from '../../core/record/sign-record.ts'
import type { RandomSource } from '../../core/util/random.ts'
import { signNatively } from './native-sign.ts'
import { seededRandom } from './seeded-random.ts'

/** A record with its wire bytes. */
export interface MadeRecord extends SignedRecord {
  readonly bytes: Uint8Array
}

export interface RecordInit {
  /** Milliseconds since 1970; a second after the record before it when left out. */
  readonly ts?: number
}

/** 2026-01-01, where the clocks of test authors begin. */
export const TEST_EPOCH_MS = 1_767_225_600_000

export interface TestAuthorInit {
  readonly random?: RandomSource
  readonly network?: string
  readonly ts?: number
  /** The person whose further device this is. */
  readonly of?: TestAuthor
}

/** A person with one device who writes real, signed records in the order in which they are asked for. */
export class TestAuthor {
  readonly name: string
  readonly address: Uint8Array
  readonly profile: string
  readonly device: KeyPair
  readonly genesis: Uint8Array
  readonly genesisHash: Uint8Array
  /** The genesis, taken apart. */
  readonly operation: IdentityOperation
  /** What the 24 words stand for, and their key. */
  readonly wordsEntropy: Uint8Array
  readonly words: KeyPair
  readonly sealKey: KeyPair
  /** This device as the chain lists it. */
  readonly entry: DeviceEntry
  readonly records: MadeRecord[] = []
  readonly #random: RandomSource
  readonly #network: string
  #ts: number

  constructor(name: string, init: TestAuthorInit = {}) {
    this.name = name
    this.#random = init.random ?? seededRandom(name)
    this.#network = init.network ?? 'palabre'
    this.#ts = init.ts ?? TEST_EPOCH_MS
    this.device = generateKeyPair(this.#random)
    this.sealKey = generateSealKeyPair(this.#random)
    const sealKey = this.sealKey.publicKey
    const identity =
      init.of ??
      createIdentity({
        device: { keyPair: this.device, sealKey, name: `${name}'s device` },
        random: this.#random,
        network: this.#network,
      })
    this.address = identity.address
    this.profile = formatPeerId(identity.address)
    this.genesis = identity.genesis
    this.operation = identity.operation
    this.genesisHash = identity.operation.id
    this.wordsEntropy = identity.wordsEntropy
    this.words = wordsKeyPair(identity.wordsEntropy)
    this.entry = proveDevice({ keyPair: this.device, sealKey, name: `${name}'s device` }, this.address, this.#network)
  }

  /** Another device of this person, with a key and a log of its own; the chain doesn't know it yet. */
  another(name: string): TestAuthor {
    return new TestAuthor(name, { of: this, network: this.#network, ts: this.#ts })
  }

  /** Where this device's log ends: what a revocation that counts everything so far names. */
  get seal(): DeviceSeal {
    const last = this.records.at(-1)
    return last === undefined ? NOTHING_COUNTS : { lastSeq: last.header.seq, headId: last.id }
  }

  /** As the store takes it: this author writes on the node under test. */
  get account(): SquareAccount {
    return {
      author: this.address,
      device: this.device.publicKey,
      secretKey: this.device.secretKey,
      operations: [this.genesis],
    }
  }

  post(text: string, init: RecordInit & Partial<Omit<PostBody, 'salt' | 'text'>> = {}): MadeRecord {
    const { ts, ...body } = init
    return this.sign(KIND.post, encodePost({ salt: this.salt(), text, ...body }), ts)
  }

  /** An answer; the thread begins where the parent's does. */
  reply(parent: SignedRecord, text: string, init: RecordInit & { readonly root?: SignedRecord } = {}): MadeRecord {
    return this.post(text, {
      ...(init.ts === undefined ? {} : { ts: init.ts }),
      reply: { root: refer(init.root ?? parent), parent: refer(parent) },
    })
  }

  react(subject: SignedRecord, emoji: string | null = '❤', init: RecordInit = {}): MadeRecord {
    return this.sign(KIND.reaction, encodeReaction({ salt: this.salt(), subject: refer(subject), emoji }), init.ts)
  }

  repost(subject: SignedRecord, on = true, init: RecordInit = {}): MadeRecord {
    return this.sign(KIND.repost, encodeRepost({ salt: this.salt(), subject: refer(subject), on }), init.ts)
  }

  follow(other: TestAuthor, on = true, init: RecordInit = {}): MadeRecord {
    const subject = { address: other.address, genesis: other.genesisHash.slice(0, 8) }
    return this.sign(KIND.follow, encodeFollow({ salt: this.salt(), subject, on }), init.ts)
  }

  block(other: TestAuthor, on = true, init: RecordInit = {}): MadeRecord {
    const subject = { address: other.address, genesis: other.genesisHash.slice(0, 8) }
    return this.sign(KIND.block, encodeBlock({ salt: this.salt(), subject, on }), init.ts)
  }

  describe(profile: Omit<ProfileBody, 'salt'>, init: RecordInit = {}): MadeRecord {
    return this.sign(KIND.profile, encodeProfile({ salt: this.salt(), ...profile }), init.ts)
  }

  delete(subject: SignedRecord, init: RecordInit = {}): MadeRecord {
    return this.sign(KIND.delete, encodeDelete({ salt: this.salt(), subject: refer(subject) }), init.ts)
  }

  /** The whole new content of an own post. */
  edit(
    subject: SignedRecord,
    text: string,
    init: RecordInit & Partial<Omit<EditBody, 'salt' | 'text'>> = {},
  ): MadeRecord {
    const { ts, ...body } = init
    return this.sign(KIND.edit, encodeEdit({ salt: this.salt(), subject: refer(subject), text, ...body }), ts)
  }

  /** Any kind and body, as the next record of the log. */
  sign(kind: number, body: Uint8Array, ts?: number): MadeRecord {
    const last = this.records.at(-1)
    return this.#keep(
      this.signAt(kind, body, { seq: this.records.length + 1, prev: last?.id ?? null, ts: ts ?? this.#tick() }),
    )
  }

  /** A record beside the log: the same seq again, say. */
  signAt(kind: number, body: Uint8Array, place: { seq: number; prev: Uint8Array | null; ts: number }): MadeRecord {
    const { publicKey: device, secretKey } = this.device
    const draft = { kind, author: this.address, device, secretKey, ...place, body, network: this.#network }
    const record = signRecord(draft, signNatively)
    return { ...record, bytes: encodeRecord(record) }
  }

  salt(): Uint8Array {
    return this.#random(8)
  }

  #tick(): number {
    this.#ts += 1_000
    return this.#ts
  }

  #keep(record: MadeRecord): MadeRecord {
    this.records.push(record)
    return record
  }
}

function refer(record: SignedRecord) {
  return { author: record.header.author, id: record.id }
}
