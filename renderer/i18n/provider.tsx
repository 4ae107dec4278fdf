import { type ReactNode, useEffect } from 'react'
import { IntlProvider } from 'react-intl'
import type { Settings } from '../../core/contract/settings.ts'
import { catalog, chooseLanguage, chooseLocale } from './catalog.ts'

/** Texts, numbers and dates in the language chosen; the region (12 or 24 hours, order of dates) follows the system. */
export function I18nProvider({ language, children }: { language: Settings['language']; children: ReactNode }) {
  const chosen = language === 'system' ? chooseLanguage(navigator.languages) : language
  const locale = chooseLocale(chosen, navigator.languages)
  useEffect(() => {
    document.documentElement.lang = chosen
  }, [chosen])
  return (
    <IntlProvider
      locale={locale}
      defaultLocale="en"
      messages={catalog[chosen]}
      // It would advise on every page to compile the messages beforehand.
      onWarn={() => undefined}
      defaultRichTextElements={{ b: (words) => <b>{words}</b>, sup: (words) => <sup>{words}</sup> }}
    >
      {children}
    </IntlProvider>
  )
}
