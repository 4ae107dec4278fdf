import { Languages } from 'lucide-react'
import { useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import styles from './composer.module.css'

const KEY = 'palabre.post-language'

/** The language that was chosen last; undefined where none was: nothing is claimed about a text unasked. */
export function readPostLanguage(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}

function keepPostLanguage(tag: string | undefined): void {
  try {
    if (tag === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, tag)
  } catch {
    // Storage refused: the choice holds for this post only.
  }
}

export interface LanguageMenuProps {
  value: string | undefined
  onChange: (tag: string | undefined) => void
}

/** Says in which language a post is, so that it is read aloud and broken into lines as it should. */
export function LanguageMenu({ value, onChange }: LanguageMenuProps) {
  const intl = useIntl()
  const none = intl.formatMessage({ id: 'composer.languageNone' })
  const nameOf = (tag: string) => intl.formatDisplayName(tag, { type: 'language' }) ?? tag
  const tags = new Set([...navigator.languages.map((tag) => tag.split('-')[0] ?? tag), 'en', 'fr'])
  const choose = (tag: string | undefined) => {
    keepPostLanguage(tag)
    onChange(tag)
  }
  const shown = value === undefined ? intl.formatMessage({ id: 'composer.languageShort' }) : nameOf(value)
  return (
    <Menu
      align="start"
      trigger={
        <Button
          kind="quiet"
          size="small"
          className={styles.language}
          icon={<Languages size={18} strokeWidth={1.75} aria-hidden />}
          title={intl.formatMessage({ id: 'composer.language' }, { name: value === undefined ? none : nameOf(value) })}
        >
          {shown}
        </Button>
      }
      items={[
        ...[...tags].map((tag) => ({ label: nameOf(tag), onSelect: () => choose(tag) })),
        { label: none, onSelect: () => choose(undefined) },
      ]}
    />
  )
}
