import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { undoWindow } from '../../../renderer/features/post/pending-deletions.ts'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const TEXT = 'À retirer.'
const card = () =>
  page
    .getByRole('article')
    .filter({ hasText: /À retirer|About to be deleted|Bientôt supprimée/ })
    .first()
const keep = () => card().getByRole('button', { name: 'Keep the post' })

/** Each test has an id of its own: what waits is kept for the whole window. */
async function askToDelete(key: string, windowMs: number, init: Parameters<typeof openFakeApp>[0] = {}) {
  const before = undoWindow.ms
  undoWindow.ms = windowMs
  onTestFinished(() => {
    undoWindow.ms = before
  })
  const id = fakeRecordId(key)
  const app = await openFakeApp({
    ...init,
    prepare: (controls) => {
      addPost(controls, key, { author: fakePeerId('ines'), text: TEXT })
      init.prepare?.(controls)
    },
  })
  const isFrench = init.language === 'fr'
  await card()
    .getByRole('button', { name: isFrench ? 'Plus' : 'More', exact: true })
    .click()
  await page.getByRole('menuitem', { name: isFrench ? 'Supprimer' : 'Delete' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: isFrench ? 'Supprimer' : 'Delete the post' })
    .click()
  return { ...app, id, isDeleted: () => app.square.posts.get(id)?.deletedAt !== null }
}

describe('deleting an own post', () => {
  it('signs nothing before the ten seconds are over, and says so', async () => {
    expect(undoWindow.ms).toBe(10_000)
    const { isDeleted } = await askToDelete('later', 600_000)
    await expect
      .element(page.getByText(/Nothing is deleted yet, and nothing will be if you close the window/))
      .toBeVisible()
    expect(isDeleted()).toBe(false)
    expect(page.getByText(TEXT).query()).toBeNull()
    expect(card().getByRole('button', { name: 'More' }).query()).toBeNull()
    expect(await findFaults()).toEqual([])
    await keep().click()
    await expect.element(page.getByText(TEXT)).toBeVisible()
    expect(isDeleted()).toBe(false)
  })

  it('is taken back by the toast, by keys alone', async () => {
    const { isDeleted } = await askToDelete('toast', 600_000)
    const undo = page.getByRole('status').getByRole('button', { name: 'Undo' })
    await expect.element(card()).toHaveFocus()
    ;(undo.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('The post stays')).toBeVisible()
    await expect.element(undo).not.toBeInTheDocument()
    await expect.element(page.getByText(TEXT)).toBeVisible()
    expect(isDeleted()).toBe(false)
  })

  it('is signed once the time is over, whatever page is shown by then', async () => {
    const { isDeleted } = await askToDelete('soon', 400)
    location.hash = '#/settings'
    await expect.element(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
    await expect.poll(isDeleted).toBe(true)
    await expect.element(page.getByText('Post deleted')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Undo' })).not.toBeInTheDocument()
  })

  it('leaves the post as it was and says why when it is refused, and tries again', async () => {
    const before = undoWindow.ms
    const { isDeleted } = await askToDelete('refused', 300, {
      prepare: (controls) => controls.fail('posts.delete', 'disk-full'),
    })
    await expect.element(card().getByText(/Not deleted\. The disk is full/)).toBeVisible()
    await expect.element(page.getByText('The post was not deleted')).toBeVisible()
    await expect.element(page.getByText(TEXT)).toBeVisible()
    await card().getByRole('button', { name: 'Try again' }).click()
    await expect.poll(isDeleted).toBe(true)
    expect(before).toBe(10_000)
  })

  it('fits 360 pixels in French, in the dark', async () => {
    await askToDelete('narrow', 600_000, { language: 'fr', width: 360, theme: 'dark' })
    await expect.element(card().getByRole('button', { name: 'Garder la publication' })).toBeVisible()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
    expect(await findFaults()).toEqual([])
  })
})
