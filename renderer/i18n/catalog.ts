import { messages as app } from '../app/messages.ts'
import { messages as account } from '../features/account/messages.ts'
import { messages as bookmarks } from '../features/bookmarks/messages.ts'
import { messages as composer } from '../features/composer/messages.ts'
import { messages as devices } from '../features/devices/messages.ts'
import { messages as guardians } from '../features/guardians/messages.ts'
import { messages as invite } from '../features/invite/messages.ts'
import { messages as lists } from '../features/lists/messages.ts'
import { messages as media } from '../features/media/messages.ts'
import { messages as moderation } from '../features/moderation/messages.ts'
import { messages as mutedWords } from '../features/moderation/word-messages.ts'
import { messages as catchUp } from '../features/network/catch-up-messages.ts'
import { messages as drill } from '../features/network/drill-messages.ts'
import { messages as imports } from '../features/network/import-messages.ts'
import { messages as network } from '../features/network/messages.ts'
import { messages as reach } from '../features/network/reach-messages.ts'
import { messages as notifications } from '../features/notifications/messages.ts'
import { messages as onboarding } from '../features/onboarding/messages.ts'
import { messages as people } from '../features/people/messages.ts'
import { messages as post } from '../features/post/messages.ts'
import { messages as profile } from '../features/profile/messages.ts'
import { messages as words } from '../features/recovery/messages.ts'
import { messages as recovery } from '../features/recovery/recovery-messages.ts'
import { messages as search } from '../features/search/messages.ts'
import { messages as settings } from '../features/settings/messages.ts'
import { messages as share } from '../features/share/messages.ts'
import { messages as storage } from '../features/storage/messages.ts'
import { messages as tag } from '../features/tag/messages.ts'
import { messages as thread } from '../features/thread/messages.ts'
import { messages as beyond } from '../features/timeline/beyond-messages.ts'
import { messages as timeline } from '../features/timeline/messages.ts'
import { messages as ui } from '../ui/messages.ts'

export type Language = 'en' | 'fr'

/** Every text of the interface by language and id, ICU syntax. A test holds the languages to the same ids and arguments. */
const PARTS: readonly Record<Language, Record<string, string>>[] = [
  account,
  app,
  beyond,
  bookmarks,
  catchUp,
  composer,
  devices,
  drill,
  guardians,
  imports,
  invite,
  lists,
  media,
  moderation,
  mutedWords,
  network,
  notifications,
  onboarding,
  people,
  post,
  profile,
  reach,
  recovery,
  search,
  settings,
  share,
  storage,
  tag,
  thread,
  timeline,
  ui,
  words,
]

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

/**
 * The wished form of that language (order of dates, 12 or 24 hours), else the language alone. Systems without a
 * language of their own hand browsers tags such as `en-US@posix`, which no Intl takes: what follows the tag is cut off.
 */
export function chooseLocale(language: Language, wished: readonly string[]): string {
  for (const wish of wished) {
    const tag = wish.split(/[@.]/)[0] as string
    if (tag.toLowerCase().startsWith(`${language}-`) && isLanguageTag(tag)) return tag
  }
  return language
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
