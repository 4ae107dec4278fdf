/**
 * A network's past, made up: authors of whom few write much and most write little, over two years, who answer, like,
 * repost, edit and delete. The same seed gives the same bytes. It goes from front to back in bounded memory, whatever
 * its size: ids don't hang on signatures, so signing is left to the caller.
 */
import { createIdentity } from '../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair } from '../../core/identity/keys.ts'
import { encodeRecord } from '../../core/record/encode-record.ts'
import type { SignedRecord } from '../../core/record/envelope.ts'
import type { RecordRef } from '../../core/record/kinds/body-reader.ts'
import {
  encodeDelete,
  encodeEdit,
  encodeFollow,
  encodePost,
  encodeProfile,
  encodeReaction,
  encodeRepost,
  KIND,
} from '../../core/record/kinds/kind-table.ts'
import { signRecord } from '../../core/record/sign-record.ts'
import { TEST_EPOCH_MS } from './authors.ts'
import { type CorpusLanguage, makeText, pickEmoji, pickLanguage, unit } from './corpus-text.ts'
import { signNatively } from './native-sign.ts'
import { SeededChoice, seededRandom } from './seeded-random.ts'

export interface CorpusInit {
  readonly authors: number
  /** Answers among them; what else is written comes on top: about 0.4 for each post, and 15 for each author. */
  readonly posts: number
  readonly seed: number
  /** Domain of the network; `palabre` unless said. */
  readonly network?: string
  /** When the last record was written, 2026-01-01 unless said; the first stands two years before. */
  readonly untilMs?: number
}

export interface CorpusAuthor {
  readonly address: Uint8Array
  readonly device: KeyPair
  /** The operation on the wire. */
  readonly genesis: Uint8Array
  readonly genesisHash: Uint8Array
}

/** A record that lacks its signature. */
export interface CorpusDraft {
  /** Number of the author. */
  readonly by: number
  /** What that author's device signs. */
  readonly input: Uint8Array
  readonly record: SignedRecord
}

const SPAN_MS = 2 * 365 * 86_400_000
const RECENT_POSTS = 2_000
const OWN_POSTS = 6
const FOLLOWS = 14
const MAX_BIO_LENGTH = 300
/** Exponent of Zipf's law for how much each author writes. */
const ACTIVITY = 0.85

/** What happens at one point: shares of a thousand posts. */
const REPLIES = 300
const REACTIONS = 250
const REPOSTS = 50
const EDITS = 20
const DELETIONS = 10

interface Post extends RecordRef {
  readonly by: number
  readonly root: RecordRef
}

interface Writer {
  readonly author: CorpusAuthor
  readonly language: CorpusLanguage
  seq: number
  prev: Uint8Array | null
  /** Newest last. */
  readonly posts: Post[]
}

/** The identity of author number `index`, which hangs on nothing but the seed. */
export function makeCorpusAuthor({ seed, network }: Pick<CorpusInit, 'seed' | 'network'>, index: number): CorpusAuthor {
  const random = seededRandom(`corpus ${seed}/${index}`)
  const device = generateKeyPair(random)
  const sealKey = generateSealKeyPair(random).publicKey
  const identity = createIdentity({
    device: { keyPair: device, sealKey, name: 'laptop' },
    random,
    ...(network !== undefined && { network }),
  })
  const { address, genesis, operation } = identity
  return { address, device, genesis, genesisHash: operation.id }
}

/** All records in the order of their times. */
export function* draftCorpus(init: CorpusInit, authors: readonly CorpusAuthor[]): Generator<CorpusDraft> {
  yield* new Corpus(init, authors).draft()
}

/** The record on the wire. */
export function completeDraft({ record }: CorpusDraft, signature: Uint8Array): Uint8Array {
  return encodeRecord({ ...record, signature })
}

/** A small corpus, whole: operations and records on the wire. */
export function makeCorpus(init: CorpusInit): { operations: Uint8Array[]; records: Uint8Array[] } {
  const authors = Array.from({ length: init.authors }, (_, i) => makeCorpusAuthor(init, i))
  const records = Array.from(draftCorpus(init, authors), (draft) =>
    completeDraft(draft, signNatively((authors[draft.by] as CorpusAuthor).device.secretKey, draft.input)),
  )
  return { operations: authors.map(({ genesis }) => genesis), records }
}

class Corpus {
  readonly #init: CorpusInit
  readonly #choice: SeededChoice
  readonly #authors: readonly CorpusAuthor[]
  readonly #writers = new Map<number, Writer>()
  /** Sums of the authors' shares, to pick by. */
  readonly #shares: readonly number[]
  /** The newest posts of everybody; a ring. */
  readonly #recent: Post[] = []
  #recentAt = 0
  /** Authors up to here have come. */
  #lastJoined = 0
  #ts = 0

  constructor(init: CorpusInit, authors: readonly CorpusAuthor[]) {
    this.#init = init
    this.#authors = authors
    this.#choice = new SeededChoice(init.seed)
    let sum = 0
    this.#shares = authors.map((_, i) => {
      sum += 1 / (i + 1) ** ACTIVITY
      return sum
    })
  }

  *draft(): Generator<CorpusDraft> {
    const { posts, untilMs = TEST_EPOCH_MS } = this.#init
    const begin = untilMs - SPAN_MS
    for (let i = 0; i < posts; i++) {
      this.#ts = begin + Math.floor((SPAN_MS * (i + unit(this.#choice))) / posts)
      // Half of all authors come in the first months, even if they hardly write.
      yield* this.#joinDue(i / posts)
      yield* this.#post()
      if (this.#isOne(REACTIONS)) yield* this.#react()
      if (this.#isOne(REPOSTS)) yield* this.#repost()
      if (this.#isOne(EDITS)) yield* this.#edit()
      if (this.#isOne(DELETIONS)) yield* this.#delete()
    }
    yield* this.#joinDue(1)
  }

  /** True for so many of a thousand. */
  #isOne(share: number): boolean {
    return this.#choice.below(1_000) < share
  }

  *#joinDue(progress: number): Generator<CorpusDraft> {
    const due = Math.floor(this.#authors.length * Math.sqrt(progress))
    while (this.#lastJoined < due) yield* this.#join(this.#lastJoined++)
  }

  *#join(by: number): Generator<CorpusDraft> {
    if (this.#writers.has(by)) return
    const language = pickLanguage(this.#choice)
    this.#writers.set(by, { author: this.#authors[by] as CorpusAuthor, language, seq: 0, prev: null, posts: [] })
    const profile = { name: `${makeName(this.#choice)} ${by}`, bio: makeText(this.#choice, language, MAX_BIO_LENGTH) }
    yield this.#write(by, KIND.profile, encodeProfile({ salt: this.#salt(), ...profile }))
    const followed = new Set<number>([by])
    for (let i = this.#choice.below(2 * FOLLOWS); i > 0; i--) {
      const other = this.#pickAuthor()
      if (followed.has(other)) continue
      followed.add(other)
      const { address, genesisHash } = this.#authors[other] as CorpusAuthor
      const subject = { address, genesis: genesisHash.slice(0, 8) }
      yield this.#write(by, KIND.follow, encodeFollow({ salt: this.#salt(), subject, on: true }))
    }
  }

  *#post(): Generator<CorpusDraft> {
    const by = this.#pickAuthor()
    yield* this.#join(by)
    const writer = this.#writers.get(by) as Writer
    const parent = this.#isOne(REPLIES) ? this.#pickPost(by) : null
    const lang = this.#isOne(100) ? pickLanguage(this.#choice) : writer.language
    const body = encodePost({
      salt: this.#salt(),
      text: makeText(this.#choice, lang),
      lang,
      ...(parent !== null && { reply: { root: parent.root, parent: { author: parent.author, id: parent.id } } }),
    })
    const draft = this.#write(by, KIND.post, body)
    const ref = { author: writer.author.address, id: draft.record.id }
    const post = { ...ref, by, root: parent?.root ?? ref }
    writer.posts.push(post)
    if (writer.posts.length > OWN_POSTS) writer.posts.shift()
    this.#recent[this.#recentAt] = post
    this.#recentAt = (this.#recentAt + 1) % RECENT_POSTS
    yield draft
  }

  *#react(): Generator<CorpusDraft> {
    const by = this.#pickAuthor()
    const subject = this.#pickPost(by)
    if (subject === null) return
    yield* this.#join(by)
    const emoji = this.#isOne(700) ? '❤' : pickEmoji(this.#choice)
    yield this.#write(by, KIND.reaction, encodeReaction({ salt: this.#salt(), subject: refer(subject), emoji }))
  }

  *#repost(): Generator<CorpusDraft> {
    const by = this.#pickAuthor()
    const subject = this.#pickPost(by)
    if (subject === null) return
    yield* this.#join(by)
    yield this.#write(by, KIND.repost, encodeRepost({ salt: this.#salt(), subject: refer(subject), on: true }))
  }

  *#edit(): Generator<CorpusDraft> {
    const { by, writer, post } = this.#pickOwn()
    if (post === undefined) return
    const content = { text: makeText(this.#choice, writer.language), lang: writer.language }
    yield this.#write(by, KIND.edit, encodeEdit({ salt: this.#salt(), subject: refer(post), ...content }))
  }

  *#delete(): Generator<CorpusDraft> {
    const { by, writer, post } = this.#pickOwn()
    if (post === undefined) return
    writer.posts.splice(writer.posts.indexOf(post), 1)
    yield this.#write(by, KIND.delete, encodeDelete({ salt: this.#salt(), subject: refer(post) }))
  }

  /** Somebody who has written, and a post of theirs that isn't old. */
  #pickOwn(): { by: number; writer: Writer; post: Post | undefined } {
    const { by } = this.#recent[this.#choice.below(this.#recent.length)] as Post
    const writer = this.#writers.get(by) as Writer
    const post = writer.posts.length === 0 ? undefined : this.#choice.pick(writer.posts)
    return { by, writer, post }
  }

  /** A post of somebody else, rather a new one. */
  #pickPost(by: number): Post | null {
    const back = Math.floor(this.#recent.length * unit(this.#choice) ** 3)
    const at = (this.#recentAt - 1 - back + 2 * RECENT_POSTS) % RECENT_POSTS
    const post = this.#recent[at]
    return post === undefined || post.by === by ? null : post
  }

  #pickAuthor(): number {
    const wanted = unit(this.#choice) * (this.#shares.at(-1) as number)
    let low = 0
    let high = this.#shares.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#shares[middle] as number) <= wanted) low = middle + 1
      else high = middle
    }
    return low
  }

  #write(by: number, kind: number, body: Uint8Array): CorpusDraft {
    const writer = this.#writers.get(by) as Writer
    const { address, device } = writer.author
    let input = new Uint8Array()
    const record = signRecord(
      {
        kind,
        author: address,
        device: device.publicKey,
        secretKey: device.secretKey,
        seq: ++writer.seq,
        prev: writer.prev,
        ts: this.#ts,
        body,
        ...(this.#init.network !== undefined && { network: this.#init.network }),
      },
      (_, message) => {
        input = new Uint8Array(message)
        return new Uint8Array(64)
      },
    )
    writer.prev = record.id
    this.#ts += 1
    return { by, input, record }
  }

  #salt(): Uint8Array {
    const salt = new Uint8Array(8)
    new DataView(salt.buffer).setUint32(0, this.#choice.below(2 ** 32))
    new DataView(salt.buffer).setUint32(4, this.#choice.below(2 ** 32))
    return salt
  }
}

const NAMES = ['Ana', 'Benoît', 'Chloé', 'Dieter', 'Élodie', 'Fatou', 'Grace', 'Hiro', 'Inés', 'Jo', 'Karim', 'Lena']

function makeName(choice: SeededChoice): string {
  return choice.pick(NAMES)
}

function refer({ author, id }: RecordRef): RecordRef {
  return { author, id }
}
