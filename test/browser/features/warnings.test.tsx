import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { forgetWarnings } from '../../../renderer/features/post/use-warning.ts'
import { callerOf } from '../harness/fake-node.ts'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(() => {
  forgetAll()
  forgetWarnings()
})
afterEach(forgetAll)

const first = () => page.getByRole('article').first()
const field = () => page.getByRole('textbox', { name: 'What do you have to say?' })
const words = () => page.getByRole('textbox', { name: 'What do you warn of?' })
const toggle = () => page.getByRole('dialog').getByRole('button', { name: 'Content warning' })
const show = () => first().getByRole('button', { name: 'Show', exact: true })
const postButton = () => page.getByRole('dialog').getByRole('button', { name: /^Post/ })

const SPIDER = { text: 'Eight legs, and all of them hairy.', warning: 'Spiders' }

async function openComposer() {
  await page.getByRole('button', { name: 'Write a post' }).first().click()
  await expect.element(field()).toBeVisible()
}

describe('a content warning in the composer', () => {
  it('goes with the post, which stands folded behind it', async () => {
    const { square } = await openFakeApp()
    await openComposer()
    await field().fill('Eight legs.')
    await toggle().click()
    await expect.element(postButton()).toHaveAttribute('aria-disabled', 'true')
    await words().fill('  Spiders ')
    await postButton().click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect.element(first().getByText('Spiders', { exact: true })).toBeVisible()
    expect(first().getByText('Eight legs.').query()).toBeNull()
    const [posted] = square.postsNewestFirst((post) => post.author === square.me)
    expect(posted).toMatchObject({ text: 'Eight legs.', warning: 'Spiders' })
  })

  it('says when it is over its limit of bytes, and is kept with the draft, also while it is off', async () => {
    const app = await openFakeApp()
    await openComposer()
    await field().fill('Eight legs.')
    await toggle().click()
    await words().fill('é'.repeat(130))
    await expect.element(page.getByText('The warning is 4 bytes too long.')).toBeVisible()
    await expect.element(postButton()).toHaveAttribute('aria-disabled', 'true')
    await words().fill('Spiders')
    await toggle().click()
    await expect.element(words()).not.toBeInTheDocument()
    await expect.element(page.getByText(/^Draft saved/)).toBeVisible()
    await app.screen.unmount()
    await openFakeApp()
    await openComposer()
    await toggle().click()
    await expect.element(words()).toHaveValue('Spiders')
    await expect.element(field()).toHaveValue('Eight legs.')
  })

  it('stays through an edit, and can be taken off by one', async () => {
    const OWN = fakeRecordId('echelle')
    const { square } = await openFakeApp({
      path: `/thread/${OWN}`,
      prepare: (controls) => void Object.assign(controls.square().posts.get(OWN) ?? {}, { warning: 'Ladders' }),
    })
    const post = () => page.getByRole('article').filter({ hasText: 'Ladders' }).first()
    const edit = async () => {
      await post().getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
    }
    await edit()
    await expect.element(words()).toHaveValue('Ladders')
    await field().fill('Six mètres.')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(square.posts.get(OWN)).toMatchObject({ text: 'Six mètres.', warning: 'Ladders' })
    await edit()
    await toggle().click()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(square.posts.get(OWN)?.warning).toBeUndefined()
  })
})

describe('a post with a content warning', () => {
  it('opens and closes by its button, and stays as it was chosen on the next page', async () => {
    await openFakeApp({ prepare: (controls) => void addPost(controls, 'spider', SPIDER) })
    await expect.element(show()).toHaveAttribute('aria-expanded', 'false')
    await expect.element(first()).toHaveAccessibleDescription(/Spiders.*Warning by its author/)
    await show().click()
    await expect.element(first().getByText(SPIDER.text)).toBeVisible()
    await first()
      .getByRole('link', { name: /now|minute|second/ })
      .click()
    const open = page.getByRole('article').filter({ hasText: SPIDER.text })
    await expect.element(open).toBeVisible()
    await open.getByRole('button', { name: 'Hide', exact: true }).click()
    expect(page.getByText(SPIDER.text).query()).toBeNull()
  })

  it('draws no picture before it is asked for', async () => {
    await openFakeApp({
      prepare: (controls) => {
        const [one] = controls.square().posts.get(fakeRecordId('tilleul'))?.media ?? []
        const media = one === undefined ? [] : [{ ...one, state: 'missing' as const, alt: 'Close up' }]
        addPost(controls, 'spider', { ...SPIDER, media })
      },
    })
    await expect.element(first().getByText(/text and (a|\d) picture/)).toBeVisible()
    expect(
      first()
        .getByText(/Close up/)
        .query(),
    ).toBeNull()
    await show().click()
    await expect.element(first().getByText(/Close up/)).toBeVisible()
  })

  it('is open at once where the settings say so', async () => {
    const { screen } = await openFakeApp({ path: '/settings' })
    await page.getByRole('switch', { name: /^Always open content warnings/ }).click()
    await expect.element(page.getByRole('switch', { name: /^Always open content warnings/ })).toBeChecked()
    await screen.unmount()
    await openFakeApp({
      prepare: (controls) => {
        addPost(controls, 'spider', SPIDER)
        localStorage.setItem('palabre.settings', JSON.stringify({ opensWarnings: true }))
      },
    }).then(async ({ node }) => callerOf(node).settings.update({ opensWarnings: true }))
    await expect.element(first().getByText('Spiders', { exact: true })).toBeVisible()
    await expect.element(first().getByText(SPIDER.text)).toBeVisible()
  })

  it('is folded where it is quoted, found, answered and told of', async () => {
    const spider = fakeRecordId('spider')
    const { controls } = await openFakeApp({
      prepare: (fake) => {
        addPost(fake, 'spider', { ...SPIDER, ts: Date.now() - 90_000 })
        addPost(fake, 'quoting', { text: 'Look.', quote: spider })
      },
    })
    const quote = first().getByRole('blockquote')
    await expect.element(quote.getByText('Spiders', { exact: true })).toBeVisible()
    expect(page.getByText(SPIDER.text).query()).toBeNull()
    location.hash = '#/search/hairy'
    await expect.element(first().getByText('Spiders', { exact: true })).toBeVisible()
    expect(page.getByText(SPIDER.text).query()).toBeNull()
    await first()
      .getByRole('button', { name: /^Reply/ })
      .click()
    const dialog = page.getByRole('dialog')
    await expect.element(dialog.getByText('Spiders', { exact: true })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    controls.reading.say('mention', fakePeerId('awa'), { post: spider })
    location.hash = '#/notifications'
    await expect.element(page.getByText('Content warning: Spiders')).toBeVisible()
    expect(page.getByText(SPIDER.text).query()).toBeNull()
  })

  it('fits 360 pixels in French, and axe finds nothing, in the light and in the dark', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { screen } = await openFakeApp({
        theme,
        language: 'fr',
        width: 360,
        prepare: (controls) => void addPost(controls, 'spider', { ...SPIDER, warning: 'Araignées '.repeat(20).trim() }),
      })
      await expect.element(first().getByRole('button', { name: 'Afficher' })).toBeVisible()
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await page.getByRole('button', { name: 'Écrire' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Avertissement' }).click()
      await page.getByRole('textbox', { name: /^De quoi voulez-vous avertir/ }).fill('x'.repeat(300))
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await screen.unmount()
      localStorage.clear()
    }
  })
})
