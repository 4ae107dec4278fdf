import { describe, expect, it } from 'vitest'
import { foldTag } from '../../../core/record/tag-text.ts'
import { tagsOf } from '../../../core/store/tags.ts'

describe('tagsOf', () => {
  it('finds what a text shows as tags, folded, each once', () => {
    expect(tagsOf({ text: '#Été at the #TREE, #tree: ＃天气 #привет_мир' })).toEqual([
      'ete',
      'tree',
      '天气',
      'привет_мир',
    ])
  })

  it('finds none within words and addresses, and none without a letter', () => {
    expect(tagsOf({ text: 'a#b https://x.test/#part ##twice &#39; #1 # #' })).toEqual([])
  })

  it('takes what the author has marked, and nothing else where there is some (REC10)', () => {
    const text = 'é #one #two'
    expect(tagsOf({ text, tags: [{ start: 3, end: 7 }] })).toEqual(['one'])
    expect(tagsOf({ text, tags: [] })).toEqual([])
  })

  it('leaves out what is longer than anybody types', () => {
    expect(tagsOf({ text: `#${'a'.repeat(129)} #ok` })).toEqual(['ok'])
  })
})

describe('foldTag', () => {
  it('keeps marks that make another letter outside of Latin', () => {
    expect([foldTag('#Noël'), foldTag('йод'), foldTag('ＡＢＣ')]).toEqual(['noel', 'йод', 'abc'])
  })
})
