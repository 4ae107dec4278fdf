import '../../../renderer/styles/base.css'
import '../../../renderer/styles/fonts.css'
import '../../../renderer/styles/tokens.css'
import { page } from 'vitest/browser'
import type { MediaView } from '../../../core/contract/media.ts'
import type { Notification } from '../../../core/contract/reading.ts'
import type { Settings } from '../../../core/contract/settings.ts'
import type { AnswersState, Holding, Mention, NodeEvent, PostView } from '../../../core/contract/views.ts'
import { App } from '../../../renderer/app/app.tsx'
import { callerOf, createFakeNode, type FakeNode, type Sample, serveDesktop } from '../harness/fake-node.ts'
import { renderNow } from '../harness/render-now.ts'

/** What these tests change behind the window's back; the sample square lies in another type zone. */
export interface SquarePost {
  id: string
  author: string
  ts: number
  text: string
  lang: string | null
  media: MediaView[]
  warning?: string | undefined
  mentions?: readonly Mention[] | undefined
  reply: string | null
  quote?: string | undefined
  deletedAt: number | null
  reactions: Map<string, string>
  reposts: Set<string>
  holding: Holding | null
}

export interface Square {
  answers: AnswersState
  lists: Map<string, { name: string; members: Set<string> }>
  rungs: Record<'friends' | 'others' | 'welcome', string[]>
  me: string | null
  posts: Map<string, SquarePost>
  files: Map<string, { type: string; bytes: Uint8Array<ArrayBuffer> }>
  person(profile: string): { name: string; bio: string; missing?: number; completeAsOf?: number | null; asked?: number }
  near: Set<string>
  missingParents: number
  toPostView(post: SquarePost): PostView
  postsNewestFirst(filter: (post: SquarePost) => boolean): SquarePost[]
}

type Controls = FakeNode['controls'] & {
  reading: {
    say(kind: Notification['kind'], from: string, about?: { post?: string; emoji?: string; at?: number }): void
    readAll(): void
    mark(id: string): void
    unread(): { count: number; known: number; ringing: number }
  }
  square(): Square
  arrive(texts: readonly string[], personKey?: string): void
  emit(event: NodeEvent): void
}

interface Ids {
  fakePeerId(key: string): string
  fakeRecordId(key: string): string
}

const IDS = import.meta.glob<Ids>('../../harness/fake/ids.ts', { eager: true })
const ids = IDS['../../harness/fake/ids.ts']
if (ids === undefined) throw new Error('test/harness/fake/ids.ts is not there')
export const { fakePeerId, fakeRecordId } = ids

export interface FakeAppInit {
  sample?: Sample
  /** Page to open, without the `#`. */
  path?: string
  theme?: Settings['theme']
  language?: Settings['language']
  width?: number
  height?: number
  /** Before the window opens. */
  prepare?: (controls: Controls) => void
}

/** The whole window over a sample node of its own. */
export async function openFakeApp(init: FakeAppInit = {}) {
  const { sample = 'square', path = '/', theme = 'light', language = 'en', width = 1_280, height = 820 } = init
  await page.viewport(width, height)
  const node = await createFakeNode(sample)
  await callerOf(node).settings.update({ theme, language })
  const controls = node.controls as Controls
  init.prepare?.(controls)
  serveDesktop(node)
  location.hash = `#${path}`
  window.scrollTo(0, 0)
  const screen = await renderNow(<App />)
  return { screen, node, controls, square: controls.square() }
}

/** Puts a post into the square; by somebody who is followed, just now, unless said otherwise. */
export function addPost(controls: Controls, key: string, over: Partial<SquarePost>): string {
  const id = fakeRecordId(key)
  controls.square().posts.set(id, {
    id,
    author: fakePeerId('awa'),
    ts: Date.now() - 1_000,
    text: '',
    lang: null,
    media: [],
    reply: null,
    deletedAt: null,
    reactions: new Map(),
    reposts: new Set(),
    holding: null,
    ...over,
  })
  return id
}

/** Everything that one test leaves in the page for the next. */
export function forgetAll(): void {
  localStorage.clear()
  location.hash = ''
}
