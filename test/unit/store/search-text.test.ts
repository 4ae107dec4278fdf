import { describe, expect, it } from 'vitest'
import { indexedText, toSearchExpressions } from '../../../core/store/search-text.ts'

describe('indexedText', () => {
  it('leaves a text of words as it is', () => {
    expect(indexedText('Bonjour, «la place» – été')).toEqual({ words: 'Bonjour, «la place» – été', grams: '' })
  })

  it('takes stretches of scripts without spaces apart, each character with the two that follow', () => {
    expect(indexedText('hello 天气很好。ok')).toEqual({ words: 'hello  。ok', grams: '天气很 气很好 很好 好' })
    expect(indexedText('ﾊﾛｰ').grams).toBe('ハロー ロー ー')
    expect(indexedText('สวัส').grams).toBe('สวั วัส ัส ส')
  })
})

describe('toSearchExpressions', () => {
  it('quotes all that was typed, and takes the last word for a beginning from three characters on', () => {
    expect(toSearchExpressions('red "tree* OR')).toEqual({ words: '"red" "tree" "OR"', grams: null })
    expect(toSearchExpressions('tre')).toEqual({ words: '"tre"*', grams: null })
    expect(toSearchExpressions(' *:^ ')).toBeNull()
  })

  it('looks for one and two characters as the beginning of a gram, for more as grams in a row', () => {
    expect(toSearchExpressions('天')).toEqual({ words: null, grams: '"天"*' })
    expect(toSearchExpressions('天气')).toEqual({ words: null, grams: '"天气"*' })
    expect(toSearchExpressions('天气很好')).toEqual({ words: null, grams: '"天气很 气很好"' })
    expect(toSearchExpressions('hello 天气 wor')).toEqual({ words: '"hello" "wor"*', grams: '"天气"*' })
  })

  it('bounds what it looks for', () => {
    expect(toSearchExpressions('a '.repeat(200))?.words?.split(' ')).toHaveLength(16)
    expect(toSearchExpressions('天'.repeat(256))?.grams?.split(' ')).toHaveLength(64)
  })
})
