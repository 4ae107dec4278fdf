import type { SilenceKeeperComponents } from './silence-keeper.ts'
import { SilenceKeeper } from './silence-keeper.ts'
import type { SquareClient } from './square-client.ts'
import { WordKeeper, type WordKeeperComponents } from './word-keeper.ts'

/** People and words that the account doesn't want to see: both live on what the store takes in. */
export function createSilences(
  components: Omit<SilenceKeeperComponents, 'store' | 'reader'> &
    Omit<WordKeeperComponents, 'store'> & { readonly square: SquareClient },
): { silences: SilenceKeeper; words: WordKeeper } {
  const { square } = components
  const silences = new SilenceKeeper({ ...components, store: square, reader: square })
  const words = new WordKeeper({ ...components, store: square })
  square.subscribe((event) => silences.noteIngested(event))
  square.subscribe((event) => words.noteIngested(event))
  return { silences, words }
}
