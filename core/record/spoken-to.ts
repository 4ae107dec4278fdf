import { equalBytes } from '../util/bytes.ts'
import type { DecodedBody } from './kinds/kind-table.ts'

/**
 * Whom a record speaks to beside its author, 32-byte addresses, each once: who is answered, quoted or mentioned, whose post
 * is reacted to or passed on, who is followed or no longer so (INB1).
 */
export function spokenTo(author: Uint8Array, body: DecodedBody): Uint8Array[] {
  const found: Uint8Array[] = []
  for (const address of named(body)) {
    if (!equalBytes(address, author) && !found.some((one) => equalBytes(one, address))) found.push(address)
  }
  return found
}

function named(body: DecodedBody): Uint8Array[] {
  switch (body.kind) {
    case 'post': {
      const { reply, quote, mentions } = body.body
      return [
        ...(reply === undefined ? [] : [reply.parent.author]),
        ...(quote === undefined ? [] : [quote.author]),
        ...(mentions ?? []).map(({ address }) => address),
      ]
    }
    case 'reaction':
    case 'repost':
      return [body.body.subject.author]
    case 'follow':
      return [body.body.subject.address]
    default:
      return []
  }
}
