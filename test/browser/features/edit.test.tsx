import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const OWN = fakeRecordId('echelle')
const TEXT = 'J’en ai une de cinq mètres, en frêne. Je passe lundi soir ?'
const post = () => page.getByRole('article').filter({ hasText: 'cinq mètres' }).first()
const field = () => page.getByRole('dialog').getByRole('textbox', { name: 'What do you have to say?' })
const save = () => page.getByRole('dialog').getByRole('button', { name: /^Save the edit/ })

async function openEdit() {
  const app = await openFakeApp({ path: `/thread/${OWN}` })
  await post().getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect.element(field()).toHaveValue(TEXT)
  return app
}

describe('editing an own post', () => {
  it('begins with its text, saves another, and shows what it said before', async () => {
    const { square } = await openEdit()
    await expect.element(save()).toHaveAttribute('aria-disabled', 'true')
    await expect.element(page.getByText(/what it said before stays readable/)).toBeVisible()
    await field().fill(TEXT.replace('cinq mètres', 'cinq mètres cinquante'))
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect.element(post().getByText(/cinq mètres cinquante/)).toBeVisible()
    expect(square.posts.get(OWN)?.lang).toBe('fr')
    await expect.element(post().getByText(/edited just now/)).toBeVisible()
    await post().getByRole('button', { name: 'what changed' }).click()
    const dialog = page.getByRole('dialog', { name: 'What this post said' })
    await expect.element(dialog.getByRole('heading', { name: /^Now, since/ })).toBeVisible()
    await expect.element(dialog.getByRole('heading', { name: /^At first/ })).toBeVisible()
    await expect.element(dialog.getByText(TEXT)).toBeVisible()
  })

  it('keeps the text when it was not saved, and offers the one that stands', async () => {
    const { controls } = await openEdit()
    controls.fail('posts.edit', 'device-retired')
    await field().fill('Autre chose.')
    await save().click()
    await expect.element(page.getByText(/it reads on, and writes nothing more/)).toBeVisible()
    await expect.element(field()).toHaveValue('Autre chose.')
    await expect.element(page.getByText(/^Draft saved/)).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await post().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await expect.element(field()).toHaveValue('Autre chose.')
    await page.getByRole('button', { name: 'Take the text as it stands' }).click()
    await expect.element(field()).toHaveValue(TEXT)
  })

  it('keeps pictures that are with the node already, with another description', async () => {
    const { square } = await openFakeApp({
      path: `/thread/${OWN}`,
      prepare: (controls) => {
        const posts = controls.square().posts
        const media = posts.get(fakeRecordId('tilleul'))?.media.slice(0, 1) ?? []
        const own = posts.get(OWN)
        if (own !== undefined) own.media = media
      },
    })
    await post().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const before = square.posts.get(OWN)?.media[0]
    await page.getByRole('textbox', { name: 'Describe this picture' }).fill('Le tilleul, après l’orage')
    await save().click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(square.posts.get(OWN)?.media).toMatchObject([{ cid: before?.cid, alt: 'Le tilleul, après l’orage' }])
    expect(square.files.size).toBeGreaterThan(0)
  })

  it('is not offered on the posts of others', async () => {
    await openFakeApp({ path: `/profile/${fakePeerId('awa')}` })
    await page.getByRole('article').first().getByRole('button', { name: 'More' }).click()
    await expect.element(page.getByRole('menuitem', { name: 'Copy link' })).toBeVisible()
    await expect.element(page.getByRole('menuitem', { name: 'Edit' })).not.toBeInTheDocument()
  })

  it('says so when the versions can not be read', async () => {
    const { controls } = await openFakeApp({
      path: `/thread/${OWN}`,
      prepare: (fake) => {
        const own = fake.square().posts.get(OWN)
        if (own !== undefined) Object.assign(own, { editedAt: Date.now() })
      },
    })
    controls.fail('posts.history', 'not-found')
    await post().getByRole('button', { name: 'what changed' }).click()
    await expect.element(page.getByText('The versions could not be read. It is no longer here.')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await post().getByRole('button', { name: 'what changed' }).click()
    await expect.element(page.getByRole('heading', { name: /^Now, since/ })).toBeVisible()
    await expect.poll(() => document.getAnimations().filter((one) => one.playState === 'running')).toHaveLength(0)
    expect(await findFaults()).toEqual([])
  })
})
