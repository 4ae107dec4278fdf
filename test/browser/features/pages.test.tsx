import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { findFaults, settle } from '../harness/window.tsx'
import {
  addPost,
  type FakeAppInit,
  fakePeerId,
  fakeRecordId,
  forgetAll,
  openFakeApp,
  type Square,
} from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

/** A valid address that nobody in the sample square has. */
const STRANGER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'

describe('profile', () => {
  it('tells who somebody is, and unfollows with a way back', async () => {
    await openFakeApp({ path: `/profile/${fakePeerId('awa')}` })
    await expect.element(page.getByRole('heading', { name: 'Awa Ndiaye', level: 2 })).toBeVisible()
    await expect.element(page.getByText('follows you')).toBeVisible()
    await expect.element(page.getByText(/2 peers said that they have nothing more$/)).toBeVisible()
    await page.getByRole('button', { name: 'Following' }).click()
    await expect.element(page.getByRole('main').getByRole('button', { name: 'Follow', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByRole('button', { name: 'Following' })).toBeVisible()
  })

  it('has tabs for posts, posts and replies, and pictures, in the address and by the arrows', async () => {
    const profile = fakePeerId('awa')
    const picture = {
      cid: 'bafk-one',
      type: 'image/jpeg',
      size: 9,
      width: 4,
      height: 3,
      alt: '',
      state: 'missing' as const,
    }
    await openFakeApp({
      path: `/profile/${profile}`,
      prepare: (controls) => {
        const first = addPost(controls, 'plain', { author: profile, text: 'plain words' })
        addPost(controls, 'answer', { author: profile, text: 'an answer', reply: first })
        addPost(controls, 'seen', { author: profile, text: 'look at this', media: [picture] })
      },
    })
    const shown = (text: string) => page.getByRole('article').getByText(text, { exact: true })
    await expect.element(shown('plain words')).toBeVisible()
    await expect.element(shown('an answer')).not.toBeInTheDocument()
    await page.getByRole('tab', { name: 'Posts', exact: true }).click()
    await userEvent.keyboard('{ArrowRight}')
    await expect.element(page.getByRole('tab', { name: 'Posts and replies' })).toHaveFocus()
    await expect.element(shown('an answer')).toBeVisible()
    expect(location.hash).toBe(`#/profile/${profile}/replies`)
    await userEvent.keyboard('{ArrowRight}')
    await expect.element(shown('look at this')).toBeVisible()
    await expect.element(shown('plain words')).not.toBeInTheDocument()
    expect(location.hash).toBe(`#/profile/${profile}/pictures`)
  })

  it('opens the own one at the tab that the address has, in French', async () => {
    await openFakeApp({ sample: 'empty', path: '/profile/own/pictures', language: 'fr' })
    await expect.element(page.getByRole('tab', { name: 'Images' })).toHaveAttribute('aria-selected', 'true')
    await expect.element(page.getByText('Aucune image ici.')).toBeVisible()
    await page.getByRole('tab', { name: 'Suivis' }).click()
    await expect.element(page.getByText('Vous ne suivez encore personne.').first()).toBeVisible()
    expect(location.hash).toBe('#/profile/own/following')
  })

  it('says in a toast why somebody is not followed again: the row is gone', async () => {
    const { controls } = await openFakeApp({ path: '/profile' })
    await page.getByRole('tab', { name: 'Following' }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'Awa Ndiaye' })
    await row.getByRole('button', { name: 'Following' }).click()
    await expect.element(row).not.toBeInTheDocument()
    controls.fail('follows.add', 'disk-full')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText('Not changed. The disk is full.')).toBeVisible()
  })

  /** Awa's profile, with what is known of how complete it is. */
  async function openAwa(said: Partial<ReturnType<Square['person']>>, language: 'en' | 'fr' = 'en') {
    const profile = fakePeerId('awa')
    const prepare: FakeAppInit['prepare'] = ({ square }) => void Object.assign(square().person(profile), said)
    return await openFakeApp({ path: `/profile/${profile}`, language, prepare })
  }

  it('says up to when everything is here, by the hour or by the day (BEA7)', async () => {
    const now = new Date()
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, 2)
    await openAwa({ completeAsOf: today.getTime() })
    await expect.element(page.getByText(/^Complete as of 12:02\sAM$|^Complete as of 0?0:02$/)).toBeVisible()
    await expect.element(page.getByText(/^\d+ posts; 2 peers said that they have nothing more$/)).toBeVisible()
  })

  it('names the day of what was last said, in French too (BEA7)', async () => {
    await openAwa({ completeAsOf: new Date(2024, 10, 1, 14, 2).getTime(), asked: 0 }, 'fr')
    await expect.element(page.getByText('Complet jusqu’au 1er nov. 2024 à 14\u00a0h\u00a002')).toBeVisible()
    await expect.element(page.getByText(/publications, lisibles sans connexion$/)).toBeVisible()
  })

  it('counts what is missing, and how many were asked for it (BEA7)', async () => {
    await openAwa({ missing: 12, asked: 3 })
    await expect.element(page.getByText('12 records missing, asked of 3 peers')).toBeVisible()
    await expect
      .element(page.getByText('What is missing comes by itself when somebody who holds it answers.'))
      .toBeVisible()
    expect(page.getByText(/^Complete as of/).query()).toBeNull()
  })

  it('counts one that is missing, in French too (BEA7)', async () => {
    await openAwa({ missing: 1, asked: 1 }, 'fr')
    await expect.element(page.getByText('Il manque 1 élément, demandé à 1 machine')).toBeVisible()
  })

  it('says no time where nothing is known of it', async () => {
    await openAwa({ completeAsOf: null })
    await expect.element(page.getByText('Everything known of this profile is here')).toBeVisible()
  })

  it('of an account that nobody has sent says so, and goes on looking for one that is followed', async () => {
    await openFakeApp({ path: `/profile/${STRANGER}` })
    await expect.element(page.getByText('Nobody reached so far knows this account.')).toBeVisible()
    await page.getByRole('main').getByRole('button', { name: 'Follow', exact: true }).click()
    await expect.element(page.getByRole('button', { name: 'Being looked for' })).toBeVisible()
  })

  it('is edited, and keeps what was typed when saving fails', async () => {
    const { controls } = await openFakeApp({ path: '/profile' })
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Inès C.')
    controls.fail('profiles.update', 'disk-full')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.element(page.getByText('Not saved. The disk is full.')).toBeVisible()
    await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Inès C.')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.element(page.getByRole('heading', { name: 'Inès C.', level: 2 })).toBeVisible()
  })

  it('without posts asks to speak', async () => {
    await openFakeApp({ sample: 'empty', path: '/profile' })
    await expect.element(page.getByText('You have not spoken yet.')).toBeVisible()
  })
})

describe('share sheet', () => {
  it('shows a code, the whole ID and the link, with and without addresses of seeds', async () => {
    await openFakeApp({ path: `/profile/${fakePeerId('awa')}` })
    await page.getByRole('button', { name: 'Share' }).click()
    const code = page.getByRole('img', { name: /QR code of the link to Awa Ndiaye/ })
    await expect.element(code).toBeVisible()
    const long = code.element().querySelector('path')?.getAttribute('d')
    await page.getByRole('switch').click()
    await expect.poll(() => code.element().querySelector('path')?.getAttribute('d')).not.toBe(long)
    const shown = page.getByRole('dialog').element().textContent?.replaceAll(' ', '')
    expect(shown).toContain(fakePeerId('awa'))
  })
})

describe('follow dialog', () => {
  it('refuses what is no address, and follows what is one', async () => {
    await openFakeApp()
    await page.getByRole('main').getByRole('button', { name: 'Follow somebody' }).click()
    const field = page.getByRole('textbox', { name: 'Peer ID or link' })
    await field.fill('12D3Koo not this')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText(/neither a peer ID nor a palabre: link/)).toBeVisible()
    await field.fill(` ${STRANGER.replaceAll(/(.{4})/g, '$1 ')}\n`)
    await expect.element(page.getByText(/^Address/)).toBeVisible()
    await userEvent.keyboard('{Enter}')
    // On a slow machine the search may be over already.
    await expect.element(page.getByRole('dialog').getByText(/^(Being looked for|Not found yet)$/)).toBeVisible()
  })

  it('does not follow oneself', async () => {
    const { square } = await openFakeApp()
    await page.getByRole('main').getByRole('button', { name: 'Follow somebody' }).click()
    await page.getByRole('textbox', { name: 'Peer ID or link' }).fill(`palabre:${square.me}`)
    await expect.element(page.getByText('This is your own address.')).toBeVisible()
  })
})

describe('search', () => {
  it('finds while somebody types, marks the words, and says how much was searched', async () => {
    await openFakeApp({ path: '/search' })
    const field = page.getByRole('main').getByRole('searchbox')
    await field.fill('tilleul')
    await expect.element(page.getByText(/of 40 on this computer/)).toBeVisible()
    expect(document.querySelector('article mark')?.textContent).toBe('tilleul')
    expect(location.hash).toBe('#/search/tilleul')
    await field.fill('100% citerne?')
    await expect.element(page.getByText('Nothing about “100% citerne?” here.')).toBeVisible()
    await expect.element(field).toHaveValue('100% citerne?')
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect.element(page.getByText('Search all posts of this computer.')).toBeVisible()
  })
})

describe.each(['light', 'dark'] as const)('in the %s theme axe finds nothing on', (theme) => {
  it.each([
    ['home', '/'],
    ['a thread', `/thread/${fakeRecordId('tilleul')}`],
    ['a deleted post', `/thread/${fakeRecordId('gone')}`],
    ['a profile', `/profile/${fakePeerId('awa')}`],
    ['found posts', '/search/tilleul'],
  ])('%s', async (_name, path) => {
    await openFakeApp({ theme, path, language: theme === 'dark' ? 'fr' : 'en' })
    await expect.element(page.getByRole('article').first()).toBeVisible()
    await settle()
    expect(await findFaults()).toEqual([])
  })

  it('the composer, empty and too long', async () => {
    await openFakeApp({
      theme,
      prepare: (controls) => void addPost(controls, 'axe', { text: 'https://tide.example/ ici' }),
    })
    await page.getByRole('button', { name: 'Write a post' }).first().click()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    await settle()
    expect(await findFaults()).toEqual([])
    await page.getByRole('textbox', { name: 'What do you have to say?' }).fill('é'.repeat(1_600))
    await expect.element(page.getByText('200 too long').first()).toBeVisible()
    await settle()
    expect(await findFaults()).toEqual([])
  })
})
