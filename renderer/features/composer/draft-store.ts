import type { Media } from '../../../core/contract/media.ts'
import type { RecordRef } from '../../../core/contract/views.ts'
import { MAX_MENTIONS, type TextMention } from './mention-text.ts'

/**
 * Drafts outlive a reload, a closed window and a dead node: text and descriptions lie in localStorage, because that is
 * written before the page can go away; the bytes of pictures lie in IndexedDB. One draft per account and place (a new
 * post, the answer to one post, the quote of one or the edit of one).
 */
export interface DraftPicture {
  /** Random, names the bytes in IndexedDB. */
  key: string
  alt: string
  width: number
  height: number
  thumbhash: string
  type: string
  /** Of a post that is edited: its bytes are with the node already. */
  posted?: Media
}

export interface DraftPart {
  key: string
  text: string
  mentions: readonly TextMention[]
}

export interface Draft {
  text: string
  mentions?: readonly TextMention[]
  /** Further parts of a thread, and the part that is posted already where it broke off. */
  more?: readonly DraftPart[]
  after?: RecordRef
  /** The words of a content warning, and whether it stands in front of the post. */
  warning?: string
  isWarned?: boolean
  pictures: DraftPicture[]
  /** Milliseconds since 1970. */
  savedAt: number
}

const PREFIX = 'palabre.draft.'
const DATABASE = 'palabre-drafts'
const STORE = 'pictures'
const MAX_DRAFTS = 50
/** Parts of a thread behind the first. */
const MAX_MORE = 19

/** @param place the post that is answered, or `edit.` or `quote.` and the post that is edited or quoted; left out for a new one */
export function draftKey(profile: string, place: string | undefined): string {
  return `${PREFIX}${profile}.${place ?? 'new'}`
}

export function readDraft(key: string): Draft | undefined {
  try {
    return toDraft(JSON.parse(localStorage.getItem(key) ?? 'null'))
  } catch {
    return undefined
  }
}

function toDraft(value: unknown): Draft | undefined {
  if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string')
    return undefined
  const pictures = 'pictures' in value && Array.isArray(value.pictures) ? value.pictures.filter(isPicture) : []
  const savedAt = 'savedAt' in value && typeof value.savedAt === 'number' ? value.savedAt : 0
  const warned =
    'warning' in value && typeof value.warning === 'string'
      ? { warning: value.warning, isWarned: 'isWarned' in value && value.isWarned === true }
      : {}
  const mentions =
    'mentions' in value && Array.isArray(value.mentions)
      ? {
          mentions: value.mentions.filter((mention) => isMention(mention, value.text as string)).slice(0, MAX_MENTIONS),
        }
      : {}
  const more =
    'more' in value && Array.isArray(value.more) ? { more: value.more.flatMap(toPart).slice(0, MAX_MORE) } : {}
  const after = 'after' in value && isRef(value.after) ? { after: value.after } : {}
  return { text: value.text, ...mentions, ...more, ...after, ...warned, pictures: pictures.slice(0, 8), savedAt }
}

function toPart(value: unknown): DraftPart[] {
  if (typeof value !== 'object' || value === null) return []
  const { key, text, mentions } = value as Record<string, unknown>
  if (typeof key !== 'string' || typeof text !== 'string' || !Array.isArray(mentions)) return []
  return [{ key, text, mentions: mentions.filter((mention) => isMention(mention, text)).slice(0, MAX_MENTIONS) }]
}

function isRef(value: unknown): value is RecordRef {
  if (typeof value !== 'object' || value === null) return false
  const { author, id } = value as Record<string, unknown>
  return typeof author === 'string' && typeof id === 'string'
}

function isMention(value: unknown, text: string): value is TextMention {
  if (typeof value !== 'object' || value === null) return false
  const { start, end, profile } = value as Record<string, unknown>
  if (typeof start !== 'number' || typeof end !== 'number' || typeof profile !== 'string') return false
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length
}

function isPicture(value: unknown): value is DraftPicture {
  if (typeof value !== 'object' || value === null) return false
  const picture = value as Record<string, unknown>
  return (
    typeof picture.key === 'string' &&
    typeof picture.alt === 'string' &&
    typeof picture.width === 'number' &&
    typeof picture.height === 'number' &&
    typeof picture.thumbhash === 'string' &&
    typeof picture.type === 'string' &&
    (picture.posted === undefined || isMedia(picture.posted))
  )
}

/** By hand: the schema library asks for `eval`, which the window's policy forbids. */
function isMedia(value: unknown): value is Media {
  if (typeof value !== 'object' || value === null) return false
  const { cid, type, size, width, height, alt, thumbhash } = value as Record<string, unknown>
  return (
    [cid, type, alt].every((text) => typeof text === 'string') &&
    [size, width, height].every((figure) => Number.isSafeInteger(figure) && Number(figure) > 0) &&
    (thumbhash === undefined || typeof thumbhash === 'string')
  )
}

/** Answers false where the browser's storage is full or switched off: then the draft lives in this window only. */
export function writeDraft(key: string, draft: Draft): boolean {
  try {
    if (draft.text === '' && !draft.warning && !draft.more?.length && draft.pictures.length === 0)
      localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(draft))
    forgetOldest(key)
    return true
  } catch {
    return false
  }
}

export function removeDraft(key: string): void {
  const pictures = readDraft(key)?.pictures ?? []
  try {
    localStorage.removeItem(key)
  } catch {
    // Storage is switched off: nothing was kept.
  }
  void removePictures(pictures.map((picture) => picture.key))
}

function forgetOldest(keep: string): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== keep)
  if (keys.length < MAX_DRAFTS) return
  const oldest = keys.sort((a, b) => (readDraft(a)?.savedAt ?? 0) - (readDraft(b)?.savedAt ?? 0))
  for (const key of oldest.slice(0, keys.length - MAX_DRAFTS + 1)) removeDraft(key)
}

export async function writePicture(key: string, blob: Blob): Promise<boolean> {
  try {
    await run('readwrite', (store) => store.put(blob, key))
    return true
  } catch {
    return false
  }
}

export async function readPicture(key: string): Promise<Blob | undefined> {
  try {
    const value = await run('readonly', (store) => store.get(key))
    return value instanceof Blob ? value : undefined
  } catch {
    return undefined
  }
}

export async function removePictures(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    try {
      await run('readwrite', (store) => store.delete(key))
    } catch {
      return
    }
  }
}

async function run(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = act(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('the draft store is blocked'))
  })
}
