/**
 * The welcome pack as an archive (docs/protocol/archive.md): voices of the project, each with a chain, a profile and
 * posts, in every language of the window. The same randomness and date give the same bytes.
 */
import { encodeBlock, encodeEnd, encodeStart } from '../../core/archive/archive-format.ts'
import { findTags } from '../../core/record/tag-text.ts'
import { concatBytes, utf8 } from '../../core/util/bytes.ts'
import type { RandomSource } from '../../core/util/random.ts'
import { TestAuthor } from '../../test/harness/authors.ts'
import { WELCOME_TEXTS } from './texts.ts'

const NETWORK = 'palabre'
const MINUTE_MS = 60_000

export interface WelcomePackInit {
  /** What the keys are made of; it is thrown away, and the keys with it. */
  readonly random: RandomSource
  /** What the pack says of its age, milliseconds since 1970: nothing in it is younger. */
  readonly madeAt: number
}

export interface MadeWelcome {
  /** The whole archive. */
  readonly bytes: Uint8Array
  /** Profiles, by language. */
  readonly voices: Readonly<Record<'en' | 'fr', readonly string[]>>
}

export function makeWelcomePack({ random, madeAt }: WelcomePackInit): MadeWelcome {
  const profiles: Record<'en' | 'fr', string[]> = { en: [], fr: [] }
  const operations: Uint8Array[] = []
  const records: Uint8Array[] = []
  for (const lang of ['en', 'fr'] as const) {
    const { bio, voices } = WELCOME_TEXTS[lang]
    voices.forEach(({ name, posts }, voice) => {
      const author = new TestAuthor(name, { random, network: NETWORK })
      operations.push(author.genesis)
      profiles[lang].push(author.profile)
      const place = (post: number) => madeAt - (post * voices.length + voice) * MINUTE_MS
      records.push(author.describe({ name, bio }, { ts: place(posts.length) }).bytes)
      // Written from the last to the first: the first one of each voice is read first.
      for (const [i, text] of [...posts.entries()].reverse()) {
        const tags = findTags(text).map(({ text: tag, at }) => {
          const start = utf8(text.slice(0, at)).length
          return { start, end: start + utf8(tag).length }
        })
        const made = author.post(text, { ts: place(i), lang, ...(tags.length > 0 && { tags }) })
        records.push(made.bytes)
      }
    })
  }
  const blocks = [...operations, ...records]
  const bytes = concatBytes(encodeStart(NETWORK), ...blocks.map(encodeBlock), encodeEnd(blocks.length))
  return { bytes, voices: profiles }
}
