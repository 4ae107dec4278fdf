/** How many people gave a sign. */
export interface SignSum {
  emoji: string
  count: number
}

const MAX_SIGNS = 8
const LOOK = /\ufe0f/gu
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Whether it is one character as readers count them: a word of 32 bytes is nothing to stand under a post. */
export function isOneSign(text: string): boolean {
  const [first] = segmenter.segment(text)
  return first?.segment === text && text.trim() !== '' && !/^[\p{C}\p{Z}]/u.test(text)
}

/** With what says only how it looks left out: ❤ and ❤️ are the same sign. */
export function signKey(emoji: string): string {
  return emoji.replace(LOOK, '')
}

/** Signs with how many gave each, the most frequent first, eight at most. @param values most frequent first */
export function sumSigns(values: readonly { readonly value: string; readonly count: number }[]): SignSum[] {
  const sums = new Map<string, SignSum>()
  for (const { value, count } of values) {
    if (!isOneSign(value)) continue
    const known = sums.get(signKey(value))
    if (known === undefined) sums.set(signKey(value), { emoji: value, count })
    else known.count += count
  }
  return [...sums.values()].sort((a, b) => b.count - a.count).slice(0, MAX_SIGNS)
}
