import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const first = () => page.getByRole('article').first()
const openMenu = async () => {
  await expect.element(first()).toBeVisible()
  await first().getByRole('button', { name: 'More', exact: true }).click()
}

/** The newest post of home is Awa's. */
const prepare = (controls: Parameters<typeof addPost>[0]) => {
  addPost(controls, 'loud', { author: fakePeerId('awa'), text: 'A loud post.', ts: Date.now() })
}

describe('muting', () => {
  it('takes somebody out of home from the menu of a post, with a way back', async () => {
    await openFakeApp({ prepare })
    await expect.element(page.getByText('A loud post.')).toBeVisible()
    await openMenu()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText(/^You no longer see /)).toBeVisible()
    await expect.poll(() => page.getByText('A loud post.').elements().length).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText('A loud post.')).toBeVisible()
  })

  it('says in a toast why somebody did not come back: what was pressed is gone', async () => {
    const { controls } = await openFakeApp({ prepare })
    await openMenu()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.poll(() => page.getByText('A loud post.').elements().length).toBe(0)
    controls.fail('moderation.unmute', 'disk-full')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText('Not changed. The disk is full.')).toBeVisible()
  })

  it('says why it did nothing where the node refuses', async () => {
    const { controls } = await openFakeApp({ prepare })
    controls.fail('moderation.mute', 'disk-full')
    await openMenu()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText('Not changed. The disk is full.')).toBeVisible()
    await expect.element(page.getByText('A loud post.')).toBeVisible()
  })
})

describe('blocking', () => {
  it('asks first, and says that it is public', async () => {
    await openFakeApp({ prepare })
    await openMenu()
    await page.getByRole('menuitem', { name: /^Block / }).click()
    await expect.element(page.getByText(/A block is public/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await expect.poll(() => page.getByText('A loud post.').elements().length).toBe(0)
  })
})

describe('somebody who is not to be seen', () => {
  it('is named on the profile, which shows the posts only when that is asked for', async () => {
    const awa = fakePeerId('awa')
    await openFakeApp({ prepare, path: `/profile/${awa}` })
    await page.getByRole('button', { name: /^More about / }).click()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText(/^You have muted /)).toBeVisible()
    expect(page.getByText('A loud post.').elements()).toEqual([])
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Show the posts' }).click()
    await expect.element(page.getByText('A loud post.')).toBeVisible()
    await page.getByRole('button', { name: /^More about / }).click()
    await expect.element(page.getByRole('menuitem', { name: /^Stop muting / })).toBeVisible()
  })

  it('keeps a place in threads, with the reason and a way to see it', async () => {
    await openFakeApp({
      prepare: (controls) => {
        const root = addPost(controls, 'root', { text: 'Who is here?' })
        addPost(controls, 'answer', { author: fakePeerId('tom'), text: 'A muted answer.', reply: root })
      },
      path: `/profile/${fakePeerId('tom')}`,
    })
    await page.getByRole('button', { name: /^More about / }).click()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText(/^You have muted /)).toBeVisible()
    window.location.hash = `/thread/${fakeRecordId('root')}`
    await expect.element(page.getByText(/whom you have muted\./)).toBeVisible()
    expect(page.getByText('A muted answer.').elements()).toEqual([])
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect.element(page.getByText('A muted answer.')).toBeVisible()
  })

  it('stands in the settings, from where it is taken back', async () => {
    await openFakeApp({ prepare })
    await openMenu()
    await page.getByRole('menuitem', { name: /^Mute / }).click()
    await expect.element(page.getByText(/^You no longer see /)).toBeVisible()
    window.location.hash = '/settings/silenced'
    await expect.element(page.getByText('Only your own devices know whom you have muted.')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Show again' }).click()
    await expect.element(page.getByText('You see everybody.')).toBeVisible()
  })
})
