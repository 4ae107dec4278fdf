import { describe, expect, it } from 'vitest'
import { countGraphemes, measureText } from '../../../renderer/features/composer/text-budget.ts'
import { wayOf } from '../../../renderer/features/network/peer-way.ts'
import { segmentText, type TextSegment } from '../../../renderer/features/post/text-segments.ts'
import { highlight, queryWords } from '../../../renderer/features/search/highlight.ts'

describe('measureText', () => {
  it('counts graphemes as readers do and bytes as the record does', () => {
    expect(countGraphemes('e\u0301👨‍👩‍👧🇫🇷')).toBe(3)
    expect(measureText('été')).toMatchObject({ graphemes: 3, bytes: 5, left: 2_995, tone: 'plain' })
  })

  it('warns under 200 bytes and is over below 0', () => {
    expect(measureText('a'.repeat(2_800)).tone).toBe('plain')
    expect(measureText('a'.repeat(2_801)).tone).toBe('warn')
    expect(measureText('a'.repeat(3_000))).toMatchObject({ left: 0, tone: 'warn' })
    expect(measureText('a'.repeat(3_112))).toMatchObject({ left: -112, tone: 'over' })
  })
})

describe('wayOf', () => {
  const relay = '/ip4/192.168.1.9/tcp/4001/p2p/12D3KooWRelay/p2p-circuit'
  const way = (address: string, isRelayed?: boolean) =>
    wayOf({ address, ...(isRelayed !== undefined && { isRelayed }) })

  it('names a relay on the way, with limits or without', () => {
    expect(way(`${relay}/p2p/12D3KooWOther`, true)).toBe('relayed')
    expect(way(`${relay}/p2p/12D3KooWOther`, false)).toBe('relayed')
    expect(way(`${relay}/p2p/12D3KooWOther`)).toBe('relayed')
    expect(way('/webrtc/p2p/12D3KooWOther', true)).toBe('relayed')
  })

  it('takes a connection that a relay only arranged for a direct one', () => {
    expect(way(`${relay}/webrtc/p2p/12D3KooWOther`, false)).toBe('direct')
    expect(way('/ip4/203.0.113.7/tcp/4001')).toBe('direct')
    expect(way('/ip4/192.168.1.9/tcp/4001', false)).toBe('near')
  })
})

describe('segmentText', () => {
  const links = (text: string) => segmentText(text).filter((part) => part.kind !== 'text')
  const joined = (parts: TextSegment[]) => parts.map((part) => part.text).join('')

  it('finds tags where a word begins, and none without a letter or in an address', () => {
    expect(
      links('Ce soir #Marché d’hiver (#pain), nº#1, a#b &#x27; https://a.example/#c').map((part) => part.text),
    ).toEqual(['#Marché', '#pain', 'https://a.example/#c'])
  })

  it('joins to the text it was given', () => {
    for (const text of [
      '',
      'a https://b.example/c.',
      '(https://x.example/a_(b))',
      '<a href="https://x.example">x</a>',
      'http://',
    ]) {
      expect(joined(segmentText(text))).toBe(text)
    }
  })

  it('leaves the punctuation of the sentence outside', () => {
    expect(links('See https://tide.example/book?y=2009#p3.')).toMatchObject([
      { text: 'https://tide.example/book?y=2009#p3', host: 'tide.example' },
    ])
    expect(links('(https://wiki.example/Palabre_(arbre))')[0]?.text).toBe('https://wiki.example/Palabre_(arbre)')
    expect(links('« https://a.example »')[0]?.text).toBe('https://a.example')
  })

  it('shows the real host of look-alike names', () => {
    expect(links('https://аpple.example/')[0]).toMatchObject({ host: 'xn--pple-43d.example' })
  })

  it('makes no link of other schemes, user names and markup', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd ftp://a.example')).toEqual([])
    expect(links('https://bank.example@evil.example/')).toEqual([])
    expect(links('<script>alert(1)</script><img src=x onerror=alert(1)>')).toEqual([])
  })

  it('knows palabre: links', () => {
    expect(links('palabre:12D3KooWCRouQ71CZCTXvW86 is me')).toEqual([
      { kind: 'profile', text: 'palabre:12D3KooWCRouQ71CZCTXvW86', link: 'palabre:12D3KooWCRouQ71CZCTXvW86' },
    ])
  })
})

describe('highlight', () => {
  const hits = (text: string, query: string) =>
    highlight(text, query)
      .filter((part) => part.isHit)
      .map((part) => part.text)

  it('marks words without regard to case and accents', () => {
    expect(hits('La CITERNE et la citerné', 'citerne')).toEqual(['CITERNE', 'citerné'])
    expect(hits('marée basse, maree', 'marée')).toEqual(['marée', 'maree'])
    expect(hits('e\u0301te\u0301 ici', 'été')).toEqual(['e\u0301te\u0301'])
  })

  it('marks from the beginning of a word only', () => {
    expect(hits('concert certain', 'cert')).toEqual(['cert'])
  })

  it('joins to the text it was given', () => {
    for (const query of ['a', 'ı', 'ß', '.*', '"x" OR', '']) {
      const text = 'Straße İstanbul a.*b "x" OR y 👨‍👩‍👧 e\u0301'
      expect(
        highlight(text, query)
          .map((part) => part.text)
          .join(''),
      ).toBe(text)
    }
  })

  it('splits a query at white space, each word once', () => {
    expect(queryWords('  eau  pluie\teau ')).toEqual(['eau', 'pluie'])
  })
})
