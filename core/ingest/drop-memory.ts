import type { DecodedBody } from '../record/kinds/kind-table.ts'
import { toHex } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'
import type { IngestSource } from './door.ts'
import type { CheckedInput } from './input-check.ts'

interface Dropped {
  readonly bytes: Uint8Array
  readonly source: IngestSource
}

const MAX_POSTS = 1_024
const MAX_PROFILES = 1_024

/**
 * Posts and profiles of strangers that nobody wanted a moment ago: somebody I follow may repost the one, and the
 * author of the other may answer me. Without this the end would depend on which came first.
 */
export class DropMemory {
  readonly #posts = new LruMap<string, Dropped>(MAX_POSTS)
  readonly #profiles = new LruMap<string, Dropped>(MAX_PROFILES)

  remember(input: CheckedInput, source: IngestSource): void {
    if (input.record === null || input.body === null) return
    const dropped = { bytes: input.bytes, source }
    if (input.body.kind === 'post') this.#posts.set(toHex(input.record.id), dropped)
    if (input.body.kind === 'profile') this.#profiles.set(toHex(input.record.header.author), dropped)
  }

  /** Takes out what a record that was just kept may have made wanted. */
  takeWanted(author: Uint8Array, body: DecodedBody | null): Dropped[] {
    const wanted = [take(this.#profiles, author)]
    if (body?.kind === 'repost') wanted.push(take(this.#posts, body.body.subject.id))
    if (body?.kind === 'post' && body.body.reply !== undefined) {
      wanted.push(take(this.#posts, body.body.reply.parent.id), take(this.#posts, body.body.reply.root.id))
    }
    return wanted.filter((dropped) => dropped !== undefined)
  }
}

function take(memory: LruMap<string, Dropped>, name: Uint8Array): Dropped | undefined {
  if (memory.size === 0) return undefined
  const key = toHex(name)
  const dropped = memory.peek(key)
  memory.delete(key)
  return dropped
}
