import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { PostView } from '../../../core/contract/views.ts'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

/** Opens home with one post on top whose view is changed as the node would give it. */
async function openWith(change: Partial<PostView>, language: 'en' | 'fr' = 'en') {
  const opened = await openFakeApp({
    language,
    prepare: (controls) => {
      const id = addPost(controls, 'changed', { text: 'Ce que cela disait.' })
      const square = controls.square()
      const plain = square.toPostView.bind(square)
      square.toPostView = (post) => (post.id === id ? { ...plain(post), ...change } : plain(post))
    },
  })
  const post = page.getByRole('article').first()
  await expect.element(post).toBeVisible()
  return { ...opened, post }
}

const seed = (name: string) => ({ peerId: name, name })
const picture = (state: 'waiting' | 'missing' | 'fetching') => ({
  cid: `bafk-${state}`,
  type: 'image/jpeg',
  size: 48_000,
  width: 1_200,
  height: 800,
  alt: 'Un bocal de levain',
  state,
})

describe('a post', () => {
  it('whose text is not here says that it comes by itself', async () => {
    const { post } = await openWith({ state: 'missing', text: '' })
    await expect.element(post.getByText(/known by name/)).toBeVisible()
    await expect.element(post.getByRole('button', { name: 'Reply' })).not.toBeInTheDocument()
  })

  it('that breaks a rule says so', async () => {
    const { post } = await openWith({ state: 'unreadable', text: '' })
    await expect.element(post.getByText(/breaks a rule/)).toBeVisible()
  })

  it('of an author without a name goes by the short ID', async () => {
    const { post } = await openWith({ name: '', author: '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5' })
    await expect.element(post.getByRole('link', { name: 'oaMt·imQ5' })).toBeVisible()
  })

  it.each([
    ['offline' as const, 'Leaves by itself when you are back.'],
    ['no-seed' as const, 'Peers are there, but no seed. Leaves by itself when a seed answers.'],
    ['sending' as const, 'On its way.'],
  ])('that nobody holds says why: %s', async (cause, line) => {
    const { post } = await openWith({ holding: { seeds: [], cause } })
    await expect.element(post.getByText('on this computer only')).toBeVisible()
    await expect.element(post.getByText(line)).toBeVisible()
  })

  it('names the seeds that hold it, and stops after a day', async () => {
    const holding = { seeds: [seed('La Remise'), seed('Tidehouse'), seed('Vigie')], cause: 'held' as const }
    const { post, screen } = await openWith({ holding }, 'fr')
    await expect.element(post.getByText('sur 3 graines')).toBeVisible()
    await expect.element(post.getByText('La Remise, Tidehouse et Vigie l’ont reçue.')).toBeVisible()
    await screen.unmount()
    const later = await openWith({ holding, ts: Date.now() - 30 * 3_600_000 })
    await expect.element(later.post.getByText('on 3 seeds')).not.toBeInTheDocument()
  })
})

describe('a picture', () => {
  it.each([
    ['waiting' as const, 'Fetch (47\u00a0KB)'],
    ['missing' as const, 'Keep asking'],
  ])('that is not here keeps its room and can be asked for: %s', async (state, action) => {
    const { post } = await openWith({ media: [picture(state)] })
    const button = post.getByRole('button', { name: action })
    await expect.element(button).toBeVisible()
    await expect.element(post.getByText('“Un bocal de levain”')).toBeVisible()
    const box = button.element().closest('[style*="aspect-ratio"]')?.getBoundingClientRect()
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 1)
    expect(await findFaults()).toEqual([])
  })

  it('shows as asked for while it is', async () => {
    const { post } = await openWith({ media: [picture('fetching')] })
    await expect.element(post.getByText('This picture is being asked for.')).toBeVisible()
  })
})

describe('on a narrow window in French', () => {
  it('nothing is wider than the screen, and axe finds nothing', async () => {
    for (const path of ['/', `/thread/${fakeRecordId('tilleul')}`, '/profile', '/search/tilleul']) {
      const { screen } = await openFakeApp({ path, language: 'fr', width: 360, height: 740 })
      await expect.element(page.getByRole('article').first()).toBeVisible()
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await screen.unmount()
    }
  })
})
