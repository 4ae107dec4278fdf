import { useEffect } from 'react'
import { useMe } from '../people/use-me.ts'
import { Composer } from './composer.tsx'
import { draftKey } from './draft-store.ts'
import { type ComposerState, useComposer, useComposerState } from './use-composer.ts'

/** Stands once in the window and shows the composer wherever it was opened from. */
export function ComposerHost() {
  const { isOpen, replyTo, edited, quoted } = useComposerState()
  const composer = useComposer()
  const me = useMe()
  // A window that is taken down leaves nothing open for the next.
  useEffect(() => composer.close, [composer])
  if (!isOpen || !me) return null
  const key = draftKey(me.profile, placeOf({ replyTo, edited, quoted }))
  return <Composer key={key} draftKey={key} me={me} {...{ replyTo, edited, quoted }} onClose={composer.close} />
}

function placeOf({ replyTo, edited, quoted }: Omit<ComposerState, 'isOpen'>): string | undefined {
  if (edited !== undefined) return `edit.${edited.id}`
  return quoted === undefined ? replyTo?.id : `quote.${quoted.id}`
}
