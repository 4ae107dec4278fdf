import { keepPreviousData, useQuery } from '@tanstack/react-query'
import {
  type ComponentPropsWithoutRef,
  type KeyboardEvent,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Suggestion } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { TextArea } from '../../ui/field.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useCalled } from '../people/use-called.ts'
import styles from './mention-field.module.css'
import { findMentionQuery, insertMention, type MentionQuery, moveMentions, type TextMention } from './mention-text.ts'

export interface MentionFieldProps
  extends Omit<ComponentPropsWithoutRef<'textarea'>, 'value' | 'onChange' | 'onKeyDown' | 'onSelect' | 'onBlur'> {
  label: string
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  mentions: readonly TextMention[]
  onText: (text: string, mentions: readonly TextMention[]) => void
}

/**
 * The field of a post. An `@` with the beginning of a name behind it lists people below the field: arrows go through them,
 * Enter and Tab take one, Escape puts the list away. What isn't taken from the list stays text.
 */
export function MentionField({ label, field, text, mentions, onText, ...rest }: MentionFieldProps) {
  const intl = useIntl()
  const listId = useId()
  const [query, setQuery] = useState<MentionQuery | null>(null)
  const [at, setAt] = useState(0)
  const caret = useRef<number>(undefined)
  const people = useSuggestions(query)
  const isOpen = query !== null && people.length > 0
  const active = Math.min(at, people.length - 1)

  useLayoutEffect(() => {
    // After a choice the caret stands behind the name, once the text is there.
    if (caret.current === undefined) return
    field.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })

  useLayoutEffect(() => {
    if (isOpen) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [isOpen, listId, active])

  const look = (element: HTMLTextAreaElement, known: readonly TextMention[]) => {
    const { selectionStart, selectionEnd, value } = element
    const next = selectionStart === selectionEnd ? findMentionQuery(value, selectionStart, known) : null
    if (next?.typed !== query?.typed || next?.start !== query?.start) setAt(0)
    setQuery(next)
  }
  const choose = (person: Suggestion) => {
    if (query === null) return
    const next = insertMention(text, mentions, query, person)
    caret.current = next.caret
    setQuery(null)
    onText(next.text, next.mentions)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const person = people[active]
    if (event.key === 'ArrowDown') setAt((active + 1) % people.length)
    else if (event.key === 'ArrowUp') setAt((active + people.length - 1) % people.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && person !== undefined) choose(person)
    else if (event.key === 'Escape') setQuery(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <TextArea
        {...rest}
        ref={field}
        bare
        hideLabel
        label={label}
        value={text}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
        onChange={(event) => {
          const moved = moveMentions(text, event.currentTarget.value, mentions)
          onText(event.currentTarget.value, moved)
          look(event.currentTarget, moved)
        }}
        onSelect={(event) => {
          if (query !== null) look(event.currentTarget, mentions)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setQuery(null)}
      />
      {isOpen && (
        <div
          id={listId}
          className={styles.list}
          role="listbox"
          aria-label={intl.formatMessage({ id: 'composer.people' })}
        >
          {people.map((person, index) => (
            <PersonOption
              key={person.profile}
              id={`${listId}-${index}`}
              person={person}
              isActive={index === active}
              onChoose={() => choose(person)}
            />
          ))}
        </div>
      )}
      <VisuallyHidden>
        <span role="status">
          {isOpen && <FormattedMessage id="composer.peopleFound" values={{ n: people.length }} />}
        </span>
      </VisuallyHidden>
    </>
  )
}

interface PersonOptionProps {
  id: string
  person: Suggestion
  isActive: boolean
  onChoose: () => void
}

/** The short ID stands beside every name: two people may have one that looks the same. */
function PersonOption({ id, person, isActive, onChoose }: PersonOptionProps) {
  const called = useCalled()
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field (aria-activedescendant)
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
    <div
      id={id}
      className={styles.option}
      role="option"
      aria-selected={isActive}
      // The field keeps the focus, and with it the list.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <Avatar profile={person.profile} name={person.name} size={30} src={readyUrl(person.avatar)} />
      <span className={styles.who}>
        <bdi className={styles.name}>{called(person)}</bdi>
        <span className={styles.short} dir="ltr">
          {shortPeerId(person.profile)}
        </span>
      </span>
      {person.isFollowed && (
        <span className={styles.followed}>
          <FormattedMessage id="composer.followed" />
        </span>
      )}
    </div>
  )
}

/** All of them are in sight: the list doesn't scroll. */
const MAX_SHOWN = 6
const NOBODY: readonly Suggestion[] = []

function useSuggestions(query: MentionQuery | null): readonly Suggestion[] {
  const { orpc } = useRpc()
  const { data } = useQuery({
    ...orpc.profiles.suggest.queryOptions({
      input: { query: query?.typed ?? '', limit: MAX_SHOWN },
      staleTime: 10_000,
    }),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  })
  return data?.items ?? NOBODY
}
