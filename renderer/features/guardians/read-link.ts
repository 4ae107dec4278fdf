/** Kinds of links that guardians and the people they guard send to one another. */
export type GuardLinkKind = 'guard' | 'guardian' | 'recover'

export interface GuardLink {
  kind: GuardLinkKind
  /** What the sender calls itself, '' where the link doesn't say. A claim: the node checks the proofs. */
  name: string
  /** The link without what was pasted round it. */
  text: string
}

const KINDS = ['guard', 'guardian', 'recover'] as const
const MAX_LENGTH = 4_096

/** What kind of link somebody pasted, for a name beside it and a better word when it is the wrong one. */
export function readGuardLink(pasted: string): GuardLink | undefined {
  const text = pasted.trim().replace(/^[<«"'“\s]+|[>»"'”.,;\s]+$/gu, '')
  if (text.length > MAX_LENGTH) return undefined
  const match = /^palabre:([a-z]+)\?(.+)$/isu.exec(text)
  const kind = KINDS.find((known) => known === match?.[1]?.toLowerCase())
  if (kind === undefined) return undefined
  return { kind, name: new URLSearchParams(match?.[2]).get('n')?.slice(0, 128) ?? '', text }
}
