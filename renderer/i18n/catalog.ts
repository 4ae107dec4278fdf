import { messages as app } from '../app/messages.ts'
import { messages as ui } from '../ui/messages.ts'

export type Language = 'en' | 'fr'

/** Every text of the interface by language and id, ICU syntax. A test holds the languages to the same ids and arguments. */
const PARTS: readonly Record<Language, Record<string, string>>[] = [app, ui]

export const LANGUAGES: readonly Language[] = ['en', 'fr']

export const catalog: Record<Language, Record<string, string>> = {
  en: Object.assign({}, ...PARTS.map((part) => part.en)),
  fr: Object.assign({}, ...PARTS.map((part) => part.fr)),
}

/** The first of the wished languages that is here, else English. */
export function chooseLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const language = LANGUAGES.find((candidate) => tag.toLowerCase().split('-')[0] === candidate)
    if (language !== undefined) return language
  }
  return 'en'
}
