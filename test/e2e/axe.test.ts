import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectLocal } from '../../core/node/local-client.ts'
import { findAxeFaults } from '../harness/axe-faults.ts'
import { findChromium } from '../harness/chromium.ts'
import { noisePng } from '../harness/media/noise-png.ts'
import { type OpenedWindow, openOnNode } from '../harness/opened-window.ts'
import { type PersonWindow, says } from '../harness/person-window.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''

const START_TIMEOUT_MS = 240_000
const STEP_TIMEOUT_MS = 150_000
/** Nobody has this address. */
const STRANGER = '12D3KooWHHNkN1b3sVR4a1tVZ4LTFNxsWoYJYbUfDHzQDT7rD2uD'
const NO_POST = 'bafyreiacz7hdzpgmw6sbsxoxvssxvpehb3obmdi4yz7fjty5ukd2l5c5xm'

/** Every route and dialog of the window on a real node, in both themes. */
describe.skipIf(reason !== '')(`axe on the web UI${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let opened: OpenedWindow
  let person: PersonWindow
  let thread: string
  let deleted: string

  beforeAll(async () => {
    opened = await openOnNode('axe')
    person = opened.person
  }, START_TIMEOUT_MS)

  afterAll(() => opened?.close())

  const faults = (name: string) => findAxeFaults(person.page, name)
  const goTo = (route: string) => person.page.evaluate(`location.hash = ${JSON.stringify(route)}`)
  const closeDialog = async () => {
    await person.page.keyboard.press('Escape')
    await person.page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  it(
    'finds nothing on the first run and the empty square',
    async () => {
      const field = person.page.getByRole('textbox', { name: 'What are you called here?' })
      await person.button(/^I am new here/u).waitFor()
      const all = await faults('arrive')
      await person.button(/^I already have an account/u).click()
      await person.heading(says('onboarding.have.title')).waitFor()
      all.push(...(await faults('arrive with an account')))
      await person.button('Back').click()
      await person.button(/^I am new here/u).click()
      await field.waitFor()
      all.push(...(await faults('name')))
      await person.button('Sit down').click()
      await person.page.getByText('A name is needed').waitFor()
      all.push(...(await faults('arrive without a name')))
      await field.fill('Aya')
      await person.button('Sit down').click()
      await person.heading(says('onboarding.meet.title')).waitFor()
      all.push(...(await faults('meet')))
      await person.button('Enter the square').click()
      await person.page.getByText(says('home.emptyTitle')).waitFor()
      all.push(...(await faults('empty home')))
      await goTo('/profile')
      await person.page.getByText(says('profile.emptyOwnTitle')).waitFor()
      all.push(...(await faults('empty profile')))
      expect(all).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'finds nothing on the pages of a square with posts',
    async () => {
      const local = await connectLocal(opened.dataDir)
      try {
        const path = join(opened.root, 'noise.png')
        await writeFile(path, noisePng(64, 40))
        const described = await local.client.media.add({ path, alt: 'Coloured noise' })
        const bare = await local.client.media.add({ path, alt: '' })
        const media = [described, bare, bare]
        const first = await local.client.posts.create({ text: 'Three pictures, https://example.org/path', media })
        const author = (await local.client.account.get()).profile
        thread = first.id
        const reply = { author, id: thread }
        await local.client.posts.create({ text: 'An answer in French : déjà.', lang: 'fr', reply })
        await local.client.reactions.add({ id: thread, emoji: '❤' })
        deleted = (await local.client.posts.create({ text: 'Said too early.', reply })).id
        await local.client.posts.delete({ id: deleted })
        await local.client.follows.add({ profile: STRANGER })
      } finally {
        await local.close()
      }
      const all: string[] = []
      for (const [name, route, sign] of [
        ['home', '/', 'Three pictures'],
        ['thread', `/thread/${thread}`, 'An answer'],
        ['thread of a deleted post', `/thread/${deleted}`, 'Deleted by its author'],
        ['thread that is not here', `/thread/${NO_POST}`, says('thread.failedTitle')],
        ['own profile', '/profile', says('profile.you')],
        ['profile that is looked for', `/profile/${STRANGER}`, says('profile.unknownTitle')],
        ['search', '/search', says('search.startTitle')],
        ['found', '/search/pictures', 'Three'],
        ['not found', '/search/lighthouse', 'Nothing about'],
        ['network', '/network', says('network.title')],
        ['settings', '/settings', says('settings.singleKeys')],
        ['words', '/settings/words', says('words.intro.title')],
        ['no such page', '/nowhere', says('gate.lostPage.title')],
      ] as const) {
        await goTo(route)
        await person.page.getByRole('main').getByText(sign).first().waitFor()
        all.push(...(await faults(name)))
      }
      expect(all).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'finds nothing on dialogs, menus and sheets',
    async () => {
      const all: string[] = []
      await goTo('/')
      await person.button('Write a post').first().click()
      await person.page.locator('input[type=file]').setInputFiles({
        name: 'noise.png',
        mimeType: 'image/png',
        buffer: Buffer.from(noisePng(64, 40)),
      })
      await person.page.getByRole('textbox', { name: 'Describe this picture' }).waitFor()
      all.push(...(await faults('composer')))
      await closeDialog()
      await person.page.locator('article').getByRole('button', { name: 'More' }).first().click()
      await person.page.getByRole('menu').waitFor()
      all.push(...(await faults('menu')))
      await person.page.getByRole('menuitem', { name: 'Delete' }).click()
      await person.button('Delete the post').waitFor()
      all.push(...(await faults('delete')))
      await closeDialog()
      await person.page
        .getByRole('button', { name: /^Open picture/u })
        .first()
        .click()
      await person.page.getByRole('dialog').waitFor()
      all.push(...(await faults('viewer')))
      await closeDialog()
      await person.button('Follow somebody').first().click()
      await person.page.getByRole('textbox', { name: 'Peer ID or link' }).fill('nobody')
      await person.page.keyboard.press('Enter')
      await person.page.getByRole('alert').waitFor()
      all.push(...(await faults('follow')))
      await closeDialog()
      await goTo('/profile')
      await person.button('Share').click()
      await person.heading(says('share.titleOwn')).waitFor()
      all.push(...(await faults('share')))
      await closeDialog()
      await person.button('Edit').click()
      await person.heading(says('profile.editTitle')).waitFor()
      all.push(...(await faults('edit')))
      await closeDialog()
      await person.page.keyboard.press('?')
      await person.heading(says('help.title')).waitFor()
      all.push(...(await faults('help')))
      await closeDialog()
      expect(all).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'looks at what fades in or away as it is when it has done so',
    async () => {
      const { page } = person
      await page.evaluate(`document.querySelector('main').animate({ opacity: [0.35, 1] }, 600_000) && null`)
      expect(await faults('fading')).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'finds nothing on a narrow window in French',
    async () => {
      const all: string[] = []
      await goTo('/settings')
      await person.page.getByText('Français', { exact: true }).click()
      await person.heading('Réglages').waitFor()
      await person.page.setViewportSize({ width: 390, height: 844 })
      all.push(...(await faults('settings')))
      for (const [name, route, sign] of [
        ['home', '/', 'Three pictures'],
        ['thread', `/thread/${thread}`, 'An answer'],
        ['network', '/network', 'Réseau'],
      ] as const) {
        await goTo(route)
        await person.page.getByRole('main').getByText(sign).first().waitFor()
        all.push(...(await faults(`narrow ${name}`)))
      }
      expect(all).toEqual([])
      expect(person.problems).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )
})
