import { ORPCError } from '@orpc/server'
import { entropyFromWords, wordsFromEntropy } from '../../../core/identity/words.ts'

const PAPER_GROUPS = 18
const PAPER_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Words, paper key and passphrase of the sample account. */
export class FakeSecrets {
  /** Those that are right. */
  words = wordsOf(1)
  /** Not confirmed as written down. */
  isPending = true
  rehearsedAt: number | null = null
  paper: string | null = null
  passphrase: string | null = null
  #made = 1

  isWords(text: string): boolean {
    return normalize(text) === this.words.join(' ')
  }

  /** @throws ORPCError wrong-secret */
  check(secret: string): void {
    const isPaper = this.paper !== null && squeeze(secret) === squeeze(this.paper)
    if (!isPaper && !this.isWords(secret)) {
      throw new ORPCError('wrong-secret', { message: 'neither the words nor the paper key of this account' })
    }
  }

  rehearse(text: string, now: number): { result: 'right' | 'not-words' | 'other-account'; at: number } {
    if (entropyFromWords(text) === undefined) return { result: 'not-words', at: now }
    if (!this.isWords(text)) return { result: 'other-account', at: now }
    this.rehearsedAt = now
    return { result: 'right', at: now }
  }

  makePaper(): string {
    this.#made += 1
    const letter = (index: number) => PAPER_LETTERS[(index * 7 + this.#made * 5 + (index >> 2)) % 32]
    const groups = Array.from({ length: PAPER_GROUPS }, (_, group) =>
      Array.from({ length: 4 }, (_, place) => letter(4 * group + place)).join(''),
    )
    this.paper = ['PALABRE-PAPER-1', ...groups].join('-')
    return this.paper
  }

  newWords(): string[] {
    this.#made += 1
    this.words = wordsOf(this.#made)
    this.isPending = true
    this.rehearsedAt = null
    return this.words
  }

  protect(passphrase: string | null, current: string | undefined): void {
    if (this.passphrase !== null && current !== this.passphrase) {
      throw new ORPCError('wrong-passphrase', { message: 'that is not the passphrase of this vault' })
    }
    if (passphrase === '') throw new ORPCError('bad-passphrase', { message: 'a passphrase has 1 to 1,024 bytes' })
    this.passphrase = passphrase
  }
}

function wordsOf(turn: number): string[] {
  return wordsFromEntropy(new Uint8Array(32).map((_, index) => (index * 37 + 11 * turn) % 256))
}

function normalize(text: string): string {
  return text.trim().toLowerCase().split(/\s+/).join(' ')
}

function squeeze(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '')
}
