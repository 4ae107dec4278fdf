import { parsePeerId } from '../../../core/identity/peer-id.ts'
import { parseProfileLink } from '../../../core/record/links.ts'

export interface FoundPerson {
  profile: string
  /** Record that the link points at, if it does. */
  record?: string | undefined
  /** Addresses of seeds that came in the link. */
  addresses: string[]
}

/** Reads what somebody pasted: a peer ID, with or without blanks between its fours, or a `palabre:` link. */
export function parsePerson(pasted: string): FoundPerson | undefined {
  const text = pasted.trim().replace(/^[<«"'“]+|[>»"'”.,;]+$/gu, '')
  if (/^palabre:/i.test(text)) {
    const link = parseProfileLink(text.replace(/\s+/gu, ''))
    return link && { profile: link.profile, record: link.record, addresses: [...link.addresses] }
  }
  const bare = text.replace(/[\s·]+/gu, '')
  return parsePeerId(bare) ? { profile: bare, addresses: [] } : undefined
}
