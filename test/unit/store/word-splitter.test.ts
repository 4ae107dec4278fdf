import { describe, expect, it } from 'vitest'
import { toSearchExpressions } from '../../../core/store/search-text.ts'
import { WordSplitter } from '../../../core/store/word-splitter.ts'

const splitter = new WordSplitter()

describe('WordSplitter', () => {
  it('takes a text apart as the index does: small letters, no accents, signs between words', () => {
    expect(splitter.split('Déjà vu, l’ÉTÉ e\u0301te\u0301! 3x')).toEqual(['deja', 'vu', 'l', 'ete', 'ete', '3x'])
    expect(splitter.split('…')).toEqual([])
    expect(splitter.split('again')).toEqual(['again'])
  })

  it('leaves the vowels of scripts that write them as marks in their word', () => {
    expect(splitter.split('हिन्दी தமிழ்')).toEqual(['हिन्दी', 'தமிழ்'])
  })

  it('gives one entry for each word of a query, whatever was typed', () => {
    const wordsOf = (text: string) => splitter.split(text)
    expect(toSearchExpressions('Été ❤️ हिन्दी', wordsOf)).toEqual({ words: '"ete" "हिन्दी"*', grams: null })
    expect(toSearchExpressions('❤️', wordsOf)).toBeNull()
  })
})
