import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const ID = 'a'.repeat(32)
const withList: NonNullable<Parameters<typeof openFakeApp>[0]>['prepare'] = ({ square }) => {
  square().lists.set(ID, { name: 'Village', members: new Set([fakePeerId('awa')]) })
}

describe('lists', () => {
  it('are made on their page, which says that they are public', async () => {
    const { controls } = await openFakeApp({ path: '/lists' })
    await expect.element(page.getByText(/^Lists are public/)).toBeVisible()
    await page.getByRole('textbox', { name: 'Name of the list' }).fill('Village')
    await page.getByRole('button', { name: 'Make the list' }).click()
    await page.getByRole('link', { name: /^Village/ }).click()
    await expect.element(page.getByRole('heading', { name: 'Village', level: 1 })).toBeVisible()
    expect([...controls.square().lists.values()].map(({ name }) => name)).toEqual(['Village'])
  })

  it('show what their people write, and stand beside home when pinned', async () => {
    await openFakeApp({
      path: `/lists/${ID}`,
      prepare: (controls) => {
        withList(controls)
        addPost(controls, 'listed', { text: 'words of the list' })
      },
    })
    await expect.element(page.getByText('words of the list')).toBeVisible()
    await page.getByRole('button', { name: 'Beside home' }).click()
    const tabs = page.getByRole('navigation', { name: 'Home and lists' })
    await expect.element(tabs.getByRole('link', { name: 'Village' })).toHaveAttribute('aria-current', 'page')
    await tabs.getByRole('link', { name: 'Home' }).click()
    await expect.element(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible()
    await expect.element(tabs.getByRole('link', { name: 'Village' })).toBeVisible()
  })

  it('let people go, and are deleted after a question', async () => {
    const { controls } = await openFakeApp({ path: `/lists/${ID}/people`, prepare: withList })
    await page.getByRole('button', { name: 'Take off' }).click()
    await expect.element(page.getByText(/^Nobody is on it yet/)).toBeVisible()
    await page.getByRole('button', { name: 'Delete the list' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the list' }).click()
    await expect.element(page.getByText('No list yet.')).toBeVisible()
    expect(controls.square().lists.size).toBe(0)
  })

  it('take somebody in from the menu of a profile, in French', async () => {
    const kofi = fakePeerId('kofi')
    const { controls } = await openFakeApp({ path: `/profile/${kofi}`, language: 'fr', prepare: withList })
    await page
      .getByRole('button', { name: /^Autres actions pour/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: 'Listes' }).click()
    await page.getByRole('checkbox', { name: 'Village' }).click()
    await expect.element(page.getByRole('checkbox', { name: 'Village' })).toBeChecked()
    expect(controls.square().lists.get(ID)?.members.has(kofi)).toBe(true)
  })

  it('have no fault that axe finds', async () => {
    await openFakeApp({ path: `/lists/${ID}/people`, prepare: withList })
    await expect.element(page.getByRole('button', { name: 'Take off' })).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
