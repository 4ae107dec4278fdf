const SEPARATORS = /[\s\p{P}]+/u

/** Lower case without accents, its words parted by one space: what names are compared by. */
export function foldName(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().split(SEPARATORS).join(' ').trimStart()
}
