import type { SquareCalls, SquareInit } from '../../core/node/square-calls.ts'
import { TestAuthor } from './authors.ts'

/** Whose posts are numbered. */
export const writer = new TestAuthor('Nour')

const PAGE = 500

export function openInit(dataDir: string): SquareInit {
  return { dataDir, domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: writer.account }
}

export function numberedText(number: number): string {
  return `numbered post ${number}`
}

/** Numbers of the posts that the account's own timeline shows, the newest first: all, or about as many as `atLeast`. */
export function listOwnNumbers(store: Pick<SquareCalls, 'profilePosts'>, atLeast: number): number[] {
  const numbers: number[] = []
  let cursor: string | null = null
  do {
    const page = store.profilePosts(writer.profile, { limit: PAGE, ...(cursor === null ? {} : { cursor }) })
    for (const { state, text } of page.items) {
      const number = state === 'shown' ? /^numbered post (\d+)$/.exec(text)?.[1] : undefined
      if (number !== undefined) numbers.push(Number(number))
    }
    cursor = page.cursor
  } while (cursor !== null && numbers.length < atLeast)
  return numbers
}
