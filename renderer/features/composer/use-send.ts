import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { Media } from '../../../core/contract/media.ts'
import type { PostView, RecordRef } from '../../../core/contract/views.ts'
import { threadPath } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useCause } from '../people/use-cause.ts'
import { toByteRanges } from '../post/byte-ranges.ts'
import { type ComposerContent, type ComposerPart, partsOf, warningOf } from './composer-state.ts'
import { trimMentions } from './mention-text.ts'

export interface SendFailure {
  cause: string
  /** The line broke before the answer: the node may have kept the post all the same. */
  isUncertain: boolean
  /** Parts of a thread that stand all the same. */
  posted: number
}

export interface Send {
  send: (content: ComposerContent, lang: string | undefined) => Promise<void>
  isSending: boolean
  /** Why the last try failed; what was written is untouched. */
  failure: SendFailure | undefined
}

/** Hands pictures and text to the node. It answers when the post is on this disk for good; travelling comes after. */
export function useSend(
  of: { author: string; replyTo: PostView | undefined; edited: PostView | undefined; quoted: PostView | undefined },
  on: {
    done: () => void /** A thread broke off behind `after`. */
    broken: (after: RecordRef, rest: ComposerPart[]) => void
  },
): Send {
  const { author, replyTo, edited, quoted } = of
  const { done: onDone, broken: onBroken } = on
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
    let left: { after: RecordRef; rest: ComposerPart[] } | undefined
    try {
      const media: Media[] = []
      for (const { blob, alt, thumbhash, posted } of content.pictures) {
        if (posted !== undefined) media.push({ ...posted, alt: alt.trim() })
        else if (blob) media.push(await client.media.upload({ bytes: blob, alt: alt.trim(), thumbhash }))
      }
      const warning = warningOf(content)
      const around = { ...(lang === undefined ? {} : { lang }), ...(warning === undefined ? {} : { warning }) }
      const sayingOf = (part: ComposerPart) => {
        const { text, mentions } = trimMentions(part.text, part.mentions)
        return { text, ...(mentions.length === 0 ? {} : { mentions: toByteRanges(text, mentions) }), ...around }
      }
      const [first, ...rest] = partsOf(content) as [ComposerPart, ...ComposerPart[]]
      const reply = content.after ?? (replyTo && { author: replyTo.author, id: replyTo.id })
      const { id } =
        edited === undefined
          ? await client.posts.create({
              ...sayingOf(first),
              media,
              ...(reply ? { reply } : {}),
              ...(quoted && content.after === undefined ? { quote: { author: quoted.author, id: quoted.id } } : {}),
            })
          : await client.posts.edit({ ...sayingOf(first), media, id: edited.id })
      let last = { author, id }
      while (rest.length > 0) {
        left = { after: last, rest: [...rest] }
        const part = rest.shift() as ComposerPart
        last = { author, id: (await client.posts.create({ ...sayingOf(part), media: [], reply: last })).id }
      }
      onDone()
      toast({
        text: intl.formatMessage({
          id:
            edited !== undefined
              ? 'composer.saved'
              : content.more.length > 0
                ? 'composer.postedThread'
                : 'composer.posted',
        }),
        action: { label: intl.formatMessage({ id: 'composer.show' }), onSelect: () => navigate(threadPath(id)) },
      })
      for (const queryKey of [orpc.threads.key(), orpc.timeline.profile.key(), orpc.profiles.key()]) {
        void queryClient.invalidateQueries({ queryKey })
      }
    } catch (error) {
      if (left !== undefined) onBroken(left.after, left.rest)
      const posted = left === undefined ? 0 : partsOf(content).length - left.rest.length
      setFailure({ cause: cause(error), isUncertain: errorCodeOf(error) === 'connection-lost', posted })
    } finally {
      setSending(false)
    }
  }
  return { send, isSending, failure }
}
