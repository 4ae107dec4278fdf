import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { Media } from '../../../core/contract/media.ts'
import type { PostView } from '../../../core/contract/views.ts'
import { threadPath } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useCause } from '../people/use-cause.ts'
import { toByteRanges } from '../post/byte-ranges.ts'
import { type ComposerContent, warningOf } from './composer-state.ts'
import { trimMentions } from './mention-text.ts'

export interface SendFailure {
  cause: string
  /** The line broke before the answer: the node may have kept the post all the same. */
  isUncertain: boolean
}

export interface Send {
  send: (content: ComposerContent, lang: string | undefined) => Promise<void>
  isSending: boolean
  /** Why the last try failed; what was written is untouched. */
  failure: SendFailure | undefined
}

/** Hands pictures and text to the node. It answers when the post is on this disk for good; travelling comes after. */
export function useSend(
  of: { replyTo: PostView | undefined; edited: PostView | undefined; quoted: PostView | undefined },
  onDone: () => void,
): Send {
  const { replyTo, edited, quoted } = of
  const intl = useIntl()
  const toast = useToast()
  const cause = useCause()
  const [, navigate] = useLocation()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [isSending, setSending] = useState(false)
  const [failure, setFailure] = useState<SendFailure>()

  const send = async (content: ComposerContent, lang: string | undefined) => {
    setSending(true)
    setFailure(undefined)
    try {
      const media: Media[] = []
      for (const { blob, alt, thumbhash, posted } of content.pictures) {
        if (posted !== undefined) media.push({ ...posted, alt: alt.trim() })
        else if (blob) media.push(await client.media.upload({ bytes: blob, alt: alt.trim(), thumbhash }))
      }
      const warning = warningOf(content)
      const { text, mentions } = trimMentions(content.text, content.mentions)
      const said = {
        text,
        ...(mentions.length === 0 ? {} : { mentions: toByteRanges(text, mentions) }),
        media,
        ...(lang === undefined ? {} : { lang }),
        ...(warning === undefined ? {} : { warning }),
      }
      const { id } =
        edited === undefined
          ? await client.posts.create({
              ...said,
              ...(replyTo ? { reply: { author: replyTo.author, id: replyTo.id } } : {}),
              ...(quoted ? { quote: { author: quoted.author, id: quoted.id } } : {}),
            })
          : await client.posts.edit({ ...said, id: edited.id })
      onDone()
      toast({
        text: intl.formatMessage({ id: edited === undefined ? 'composer.posted' : 'composer.saved' }),
        action: { label: intl.formatMessage({ id: 'composer.show' }), onSelect: () => navigate(threadPath(id)) },
      })
      for (const queryKey of [orpc.threads.key(), orpc.timeline.profile.key(), orpc.profiles.key()]) {
        void queryClient.invalidateQueries({ queryKey })
      }
    } catch (error) {
      setFailure({ cause: cause(error), isUncertain: errorCodeOf(error) === 'connection-lost' })
    } finally {
      setSending(false)
    }
  }
  return { send, isSending, failure }
}
