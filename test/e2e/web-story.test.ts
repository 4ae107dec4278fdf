import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { buildRenderer } from '../../scripts/build.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { paintPhotograph } from '../harness/media/photograph.ts'
import { GPS_LATITUDE } from '../harness/media/pictures.ts'
import { PersonWindow, RealNode, says } from '../harness/person-window.ts'
import { createStory } from '../harness/story.ts'
import { eventually } from '../harness/wait.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''

const START_TIMEOUT_MS = 240_000
const STEP_TIMEOUT_MS = 150_000

const WORDS = 'The lamp on the pier burns again since seven.'
const ALT = 'A red gauge in front of a hill, under an orange sky'
const ANSWER = 'I saw it from the ferry, and waved.'
const PLACE = Buffer.from(GPS_LATITUDE)
const DRAFT = 'Written while the node was being killed.'

/**
 * The main story in the window itself: two people in two browsers, on two nodes that know only the seed. The steps
 * stand on one another, so the first that fails ends the story.
 */
describe.skipIf(reason !== '')(`the story in the web UI${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let root: string
  let browser: Browser
  let seed: RealNode
  let ayaNode: RealNode
  let nourNode: RealNode
  let aya: PersonWindow
  let nour: PersonWindow
  let ayaLink: string
  let origin: string
  let ayaProfile: string

  const step = createStory({ windows: () => [aya, nour].filter(Boolean), timeoutMs: STEP_TIMEOUT_MS })

  beforeAll(async () => {
    await buildRenderer()
    root = await mkdtemp(join(tmpdir(), 'palabre-story-'))
    browser = await launchBrowser()
    seed = new RealNode(join(root, 'seed'), ['seed'])
    const seedAddress = (await seed.start()).ready.addresses[0] as string
    ayaNode = new RealNode(join(root, 'aya'), ['start', '--peer', seedAddress])
    nourNode = new RealNode(join(root, 'nour'), ['start', '--peer', seedAddress])
    const [ayaHost, nourHost] = await Promise.all([ayaNode.start(), nourNode.start()])
    aya = await PersonWindow.open({ browser, album: 'web-story' })
    nour = await PersonWindow.open({ browser, album: 'web-story' })
    ayaLink = ayaHost.ready.url as string
    origin = new URL(ayaLink).origin
    await aya.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
    await Promise.all([aya.page.goto(ayaLink), nour.page.goto(nourHost.ready.url as string)])
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([ayaNode, nourNode, seed].map((node) => node?.kill()))
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  })

  step('begins with a name, in both windows', async () => {
    for (const [person, name] of [
      [aya, 'Aya'],
      [nour, 'Nour'],
    ] as const) {
      await person.button(/^I am new here/u).waitFor()
      await person.photograph(`01-arrive-${name}`)
      await person.button(/^I am new here/u).click()
      await person.page.getByRole('textbox', { name: 'What are you called here?' }).fill(name)
      await person.button('Sit down').click()
      await person.heading(says('onboarding.meet.title')).waitFor()
      await person.photograph(`02-meet-${name}`)
      await person.button('Enter the square').click()
      await person.page.getByText(says('home.emptyTitle')).waitFor()
      await person.photograph(`03-empty-home-${name}`)
    }
  })

  step('gives the peer ID and the link away in the share sheet', async () => {
    await aya.goTo('Profile')
    await aya.button('Share').click()
    await aya.heading(says('share.titleOwn')).waitFor()
    await aya.photograph('04-share-sheet')
    const copied = async (name: string) => {
      await aya.button(name).click()
      return eventually('the clipboard', () => aya.page.evaluate('navigator.clipboard.readText()') as Promise<string>)
    }
    ayaProfile = await copied('Copy ID')
    expect(ayaProfile).toMatch(/^12D3Koo[1-9A-HJ-NP-Za-km-z]{45}$/u)
    await eventually('the link in the clipboard', async () => (await copied('Copy link')).startsWith('palabre:'))
    expect(await copied('Copy link')).toContain(`palabre:${ayaProfile}`)
    await aya.button('Close').first().click()
    await aya.goTo('Home')
  })

  step('follows by that peer ID in the follow dialog', async () => {
    await nour.button('Follow somebody').first().click()
    await nour.page.getByRole('textbox', { name: 'Peer ID or link' }).fill(ayaProfile)
    await nour.photograph('05-follow-dialog')
    await nour.page.getByRole('dialog').getByRole('button', { name: 'Follow', exact: true }).click()
    await nour.heading('You follow Aya').waitFor()
    await nour.photograph('06-followed')
    await nour.button('Done').click()
  })

  step('posts with a picture, and nothing of its place reaches the reader', async () => {
    const photograph = await paintPhotograph(aya.page)
    expect(photograph.includes(PLACE)).toBe(true)
    await aya.button('Write a post').first().click()
    await aya.page.getByRole('textbox', { name: 'What do you have to say?' }).fill(WORDS)
    await aya.page.locator('input[type=file]').setInputFiles({
      name: 'pier.jpg',
      mimeType: 'image/jpeg',
      buffer: photograph,
    })
    await aya.page.getByRole('textbox', { name: 'Describe this picture' }).fill(ALT)
    await aya.photograph('07-composer')
    await aya.page.getByRole('dialog').getByRole('button', { name: /^Post/u }).click()
    await aya.post(WORDS).waitFor()
    await aya.photograph('08-posted')

    await nour
      .post(WORDS)
      .or(nour.button(/new post/u))
      .first()
      .waitFor()
    if (await nour.button(/new post/u).isVisible()) await nour.button(/new post/u).click()
    const picture = nour
      .post(WORDS)
      .getByRole('button', { name: new RegExp(ALT, 'u') })
      .locator('img')
      .last()
    await eventually('the picture', () =>
      picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
    )
    await nour.photograph('09-arrived')
    const src = (await picture.getAttribute('src')) as string
    const served = await nour.context.request.get(new URL(src, nour.page.url()).href)
    expect(served.status()).toBe(200)
    expect(served.headers()['content-type']).toMatch(/^image\/(webp|jpeg|png)$/u)
    const bytes = await served.body()
    for (const secret of ['Exif', 'SECRET-CAMERA', PLACE]) expect(bytes.includes(secret)).toBe(false)
  })

  step('answers, reacts and reposts, and the author sees all three', async () => {
    const post = nour.post(WORDS)
    await post.getByRole('button', { name: 'React', exact: true }).click()
    await post.getByRole('button', { name: 'Repost', exact: true }).click()
    await nour.page.getByRole('menuitem', { name: says('post.repostNow') }).click()
    await post.getByRole('button', { name: 'Reply', exact: true }).click()
    await nour.page.getByRole('textbox', { name: 'Reply to Aya' }).fill(ANSWER)
    await nour.photograph('10-reply')
    await nour.page.keyboard.press('Control+Enter')
    await nour.page.getByRole('dialog').waitFor({ state: 'detached' })

    const own = aya.post(WORDS)
    for (const name of [/^Reply, 1/u, /^Repost, 1/u, /^React, 1/u]) await own.getByRole('button', { name }).waitFor()
    await own.getByText(WORDS).click()
    await aya.heading('Thread').waitFor()
    // Nour is a stranger to her: the answer is folded until she asks for it.
    const thread = aya.page.getByRole('region', { name: says('thread.feed') })
    await thread.getByRole('button', { name: says('thread.showStrangers'), exact: true }).click()
    await aya.post(ANSWER).waitFor()
    await aya.photograph('11-thread')
  })

  const told = (person: PersonWindow, words: string) =>
    person.page.locator('article[data-notification]').filter({ hasText: words })

  step('tells both what was said to them, of people they don’t follow without a number', async () => {
    await aya.post(ANSWER).getByRole('button', { name: 'React', exact: true }).click()
    await nour.page
      .getByRole('link', { name: /^Notifications 1 new$/u })
      .first()
      .click()
    await told(nour, 'Aya reacted to your post').getByText(says('notifications.fresh')).waitFor({ state: 'attached' })
    await nour.photograph('11a-notified')
    await aya.goTo('Notifications')
    await aya.page.getByText(says('notifications.strangersLine')).waitFor()
    await aya.page.getByRole('main').getByRole('button', { name: 'Show', exact: true }).click()
    for (const words of [ANSWER, 'Nour reacted to your post', 'Nour reposted your post', 'Nour follows you']) {
      await told(aya, words).waitFor()
    }
    await aya.photograph('11b-strangers')
  })

  step('finds the post by a word of it', async () => {
    await nour.goTo('Search')
    await nour.page.getByRole('main').getByRole('searchbox').fill('lamp pier')
    await nour.post(WORDS).waitFor()
    await nour.photograph('12-found')
  })

  step('shows the words of recovery once, asks for three and erases them', async () => {
    await aya.goTo('Home')
    await aya.photograph('13-nudge')
    await aya.button('Show the words').click()
    await aya.page.getByText(says('words.intro.title')).waitFor()
    await aya.photograph('14-words-intro')
    await aya.button('Show the words').click()
    const items = aya.page.getByRole('main').locator('ol > li')
    await items.first().waitFor()
    const words = (await items.allTextContents()).map((item) => item.replace(/\d+/gu, '').trim())
    expect(words).toHaveLength(24)
    await aya.button('I have written them down').click()
    const fields = aya.page.getByRole('textbox', { name: /^Word \d+$/u })
    await fields.first().waitFor()
    expect(await fields.count()).toBe(3)
    await fields.first().fill('wrong')
    for (const field of (await fields.all()).slice(1)) await field.fill('wrong')
    await aya.button('Confirm').click()
    await aya.page.getByText(says('words.check.wrong')).waitFor()
    for (const field of await fields.all()) {
      const label = await field.evaluate(
        (node) => (node as unknown as { labels: { textContent: string }[] }).labels[0]?.textContent,
      )
      await field.fill(words[Number(/\d+/u.exec(label ?? '')?.[0]) - 1] as string)
    }
    await aya.photograph('15-words-check')
    await aya.button('Confirm').click()
    await aya.page.getByText(says('words.done.title')).waitFor()
    await aya.photograph('16-words-done')
    await aya.page.reload()
    await aya.page.getByText(says('words.gone.title')).waitFor()
  })

  step('deletes the post, and its text is gone at the reader', async () => {
    await aya.goTo('Home')
    await aya.post(WORDS).getByRole('button', { name: 'More' }).click()
    await aya.page.getByRole('menuitem', { name: 'Delete' }).click()
    await aya.photograph('17-delete')
    await aya.button('Delete the post').click()
    await aya.page.getByText(WORDS).waitFor({ state: 'detached' })
    await aya.page.getByText(says('post.deletedToast')).waitFor()
    await aya.photograph('18-deleted')

    await nour.page.getByRole('searchbox').first().fill('pier')
    await nour.page.getByText('Nothing about “pier” here.').waitFor()
    await nour.photograph('19-not-found')
    await nour.goTo('Home')
    await nour.post(ANSWER).waitFor()
    await nour.page.getByText(WORDS).waitFor({ state: 'detached' })
    await nour.photograph('20-home-after')
    await nour.post(ANSWER).getByText(ANSWER).click()
    await nour.page.getByText('Deleted by its author').first().waitFor()
    expect(await nour.page.getByText(WORDS).count()).toBe(0)
    await nour.photograph('21-thread-after')
  })

  step('keeps language and theme over a reload, and the session with them', async () => {
    await aya.goTo('Settings')
    await aya.page.getByText('Français', { exact: true }).click()
    await aya.heading('Réglages').waitFor()
    await aya.page.getByText('Sombre', { exact: true }).click()
    const root = () => aya.page.locator('html')
    await eventually('the dark theme', async () => (await root().getAttribute('data-theme')) === 'dark')
    await aya.page.reload()
    await aya.heading('Réglages').waitFor()
    expect(await root().getAttribute('data-theme')).toBe('dark')
    expect(await root().getAttribute('lang')).toBe('fr')
    await aya.photograph('22-dark-french')
  })

  step('refuses the one-time link a second time', async () => {
    const stranger = await PersonWindow.open({ browser, album: 'web-story' })
    const response = await stranger.page.goto(ayaLink)
    expect(response?.status()).toBe(403)
    await stranger.photograph('23-link-used')
    await stranger.page.goto(origin)
    await eventually('no square', async () => (await stranger.page.getByText('Aya').count()) === 0)
    await stranger.close()
  })

  step('says that the node died, goes on after its return, and has kept the draft', async () => {
    await nour.goTo('Home')
    await nour.button('Write a post').first().click()
    const field = nour.page.getByRole('textbox', { name: 'What do you have to say?' })
    await field.fill(DRAFT)
    const lost = nour.page.getByText('The program on this computer has stopped answering.')
    await nour.withoutNode(async () => {
      await nourNode.kill()
      await lost.waitFor()
      await nour.photograph('24-node-died')
      await nourNode.start()
      await lost.waitFor({ state: 'detached' })
    })
    expect(await field.inputValue()).toBe(DRAFT)
    await nour.page.reload()
    await nour.button('Write a post').first().click()
    expect(await field.inputValue()).toBe(DRAFT)
    await nour.photograph('25-draft-kept')
    await nour.page.keyboard.press('Control+Enter')
    await nour.post(DRAFT).waitFor()
    await nour.photograph('26-posted-after')
    // What was read before the node died is not told again.
    await nour.goTo('Notifications')
    await told(nour, 'Aya reacted to your post').waitFor()
    expect(await nour.page.getByText(says('notifications.fresh')).count()).toBe(0)
  })

  step('has not once complained on the console', async () => {
    expect(aya.problems).toEqual([])
    expect(nour.problems).toEqual([])
  })
})
