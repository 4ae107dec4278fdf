import { Eye } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { useCalled } from '../people/use-called.ts'
import styles from './moderation.module.css'
import { unfoldPost } from './unfolded-posts.ts'

export interface WordFoldProps {
  post: { id: string; author: string; name: string }
  /** As its owner wrote it. */
  word: string
  textId?: string | undefined
  /** In the composer: nothing in it can be pressed. */
  isStill?: boolean
}

/** In the place of what a post says: whose it is, which muted word it has, and a way to see it all the same. */
export function WordFold({ post, word, textId, isStill = false }: WordFoldProps) {
  const called = useCalled()
  const name = called({ profile: post.author, name: post.name })
  return (
    <div className={styles.wordFold} data-fold="word">
      <p id={textId}>
        <FormattedMessage id="mutedWords.fold" values={{ name: <bdi>{name}</bdi>, word: <bdi>{word}</bdi> }} />
      </p>
      {!isStill && (
        <Button
          size="small"
          kind="quiet"
          icon={<Eye size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => unfoldPost(post.id)}
        >
          <FormattedMessage id="moderation.fold.show" />
        </Button>
      )}
    </div>
  )
}
