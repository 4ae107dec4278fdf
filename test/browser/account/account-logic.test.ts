import { createIntl } from 'react-intl'
import { describe, expect, it } from 'vitest'
import { wordsFromEntropy } from '../../../core/identity/words.ts'
import { countWords, looksLikePaper, readSecret } from '../../../renderer/features/account/read-secret.ts'
import { readGuardLink } from '../../../renderer/features/guardians/read-link.ts'
import { catalog } from '../../../renderer/i18n/catalog.ts'
import { formatAgo } from '../../../renderer/ui/format-ago.ts'
import { formatDay } from '../../../renderer/ui/format-day.ts'

const WORDS = wordsFromEntropy(new Uint8Array(32).fill(7))
const PAPER = ['PALABRE-PAPER-1', ...Array.from({ length: 18 }, (_, index) => `A${index % 10}QK`)].join('-')

describe('readSecret', () => {
  it.each([
    ['on one line', WORDS.join(' ')],
    ['in capitals, a line each', WORDS.join('\n').toUpperCase()],
    ['as a numbered list', WORDS.map((word, index) => `${index + 1}. ${word}`).join('\n')],
    ['in columns with commas', WORDS.map((word, index) => `${index + 1}) ${word},`).join('\t')],
  ])('reads 24 words %s', (_name, text) => {
    expect(readSecret(text)).toEqual({ secret: WORDS.join(' ') })
    expect(countWords(text)).toBe(24)
  })

  it('leaves a paper key as it was typed, with or without its dashes', () => {
    expect(readSecret(` ${PAPER}\n`)).toEqual({ secret: PAPER })
    expect(readSecret(PAPER.replaceAll('-', ' ').toLowerCase())).toMatchObject({ secret: expect.any(String) })
    const groups = PAPER.split('-').slice(3).join(' ')
    expect(looksLikePaper(groups)).toBe(true)
    expect(readSecret(groups)).toEqual({ secret: groups })
  })

  it('says what is wrong without repeating it', () => {
    expect(readSecret('  ')).toEqual({ fault: { kind: 'empty' } })
    expect(readSecret(WORDS.slice(2).join(' '))).toEqual({ fault: { kind: 'count', count: 22 } })
    expect(readSecret(WORDS.with(4, 'tilleul').join(' '))).toEqual({ fault: { kind: 'unknown', places: [5] } })
    expect(readSecret(PAPER.slice(0, -5))).toEqual({ fault: { kind: 'paper', count: 68 } })
  })
})

describe('readGuardLink', () => {
  it('tells the kinds apart and takes what was pasted round a link away', () => {
    expect(readGuardLink(' «palabre:guard?p=x&n=Noor%20Haddad». ')).toEqual({
      kind: 'guard',
      name: 'Noor Haddad',
      text: 'palabre:guard?p=x&n=Noor%20Haddad',
    })
    expect(readGuardLink('PALABRE:Recover?p=x&n=%')?.kind).toBe('recover')
    expect(readGuardLink('palabre:guardian?p=x')).toMatchObject({ kind: 'guardian', name: '' })
  })

  it('knows nothing else', () => {
    for (const text of [
      '',
      'palabre:12D3KooW',
      'palabre:link?d=x',
      'https://guard?x',
      `palabre:guard?${'x'.repeat(5_000)}`,
    ]) {
      expect(readGuardLink(text)).toBeUndefined()
    }
  })
})

describe('formatAgo', () => {
  const NOW = Date.UTC(2026, 10, 21, 12)
  const HOUR_MS = 3_600_000
  it.each([
    [0, 'just now', 'à l’instant'],
    [60_000, '1 minute ago', 'il y a 1 minute'],
    [21 * 60_000, '21 minutes ago', 'il y a 21 minutes'],
    [5 * HOUR_MS, '5 hours ago', 'il y a 5 heures'],
    [30 * HOUR_MS, 'yesterday', 'hier'],
    [10 * 24 * HOUR_MS, 'Nov 11', '11 nov.'],
    [400 * 24 * HOUR_MS, 'Oct 17, 2025', '17 oct. 2025'],
    [-HOUR_MS, 'just now', 'à l’instant'],
  ])('says %i ms', (age, english, french) => {
    expect(formatAgo(createIntl({ locale: 'en', messages: catalog.en }), NOW - age, NOW)).toBe(english)
    expect(formatAgo(createIntl({ locale: 'fr', messages: catalog.fr }), NOW - age, NOW)).toBe(french)
  })
})

it.each([
  ['en', '1 December', '11 December'],
  ['fr', '1er décembre', '11 décembre'],
])('formatDay says the first of a month as people of %s do', (locale, first, eleventh) => {
  const intl = createIntl({ locale: locale === 'en' ? 'en-GB' : locale })
  const [one, eleven] = [1, 11].map((day) => formatDay(intl, new Date(2026, 11, day, 12).getTime(), { month: 'long' }))
  expect([one, eleven]).toEqual([first, eleventh])
})
