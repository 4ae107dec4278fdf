import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type MessageFormatElement, parse } from '@formatjs/icu-messageformat-parser'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')
type Messages = Record<string, string>

let en: Messages
let fr: Messages
let chooseLanguage: (wished: readonly string[]) => string
let chooseLocale: (language: 'en' | 'fr', wished: readonly string[]) => string

beforeAll(async () => {
  // By address: the window is another type zone than the tests of Node.js.
  const url = pathToFileURL(join(ROOT, 'renderer/i18n/catalog.ts')).href
  const module = (await import(url)) as {
    catalog: { en: Messages; fr: Messages }
    chooseLanguage: typeof chooseLanguage
    chooseLocale: typeof chooseLocale
  }
  en = module.catalog.en
  fr = module.catalog.fr
  chooseLanguage = module.chooseLanguage
  chooseLocale = module.chooseLocale
})

/** Arguments and tags of a message, 'name:kind', in order of the alphabet. */
function argumentsOf(message: string): string[] {
  const found = new Set<string>()
  const walk = (elements: readonly MessageFormatElement[]) => {
    for (const element of elements) {
      if ('value' in element && element.type !== 0) found.add(`${element.value}:${element.type}`)
      if ('options' in element) for (const option of Object.values(element.options)) walk(option.value)
      if ('children' in element) walk(element.children)
    }
  }
  walk(parse(message))
  return [...found].sort()
}

describe('the catalog', () => {
  it('has the same ids in English and French', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    expect(Object.keys(en).length).toBeGreaterThan(200)
  })

  it('has the same arguments in English and French', () => {
    const others = Object.keys(en).filter((id) => argumentsOf(en[id] ?? '').join() !== argumentsOf(fr[id] ?? '').join())
    expect(others).toEqual([])
  })

  it('leaves no text empty', () => {
    for (const messages of [en, fr]) {
      for (const [id, text] of Object.entries(messages)) expect(text.trim(), id).not.toBe('')
    }
  })

  it('keeps the typography of French: no-break spaces, curly apostrophes', () => {
    // A plain space or nothing before a tall sign, a plain space inside of « ».
    const wrong = Object.entries(fr).filter(([, text]) => {
      const words = text.replace(/\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/gu, 'x').replace(/palabre:|\/[^\s]*/gu, '')
      return / [:;?!»]|« |[a-zàâéèêîôû][?!;]|'/iu.test(words)
    })
    expect(wrong).toEqual([])
  })

  it('has no exclamation mark, no plea and no blame', () => {
    for (const messages of [en, fr]) {
      const wrong = Object.entries(messages).filter(([, text]) => /!|\bplease\b|\boops\b|s’il vous plaît/iu.test(text))
      expect(wrong).toEqual([])
    }
  })

  it('knows every id that the window uses', () => {
    const unknown: string[] = []
    for (const path of globSync('renderer/**/*.{ts,tsx}', { cwd: ROOT })) {
      const source = readFileSync(join(ROOT, path), 'utf8')
      for (const [, id] of source.matchAll(/(?:<FormattedMessage\s+id=|formatMessage\(\{\s*id:\s*)['"]([^'"]+)['"]/g)) {
        if (id !== undefined && en[id] === undefined) unknown.push(`${path}: ${id}`)
      }
    }
    expect(unknown).toEqual([])
  })

  it('has no text that the window never uses', () => {
    const sources = globSync('renderer/**/*.{ts,tsx}', { cwd: ROOT })
      .filter((path) => !path.endsWith('messages.ts'))
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('\n')
    // Ids that are put together at run time count as used by their beginning.
    const beginnings = [...sources.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1] as string)
    const unused = Object.keys(en).filter(
      (id) =>
        !sources.includes(`'${id}'`) && !sources.includes(`"${id}"`) && !beginnings.some((part) => id.startsWith(part)),
    )
    expect(unused).toEqual([])
  })

  it('takes the wished form of a language, and no tag that Intl refuses', () => {
    expect(chooseLocale('fr', ['en-GB', 'fr-CA', 'fr-FR'])).toBe('fr-CA')
    expect(chooseLocale('en', ['en-US@posix'])).toBe('en-US')
    expect(chooseLocale('en', ['en-!', 'en-', 'fr-FR', 'en-AU'])).toBe('en-AU')
    expect(chooseLocale('en', ['fr-FR', 'c'])).toBe('en')
    expect(chooseLanguage(['en-US@posix'])).toBe('en')
  })
})
