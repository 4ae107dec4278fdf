import { encodeDelete, encodeEdit, encodePost, encodeReaction, KIND } from '../../core/record/kinds/kind-table.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import { systemRandom } from '../../core/util/random.ts'
import type { SeededChoice } from './seeded-random.ts'
import { listDeletedTexts, type Written } from './set-checker.ts'
import type { WorldNode } from './world.ts'

/** Of more deletes in a day the later ones leave the text on the disk for three days. */
const MAX_DELETES = 45

/** Has nodes write posts, edits, reactions and deletions by chance, and notes what was acknowledged. */
export class WorldWriter {
  readonly written: Written[] = []
  readonly #nodes: readonly WorldNode[]
  readonly #choice: SeededChoice
  readonly #deletes = new Map<WorldNode, number>()
  readonly #deleted = new Set<string>()

  constructor(nodes: readonly WorldNode[], choice: SeededChoice) {
    this.#nodes = nodes
    this.#choice = choice
  }

  /** One record of any node. @throws what publishing throws */
  writeOne(): void {
    const node = this.#choice.pick(this.#nodes)
    const salt = systemRandom(8)
    const text = `w${this.written.length}x${toHex(systemRandom(6))}`
    const kind = this.#choice.below(10)
    const own = this.#somePostOf((author) => author === toHex(node.author.address))
    if (own !== null && kind === 0 && (this.#deletes.get(node) ?? 0) < MAX_DELETES) {
      this.#deletes.set(node, (this.#deletes.get(node) ?? 0) + 1)
      this.#deleted.add(own.id)
      this.#publish(node, KIND.delete, encodeDelete({ salt, subject: refer(own) }), null, own.id)
    } else if (own !== null && kind <= 2) {
      this.#publish(node, KIND.edit, encodeEdit({ salt, subject: refer(own), text }), text, own.id)
    } else if (kind === 3) {
      const wanted = new Set(node.square.listWanted().map(toHex))
      const liked = this.#somePostOf((author) => wanted.has(author))
      if (liked === null) return
      this.#publish(node, KIND.reaction, encodeReaction({ salt, subject: refer(liked), emoji: '❤' }), null, liked.id)
    } else {
      this.#publish(node, KIND.post, encodePost({ salt, text }), text, null)
    }
  }

  /** Texts that stay. */
  listKeptTexts(): string[] {
    const deleted = new Set(listDeletedTexts(this.written))
    return this.written.flatMap(({ text }) => (text === null || deleted.has(text) ? [] : [text]))
  }

  #publish(node: WorldNode, kind: number, body: Uint8Array, text: string | null, subject: string | null): void {
    const { id } = node.publish(kind, body)
    this.written.push({ id: toHex(id), author: toHex(node.author.address), kind, text, subject })
  }

  #somePostOf(isMeant: (author: string) => boolean): Written | null {
    const posts = this.written.filter(
      ({ id, kind, author }) => kind === KIND.post && isMeant(author) && !this.#deleted.has(id),
    )
    return posts.length === 0 ? null : this.#choice.pick(posts)
  }
}

function refer({ author, id }: Written): { author: Uint8Array; id: Uint8Array } {
  return { author: fromHex(author) as Uint8Array, id: fromHex(id) as Uint8Array }
}
