import { describe, expect, it } from 'vitest'
import type { PostPage, PostView } from '../../../core/contract/views.ts'
import { fitInto, layoutMedia } from '../../../renderer/features/media/media-layout.ts'
import { thumbhashUrl } from '../../../renderer/features/media/thumbhash-url.ts'
import {
  patchPerson,
  patchPost,
  postIdsOf,
  postsShowing,
  withDeletion,
  withMediaState,
  withReaction,
  withRepost,
} from '../../../renderer/features/post/patch-posts.ts'
import { qrPath } from '../../../renderer/features/share/qr-path.ts'
import { replyRows, speakersOf } from '../../../renderer/features/thread/thread-rows.ts'
import { holdBack, mergeFirstPage, rowKey, rowsOf } from '../../../renderer/features/timeline/feed-window.ts'

function post(id: string, ts = Number(id.replace(/\D/g, '')) || 1, over: Partial<PostView> = {}): PostView {
  return {
    id,
    author: `author-of-${id}`,
    name: 'Noor',
    avatar: null,
    ts,
    text: id,
    lang: null,
    media: [],
    state: 'shown',
    editedAt: null,
    arrivedLateAt: null,
    deletedAt: null,
    counts: { replies: 0, reposts: 0, reactions: 0 },
    mine: { reaction: null, reposted: false },
    repostedBy: null,
    holding: null,
    ...over,
  }
}
const page = (...ids: string[]): PostPage => ({ items: ids.map((id) => post(id)), cursor: 'next' })
const timeOf = (item: PostView) => item.ts
const ids = (posts: readonly PostView[]) => posts.map((item) => item.id)

describe('patchPost', () => {
  it('changes a post in pages, threads and alone, and leaves the rest the same object', () => {
    const pages = { pages: [page('p3', 'p2'), page('p1')], pageParams: [] }
    const patched = patchPost(pages, 'p1', (item) => withReaction(item, '❤')) as typeof pages
    expect(patched.pages[1]?.items[0]?.counts.reactions).toBe(1)
    expect(patched.pages[0]).toBe(pages.pages[0])
    expect(patchPost(pages, 'other', (item) => withReaction(item, '❤'))).toBe(pages)
    const thread = { ancestors: [post('p1')], post: post('p2'), replies: [{ depth: 1, post: post('p3') }], missing: 0 }
    const changed = patchPost(thread, 'p3', (item) => withRepost(item, true)) as typeof thread
    expect(changed.replies[0]?.post.mine.reposted).toBe(true)
    expect([...postIdsOf(thread)]).toEqual(['p1', 'p2', 'p3'])
  })

  it('finds and renews what a post quotes', () => {
    const picture = { cid: 'c1', type: 'image/webp', size: 9, width: 4, height: 3, alt: '', state: 'missing' as const }
    const quoted = { ...post('p1'), media: [picture] }
    const quoting = post('p2', 2, { quote: quoted })
    const pages = { pages: [{ items: [quoting, post('p3')], cursor: null }], pageParams: [] }
    expect([...postsShowing(pages, new Set(['p1']))]).toEqual(['p2'])
    expect([...postsShowing(pages, new Set(['p2', 'p4']))]).toEqual(['p2'])
    const renamed = patchPerson(pages, { profile: 'author-of-p1', name: 'Awa', avatar: null }) as typeof pages
    expect(renamed.pages[0]?.items[0]).toMatchObject({ name: 'Noor', quote: { name: 'Awa' } })
    expect(withMediaState(quoting, 'c1', 'here').quote?.media[0]?.state).toBe('here')
    expect(withMediaState(quoting, 'c2', 'here')).toBe(quoting)
    expect(withDeletion(quoting, 5)).not.toHaveProperty('quote')
  })

  it('counts a person once and never below nothing', () => {
    const liked = withReaction(post('p1'), '❤')
    expect(withReaction(liked, '🌳').counts.reactions).toBe(1)
    expect(withReaction(liked, null).counts.reactions).toBe(0)
    expect(withRepost(withRepost(post('p1'), true), true).counts.reposts).toBe(1)
    expect(withDeletion(post('p1'), 5)).toMatchObject({ state: 'deleted', deletedAt: 5, text: '', media: [] })
  })
})

describe('rowsOf', () => {
  it('gives each row once, and a post and its repost as two', () => {
    const repost = post('p1', 1, { repostedBy: { profile: 'teodora', name: 'Teodora', avatar: null } })
    const rows = rowsOf([page('p3', 'p2'), { items: [post('p2'), repost, post('p1')], cursor: null }])
    expect(rows.map(rowKey)).toEqual(['p3', 'p2', 'p1 teodora', 'p1'])
  })
})

describe('mergeFirstPage', () => {
  const loaded = { pages: [page('p4', 'p3'), page('p2', 'p1')], pageParams: [undefined, 'c'] }

  it('puts new posts on top and keeps what was loaded', () => {
    const merged = mergeFirstPage(loaded, page('p6', 'p5', 'p4'))
    expect(ids(rowsOf(merged?.pages))).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1'])
  })

  it('says when posts between the two are unknown', () => {
    expect(mergeFirstPage(loaded, page('p9', 'p8'))).toBeUndefined()
  })

  it('takes a fresh page as it is where nothing was loaded', () => {
    expect(ids(rowsOf(mergeFirstPage({ pages: [], pageParams: [] }, page('p1'))?.pages))).toEqual(['p1'])
    expect(ids(rowsOf(mergeFirstPage({ pages: [page()], pageParams: [0] }, page('p1'))?.pages))).toEqual(['p1'])
  })
})

describe('holdBack', () => {
  const rows = rowsOf([page('p5', 'p4', 'p3')])

  it('keeps newer rows behind the pill', () => {
    const held = holdBack(rows, { key: 'p4', ts: 4 }, timeOf)
    expect(ids(held.shown)).toEqual(['p4', 'p3'])
    expect(held.waiting).toBe(1)
    expect(holdBack(rows, null, timeOf).waiting).toBe(0)
  })

  it('goes on from the next older row when the one on top is gone', () => {
    const held = holdBack([post('p5'), post('p3')], { key: 'p4', ts: 4 }, timeOf)
    expect(ids(held.shown)).toEqual(['p3'])
  })
})

describe('replyRows', () => {
  it('indents three levels at most and folds what lies deeper', () => {
    const below = [4, 3, 2, 1, 0, 0]
    const replies = [1, 2, 3, 4, 5, 1].map((depth, i) => ({
      ...{ depth, below: below[i] ?? 0, distance: 1, folded: false },
      post: post(`p${i + 1}`),
    }))
    const rows = replyRows(replies)
    expect(rows.map((row) => [row.indent, row.folded, row.startsBranch])).toEqual([
      [1, 0, true],
      [2, 0, false],
      [3, 2, false],
      [1, 0, true],
    ])
  })

  it('names each speaker once', () => {
    const again = post('p9', 9, { author: 'author-of-p1' })
    const rest = { held: 1, strangers: 0, missing: 0, cursor: null }
    const thread = {
      ancestors: [post('p1')],
      post: post('p2'),
      replies: [{ depth: 1, below: 0, distance: 1, folded: false, post: again }],
      ...rest,
    }
    expect(ids(speakersOf(thread))).toEqual(['p1', 'p2'])
  })
})

describe('layoutMedia', () => {
  const size = (width: number, height: number) => ({ width, height })

  it('keeps one picture between 4:5 and 16:9', () => {
    expect(layoutMedia([size(4_000, 1_000)]).ratio).toBeCloseTo(16 / 9)
    expect(layoutMedia([size(1_000, 4_000)]).ratio).toBeCloseTo(4 / 5)
    expect(layoutMedia([size(1_200, 1_000)]).ratio).toBeCloseTo(1.2)
  })

  it('draws four of eight and says how many stand behind', () => {
    expect(layoutMedia(Array.from({ length: 7 }, () => size(1, 1)))).toMatchObject({ shown: 4, hidden: 3 })
  })

  it('fits without enlarging', () => {
    expect(fitInto(4_096, 1_024, 2_048)).toEqual({ width: 2_048, height: 512 })
    expect(fitInto(10, 4, 2_048)).toEqual({ width: 10, height: 4 })
    expect(fitInto(10_000, 1, 100)).toEqual({ width: 100, height: 1 })
  })
})

describe('thumbhashUrl', () => {
  it('draws a thumbhash and nothing else', () => {
    expect(thumbhashUrl('1QcSHQRnh493V4dIh4eXh1h4kJUI')).toMatch(/^data:image\/png;base64,/)
    for (const bad of [undefined, '', 'é', '!!', 'AA==', 'A'.repeat(60)]) expect(thumbhashUrl(bad)).toBeUndefined()
  })
})

describe('qrPath', () => {
  it('draws dark modules inside four quiet ones', () => {
    const { size, path } = qrPath('palabre:12D3KooWCRouQ71CZCTXvW86')
    expect(size).toBeGreaterThanOrEqual(29 + 8)
    expect(path.startsWith('M4 4h7v1h-7z')).toBe(true)
  })
})
