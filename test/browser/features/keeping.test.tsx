import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults, pressKeys } from '../harness/window.tsx'
import { addPost, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const first = () => page.getByRole('article').first()
const bookmark = () => first().getByRole('button', { name: 'Bookmark', exact: true })
const unmark = () => first().getByRole('button', { name: 'Remove the bookmark' })

describe('bookmarks', () => {
  it('say that only own devices read them, while there are none', async () => {
    await openFakeApp({ path: '/bookmarks', language: 'fr' })
    await expect.element(page.getByText(/Seuls vos appareils peuvent lire cette liste/)).toBeVisible()
    expect(await findFaults()).toEqual([])
  })

  it('show at once, stand in their page, and go with a way back', async () => {
    await openFakeApp()
    await bookmark().click()
    await expect.element(unmark()).toHaveAttribute('aria-pressed', 'true')
    pressKeys('g', 'b')
    await expect.element(page.getByRole('heading', { name: 'Bookmarks', level: 1 })).toBeVisible()
    await expect.element(first().getByText(/First boat through/)).toBeVisible()
    await expect.element(page.getByText(/Only your own devices can read this list/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await unmark().click()
    await expect.element(page.getByText('Nothing is bookmarked yet.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(first().getByText(/First boat through/)).toBeVisible()
  })

  it('of a post that its author deleted can still be taken away', async () => {
    const { controls } = await openFakeApp({
      prepare: (controls) => {
        const id = addPost(controls, 'short-lived', { text: 'Said too early.' })
        controls.reading.mark(id)
      },
    })
    await expect.element(first().getByText('Said too early.')).toBeVisible()
    const post = controls.square().posts.get(fakeRecordId('short-lived'))
    if (post) post.deletedAt = Date.now()
    pressKeys('g', 'b')
    await expect.element(first().getByText(/^Deleted by its author/)).toBeVisible()
    await unmark().click()
    await expect.element(page.getByText('Nothing is bookmarked yet.')).toBeVisible()
  })

  it('of somebody who is not to be seen are not said to be missing, and still count', async () => {
    const { controls } = await openFakeApp({
      path: '/bookmarks',
      prepare: (controls) => {
        controls.reading.mark(addPost(controls, 'loud', { text: 'A loud post.' }))
      },
    })
    await expect.element(first().getByText('A loud post.')).toBeVisible()
    await first().getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText('None of your bookmarks can be shown here.')).toBeVisible()
    await expect.element(page.getByText(/, or is by somebody whom you do not see\./)).toBeVisible()
    controls.reading.mark(fakeRecordId('bread'))
    await expect
      .element(page.getByText(/1 bookmarked post is not shown: .* by somebody whom you do not see/))
      .toBeVisible()
  })

  it('say in a toast why they did not come back, and try again', async () => {
    const { controls } = await openFakeApp({
      path: '/bookmarks',
      prepare: (controls) => {
        controls.reading.mark(addPost(controls, 'loud', { text: 'A loud post.' }))
      },
    })
    await unmark().click()
    await expect.element(page.getByText('Nothing is bookmarked yet.')).toBeVisible()
    controls.fail('bookmarks.add', 'disk-full')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText('The bookmark was not changed. The disk is full.')).toBeVisible()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(first().getByText('A loud post.')).toBeVisible()
  })

  it('are taken back where the node refuses, with the cause', async () => {
    const { controls } = await openFakeApp()
    await expect.element(bookmark()).toBeVisible()
    // Nothing but the undoing takes the mark back: the list of marks isn't read again.
    controls.fail('bookmarks.ids', 'not-found', 'made to fail', 99)
    controls.fail('bookmarks.add', 'disk-full')
    await bookmark().click()
    await expect.element(page.getByText(/The bookmark was not changed. The disk is full./)).toBeVisible()
    await expect.element(bookmark()).toHaveAttribute('aria-pressed', 'false')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(unmark()).toBeVisible()
  })
})

describe('tags', () => {
  it('lead to the posts that have them, and the page says what it holds', async () => {
    await openFakeApp({
      prepare: (controls) => {
        addPost(controls, 'tagged', { text: 'Ce soir, #Marché d’hiver (nº#1).' })
        addPost(controls, 'other', { text: 'Encore le #marché', ts: Date.now() - 5_000 })
      },
    })
    await page.getByRole('link', { name: '#Marché' }).click()
    await expect.element(page.getByRole('heading', { name: '#Marché', level: 1 })).toBeVisible()
    await expect.element(page.getByText(/What this computer holds/)).toBeVisible()
    await expect.poll(() => page.getByRole('article').elements().length).toBe(2)
    expect(await findFaults()).toEqual([])
  })

  it('without a post say so', async () => {
    await openFakeApp({ path: '/tag/citerne' })
    await expect.element(page.getByText('Nothing tagged #citerne is here.')).toBeVisible()
  })
})
