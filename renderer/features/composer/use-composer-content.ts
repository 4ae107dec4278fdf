import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { RecordRef } from '../../../core/contract/views.ts'
import { PictureError, preparePicture } from '../media/prepare-picture.ts'
import {
  type ComposerContent,
  type ComposerPart,
  composerReducer,
  contentOf,
  draftOf,
  MAX_PICTURES,
} from './composer-state.ts'
import { readDraft, readPicture, removeDraft, removePictures, writeDraft, writePicture } from './draft-store.ts'
import type { TextMention } from './mention-text.ts'

/** So long nobody types before the draft is written. */
const PAUSE_MS = 400

export interface ComposerDraft {
  content: ComposerContent
  setText: (text: string, mentions: readonly TextMention[]) => void
  setParts: (more: readonly ComposerPart[]) => void
  movePart: (index: number, step: 1 | -1) => void
  /** The first parts stand, the last of them is `after`; what is left is kept. */
  keepRest: (after: RecordRef, rest: readonly ComposerPart[]) => void
  /** A new post instead of the end of a thread that broke off. */
  detach: () => void
  setWarning: (warning: string, isWarned: boolean) => void
  setAlt: (key: string, alt: string) => void
  addFiles: (files: readonly File[]) => void
  removePicture: (key: string) => void
  dismiss: (key: string) => void
  /** Empties the composer, or takes what it began with, and forgets the draft. */
  clear: () => void
  /** Milliseconds since 1970; null before the first time, false where this browser keeps nothing. */
  savedAt: number | null | false
}

/** What is being written under one draft key, kept in the browser while it is written. @param base what an edit begins with */
export function useComposerContent(key: string, base?: ComposerContent): ComposerDraft {
  const [content, dispatch] = useReducer(composerReducer, key, (name) => {
    const draft = readDraft(name)
    return draft === undefined && base !== undefined ? base : contentOf(draft)
  })
  const [savedAt, setSavedAt] = useState<number | null | false>(() => readDraft(key)?.savedAt ?? null)
  const latest = useRef(content)
  const isDirty = useRef(false)
  const urls = useRef(new Set<string>())
  useEffect(() => {
    latest.current = content
  })

  const save = useCallback(() => {
    if (!isDirty.current) return
    isDirty.current = false
    const now = Date.now()
    setSavedAt(writeDraft(key, draftOf(latest.current, now)) ? now : false)
  }, [key])
  useEffect(() => {
    if (!isDirty.current) return
    void content
    const timer = setTimeout(save, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [content, save])
  useEffect(() => {
    // The page may go away at any moment after this.
    window.addEventListener('pagehide', save)
    return () => {
      window.removeEventListener('pagehide', save)
      save()
    }
  }, [save])

  const urlOf = useCallback((blob: Blob) => {
    const url = URL.createObjectURL(blob)
    urls.current.add(url)
    return url
  }, [])
  useEffect(() => {
    const made = urls.current
    return () => {
      for (const url of made) URL.revokeObjectURL(url)
      made.clear()
    }
  }, [])

  useEffect(() => {
    // Bytes of the pictures of a draft that was left behind.
    let isCurrent = true
    for (const picture of readDraft(key)?.pictures ?? []) {
      if (picture.posted !== undefined) continue
      void readPicture(picture.key).then((blob) => {
        if (!isCurrent) return
        if (!blob) dispatch({ type: 'failed', key: picture.key, problem: 'lost', name: picture.alt })
        else {
          const { width, height, thumbhash, type } = picture
          const ready = { width, height, thumbhash, type, blob, url: urlOf(blob), isFirstFrameOnly: false }
          dispatch({ type: 'ready', key: picture.key, picture: ready })
        }
      })
    }
    return () => {
      isCurrent = false
    }
  }, [key, urlOf])

  const readFile = async (pictureKey: string, file: File) => {
    try {
      const { blob, width, height, thumbhash, isFirstFrameOnly } = await preparePicture(file)
      void writePicture(pictureKey, blob)
      isDirty.current = true
      const url = urlOf(blob)
      const ready = { width, height, thumbhash, type: blob.type, blob, url, isFirstFrameOnly }
      dispatch({ type: 'ready', key: pictureKey, picture: ready })
    } catch (error) {
      const problem = error instanceof PictureError ? error.problem : 'not-decoded'
      dispatch({ type: 'failed', key: pictureKey, problem, name: file.name })
    }
  }

  return {
    content,
    savedAt,
    setText: (text, mentions) => {
      isDirty.current = true
      dispatch({ type: 'text', text, mentions })
    },
    setParts: (more) => {
      isDirty.current = true
      dispatch({ type: 'parts', more })
    },
    movePart: (index, step) => {
      isDirty.current = true
      dispatch({ type: 'moved', index, step })
    },
    keepRest: (after, rest) => {
      isDirty.current = true
      void removePictures(content.pictures.map((picture) => picture.key))
      dispatch({ type: 'posted', after, rest })
    },
    detach: () => {
      isDirty.current = true
      dispatch({ type: 'detached' })
    },
    setWarning: (warning, isWarned) => {
      isDirty.current = true
      dispatch({ type: 'warning', warning, isWarned })
    },
    setAlt: (pictureKey, alt) => {
      isDirty.current = true
      dispatch({ type: 'alt', key: pictureKey, alt })
    },
    addFiles: (files) => {
      let room = MAX_PICTURES - content.pictures.length
      for (const file of files) {
        const pictureKey = crypto.randomUUID()
        dispatch({ type: 'reading', key: pictureKey })
        room -= 1
        if (room < 0) return
        void readFile(pictureKey, file)
      }
    },
    removePicture: (pictureKey) => {
      isDirty.current = true
      dispatch({ type: 'removed', key: pictureKey })
      void removePictures([pictureKey])
    },
    dismiss: (noticeKey) => dispatch({ type: 'dismissed', key: noticeKey }),
    clear: () => {
      isDirty.current = false
      removeDraft(key)
      dispatch({ type: 'cleared', ...(base === undefined ? {} : { content: base }) })
      setSavedAt(null)
    },
  }
}
