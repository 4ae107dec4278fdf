import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from '../../core/identity/hash.ts'
import type { Square } from '../../core/node/square.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import type { ScrubReport } from '../../core/node/square-care.ts'
import { decodeBody } from '../../core/record/kinds/kind-table.ts'
import { toHex } from '../../core/util/bytes.ts'
import { type MadeRecord, TestAuthor } from './authors.ts'
import { SeededChoice } from './seeded-random.ts'

export const DATABASES = ['own.db', 'square.db', 'media.db'] as const
export type DatabaseName = (typeof DATABASES)[number]

const POSTS = 40
const PICTURES = 8
const PICTURE_BYTES = 6_000

export interface Town {
  readonly me: TestAuthor
  readonly others: readonly TestAuthor[]
}

/** Fills a store with a bit of everything: answers, edits, reactions, reposts, deletions, profiles, pictures. */
export function fillStore(square: Square): Town {
  const me = new TestAuthor('Nour')
  const others = ['Ben', 'Cleo', 'Dora'].map((name) => new TestAuthor(name))
  const posts: MadeRecord[] = []
  for (const author of others) {
    author.describe({ name: `${author.name} of the square`, bio: 'writes now and then' })
    for (let i = 0; i < POSTS; i++) {
      const parent = posts[i % Math.max(1, posts.length)]
      const text = `${author.name} says number ${i}, and some more words that make a post longer`
      const post = i % 4 === 1 && parent !== undefined ? author.reply(parent, text) : author.post(text)
      if (i % 6 === 2) author.edit(post, `${text}, said better`)
      if (i % 9 === 3) author.delete(author.post('regretted'))
      if (parent !== undefined && i % 5 === 0) author.react(parent)
      if (parent !== undefined && i % 7 === 0) author.repost(parent)
      posts.push(post)
    }
  }
  square.ingest(packBytes(others.map(({ genesis }) => genesis)), packBytes([]), { kind: 'import' })
  const drafts = [me.describe({ name: 'Nour' }), ...others.map((other) => me.follow(other))]
  for (let i = 0; i < POSTS; i++) drafts.push(me.post(`my own number ${i}`, { media: picturesOf(square, i) }))
  drafts.push(me.react(posts[3] as MadeRecord), me.delete(drafts.at(-1) as MadeRecord))
  square.publish(drafts.map(({ header, body }) => ({ kind: header.kind, body: body as Uint8Array })))
  const records = packBytes(others.flatMap((other) => other.records.map(({ bytes }) => bytes)))
  square.ingest(packBytes([]), records, { kind: 'sync', peer: 'peer' })
  return { me, others }
}

function picturesOf(square: Square, number: number) {
  if (number >= PICTURES) return []
  const bytes = new SeededChoice(number + 1).bytes(PICTURE_BYTES)
  const cid = CID.createV1(0x55, Digest.create(0x12, sha256(bytes)))
  const [root, type, size] = [cid.toString(), 'image/png', bytes.length]
  square.putBlocks([cid.bytes], packBytes([bytes]))
  square.putDag({ root, blocks: [root], type, size, isPending: false })
  return [{ cid, type, size, width: 20, height: 10, alt: `picture ${number}` }]
}

/** A copy of the folder with some bits of one database turned over. Returns the lowest offset that was hit. */
export function copyWithDamage(
  from: string,
  to: string,
  { name, bits, choice }: { name: DatabaseName; bits: number; choice: SeededChoice },
): number {
  cpSync(from, to, { recursive: true })
  const path = join(to, name)
  const bytes = readFileSync(path)
  let lowest = bytes.length
  for (let i = 0; i < bits; i++) {
    const offset = choice.below(bytes.length)
    bytes[offset] = (bytes[offset] as number) ^ (1 << choice.below(8))
    lowest = Math.min(lowest, offset)
  }
  writeFileSync(path, bytes)
  return lowest
}

const CONTENTS: readonly (readonly [DatabaseName, string])[] = [
  ['own.db', 'SELECT seq, id, kind, ts_ms, header, signature, body, delete_id FROM own_record ORDER BY device, seq'],
  ['square.db', 'SELECT bytes FROM operation ORDER BY hash'],
  ['square.db', 'SELECT id, seq, kind, ts_ms, state, header, signature, body, delete_id FROM record ORDER BY id'],
  ['media.db', 'SELECT cid, size, bytes FROM block ORDER BY cid'],
]

/** Everything that can be proven and lies in the files of a closed store, as text that can be compared. */
export function contentsOf(dataDir: string): string[] {
  return CONTENTS.flatMap(([name, sql]) => {
    const db = new DatabaseSync(join(dataDir, name), { readOnly: true })
    try {
      return db
        .prepare(sql)
        .all()
        .map((row) => `${name} ${JSON.stringify(row, hexBytes)}`)
    } catch (error) {
      return [`${name}: ${String(error)}`]
    } finally {
      db.close()
    }
  })
}

function hexBytes(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value
}

/** What somebody sees: the home timeline with all that stands beside the posts, and the profiles. */
export function seenIn(square: Square, { me, others }: Town): string[] {
  const seen: string[] = []
  for (let cursor: string | undefined, more = true; more; ) {
    const page = square.home({ limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    for (const post of page.items) seen.push(JSON.stringify({ ...post, holding: null }))
    cursor = page.cursor ?? undefined
    more = cursor !== undefined
  }
  for (const { profile } of [me, ...others]) {
    const { name, bio, counts } = square.profile(profile)
    seen.push(JSON.stringify({ name, bio, posts: counts.posts }))
  }
  return seen
}

/** Texts and names that somebody has signed, and none. */
export function signedTexts({ me, others }: Town): ReadonlySet<string> {
  const texts = new Set([''])
  for (const { header, body } of [me, ...others].flatMap(({ records }) => records)) {
    const decoded = body === null ? null : decodeBody(header.kind, body)
    if (decoded?.ok !== true) continue
    if (decoded.kind === 'post' || decoded.kind === 'edit') texts.add(decoded.body.text)
    if (decoded.kind === 'profile') texts.add(decoded.body.name)
  }
  return texts
}

/** Texts and names that the home timeline and the profiles show. */
export function shownTexts(square: Square, { me, others }: Town): string[] {
  const posts = square.home({ limit: 500 }).items
  const names = [me, ...others].map(({ profile }) => square.profile(profile).name)
  return [...posts.flatMap(({ text, name }) => [text, name]), ...names]
}

/** A whole pass. */
export function scrubAll(square: Square): ScrubReport {
  let report = square.care.scrub(true)
  while (report.endedAt === null) report = square.care.scrub(false)
  return report
}

/** Brings the files that `to` lacks from another store, as the fetcher does: by what the records say of them. */
export function fetchMedia(to: Square, from: Square): void {
  for (const { root } of to.listMissing(1_000)) {
    const dag = from.getDag(root)
    if (dag === null) continue
    const cids = dag.blocks.map((text) => CID.parse(text).bytes)
    to.putDag({ root, ...dag, isPending: false })
    to.putBlocks(cids, packBytes(cids.map((cid) => from.getBlock(cid) ?? new Uint8Array())))
    to.putDag({ root, ...dag, isPending: false })
  }
}
