import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const AWA = fakePeerId('awa')
const prepare = (controls: Parameters<typeof addPost>[0]) => {
  const root = addPost(controls, 'said', { author: AWA, text: 'Something to say.', ts: Date.now() })
  addPost(controls, 'answer', { author: fakePeerId('tom'), text: 'An answer to it.', reply: root, ts: Date.now() + 1 })
  controls.reading.say('follow', AWA)
}

describe('a name of one’s own for somebody', () => {
  it('is given on the profile, stands beside the name they give themselves, and is shown everywhere', async () => {
    await openFakeApp({ prepare, path: `/profile/${AWA}` })
    await page.getByRole('button', { name: /^More about / }).click()
    await page.getByRole('menuitem', { name: 'Give a name of your own' }).click()
    expect(await findFaults()).toEqual([])
    await page.getByLabelText('What you call them').fill('Sister')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.element(page.getByRole('heading', { name: 'Sister', level: 1 })).toBeVisible()
    await expect.element(page.getByText(/^calls themselves Awa/)).toBeVisible()
    window.location.hash = `/thread/${fakeRecordId('said')}`
    await expect.element(page.getByRole('link', { name: 'Sister' }).first()).toBeVisible()
    window.location.hash = '/notifications'
    await expect.element(page.getByRole('link', { name: 'Sister' }).first()).toBeVisible()
  })

  it('is changed from the menu of a post, and removed', async () => {
    const { controls } = await openFakeApp({ prepare })
    const first = () => page.getByRole('article').filter({ hasText: 'Something to say.' })
    await first().getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Give a name of your own' }).click()
    controls.fail('profiles.setPetname', 'disk-full')
    await page.getByLabelText('What you call them').fill('Sister')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.element(page.getByText('Not changed. The disk is full.')).toBeVisible()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.element(first().getByRole('link', { name: 'Sister' })).toBeVisible()
    await first().getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Change your name for them' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect.poll(() => page.getByRole('link', { name: 'Sister' }).elements().length).toBe(0)
  })
})
