import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatRecordId } from '../../core/codec/cid.ts'
import type { Square } from '../../core/node/square.ts'
import { decodeRecord } from '../../core/record/decode-record.ts'
import { KIND } from '../../core/record/kinds/kind-table.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'

/** A write that was acknowledged; ids and addresses in hex. */
export interface Written {
  readonly id: string
  readonly author: string
  readonly kind: number
  /** What a post or an edit says, null for other kinds. */
  readonly text: string | null
  /** What an edit, a reaction or a deletion is about, null for a post. */
  readonly subject: string | null
}

/** What one node has. */
export interface Holding {
  readonly name: string
  /** Addresses of those whose records it wants, in hex. */
  readonly wanted: ReadonlySet<string>
  /** Record id in hex → its body is here. */
  readonly held: ReadonlyMap<string, boolean>
  /** The text that is shown of a post, null for none. */
  readonly shown: (id: string) => string | null
}

/**
 * What is wrong with a node, in words, after these acknowledged writes: each of an author whom it wants must be there,
 * with its body or gone by a deletion that was acknowledged, and each post shows its last text. Nothing is demanded of what was
 * not acknowledged, nor of people whom the node doesn't want, but of nobody a deleted body may be there.
 */
export function listFaults(written: readonly Written[], { name, wanted, held, shown }: Holding): string[] {
  const { deleted, texts } = outcomesOf(written)
  return written.flatMap(({ id, author, kind, subject }) => {
    const isGone = deleted.has(id) || (kind === KIND.edit && subject !== null && deleted.has(subject))
    const hasBody = held.get(id)
    const what = `${name}: kind ${kind} ${id.slice(0, 8)} of ${author.slice(0, 8)}`
    if (isGone && hasBody === true) return [`${what} is here although it was deleted`]
    if (!wanted.has(author)) return []
    if (hasBody === undefined) return [`${what} is missing`]
    if (!isGone && !hasBody) return [`${what} has no body`]
    if (kind !== KIND.post) return []
    const [text, expected] = [shown(id), isGone ? null : texts.get(id)]
    return text === expected ? [] : [`${what} shows ${JSON.stringify(text)} instead of ${JSON.stringify(expected)}`]
  })
}

/** Texts that nobody may hold any more: those of deleted posts, and of their edits. */
export function listDeletedTexts(written: readonly Written[]): string[] {
  const { deleted } = outcomesOf(written)
  return written.flatMap(({ id, kind, subject, text }) => {
    const post = kind === KIND.edit ? subject : id
    return text !== null && post !== null && deleted.has(post) ? [text] : []
  })
}

function outcomesOf(written: readonly Written[]): { deleted: Set<string>; texts: Map<string, string> } {
  const deleted = new Set<string>()
  const texts = new Map<string, string>()
  for (const { id, kind, subject, text } of written) {
    if (kind === KIND.delete && subject !== null) deleted.add(subject)
    const post = kind === KIND.edit ? subject : id
    if (text !== null && post !== null) texts.set(post, text)
  }
  return { deleted, texts }
}

/** Which of the texts stand in which file of the folder. */
export function findInFiles(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder).flatMap((file) => {
    const bytes = readFileSync(join(folder, file))
    return texts.filter((text) => bytes.includes(text)).map((text) => `${file}: ${text}`)
  })
}

const PAGE_BYTES = 256 * 1024

/** Everything that a store can hand on: record id in hex → its body is here. */
export function readHeld(square: Square): Map<string, boolean> {
  const held = new Map<string, boolean>()
  for (const { author, device, ranges } of square.listHeld(square.listAuthors(null, 512))) {
    for (const [from, to] of ranges) {
      for (let last = to; last >= from; ) {
        const page = square.readLog(author, device, [from, last], PAGE_BYTES)
        for (const { record } of page) {
          const decoded = decodeRecord(record)
          if (decoded.ok) held.set(toHex(decoded.record.id), decoded.record.body !== null)
        }
        last = (page.at(-1)?.seq ?? from) - 1
      }
    }
  }
  return held
}

/** What two stores must agree on to hold the same of these authors: chains, numbers and the newest record. Quick. */
export function fingerprint(square: Square, authors: readonly Uint8Array[]): string {
  const logs = square.listHeld(authors).map(({ author, device, ranges, tip, isForked, open }) => {
    return [toHex(author), toHex(device), ranges, tip && [tip.seq, toHex(tip.digest)], isForked, open]
  })
  const chains = square.listOperations(authors).map(({ author, operations }) => [toHex(author), operations.map(toHex)])
  return JSON.stringify([logs.toSorted(byText), chains.toSorted(byText)])
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

/** The store of a node as the checker takes it. */
export function holdingOf(name: string, square: Square): Holding {
  return {
    name,
    wanted: new Set(square.listWanted().map(toHex)),
    held: readHeld(square),
    shown: (id) => {
      const post = square.post(formatRecordId(fromHex(id) as Uint8Array))
      return post?.state === 'shown' ? post.text : null
    },
  }
}
