import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { buildRenderer } from '../../scripts/build.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { PersonWindow, RealNode, says } from '../harness/person-window.ts'
import { createStory } from '../harness/story.ts'
import { eventually } from '../harness/wait.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''
const START_TIMEOUT_MS = 180_000
const STEP_TIMEOUT_MS = 180_000

const BREAD = 'The oven is lit: rye at noon, wheat at four.'
const BREAD_EDITED = 'The oven is lit: rye at noon, wheat at five.'
const QUOTE = 'This is why I live on this street.'
const ENDING = 'It was the ferryman all along.'
const WARNING = 'The end of the book'
const STRANGE = 'I pass by every Thursday. Keep one for me?'
const SPOILER = 'The heron of chapter nine was the lighthouse keeper.'

/**
 * What people do on a square once they live there, between three people in three browsers on three nodes that know only
 * a seed. The steps stand on one another.
 */
describe.skipIf(reason !== '')(`living on the square${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let root: string
  let browser: Browser
  const nodes: RealNode[] = []
  let aya: PersonWindow
  let nour: PersonWindow
  let tom: PersonWindow
  let ayaProfile: string

  const windows = () => [aya, nour, tom].filter(Boolean)
  const step = createStory({ windows, timeoutMs: STEP_TIMEOUT_MS })

  beforeAll(async () => {
    await buildRenderer()
    root = await mkdtemp(join(tmpdir(), 'palabre-living-'))
    browser = await launchBrowser()
    const seed = new RealNode(join(root, 'seed'), ['seed'])
    nodes.push(seed)
    const address = (await seed.start()).ready.addresses[0] as string
    const sit = async (name: string) => {
      const node = new RealNode(join(root, name), ['start', '--peer', address])
      nodes.push(node)
      const { ready } = await node.start()
      const window = await PersonWindow.open({ browser, album: 'living' })
      await window.page.goto(ready.url as string)
      await window.button(/^I am new here/u).click()
      await window.page.getByRole('textbox', { name: 'What are you called here?' }).fill(name)
      await window.button('Sit down').click()
      await window.button('Enter the square').click()
      await window.heading('Home').waitFor()
      return window
    }
    ;[aya, nour, tom] = await Promise.all([sit('Aya'), sit('Nour'), sit('Tom')])
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    await browser?.close()
    await Promise.all(nodes.map((node) => node.kill()))
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  })

  const write = async (person: PersonWindow, words: string) => {
    await person.button('Write a post').first().click()
    await person.page.getByRole('textbox', { name: says('composer.placeholder') }).fill(words)
    await person.page.keyboard.press('Control+Enter')
    await person.page.getByRole('dialog').waitFor({ state: 'detached' })
    await person.post(words).first().waitFor()
  }
  /** New posts stand behind the pill where somebody reads. */
  const arrives = async (person: PersonWindow, words: string) => {
    const pill = person.button(/new post/u)
    await person.post(words).or(pill).first().waitFor()
    if ((await person.post(words).count()) === 0) await pill.click()
    await person.post(words).first().waitFor()
  }
  /** Not the quote of it, which says the same words below its own. */
  const card = (person: PersonWindow, words: string) => person.post(words).filter({ hasNotText: QUOTE }).first()
  const openMenu = async (person: PersonWindow, words: string, item: RegExp | string) => {
    await person
      .post(words)
      .first()
      .getByRole('button', { name: says('post.more'), exact: true })
      .click()
    await person.page.getByRole('menuitem', { name: item }).click()
  }

  step('follows by a link, and reads what is written afterwards', async () => {
    await aya.goTo('Profile')
    await aya.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(aya.page.url()).origin,
    })
    await aya.button('Share').click()
    await aya.button('Copy ID').click()
    ayaProfile = await eventually('the address in the clipboard', async () => {
      const copied = (await aya.page.evaluate('navigator.clipboard.readText()')) as string
      return copied.startsWith('12D3Koo') ? copied : null
    })
    await aya.button('Close').first().click()
    await aya.goTo('Home')
    await nour.button('Follow somebody').first().click()
    await nour.page.getByRole('textbox', { name: 'Peer ID or link' }).fill(`palabre:${ayaProfile}`)
    await nour.page.getByRole('dialog').getByRole('button', { name: 'Follow', exact: true }).click()
    await nour.heading('You follow Aya').waitFor()
    await nour.button('Done').click()
    await write(aya, BREAD)
    await arrives(nour, BREAD)
  })

  step('quotes, and the author is told and can read the quote', async () => {
    await card(nour, BREAD).getByRole('button', { name: 'Repost', exact: true }).click()
    await nour.page.getByRole('menuitem', { name: says('post.quote') }).click()
    await nour.page.getByRole('dialog').getByRole('textbox').first().fill(QUOTE)
    await nour.page.keyboard.press('Control+Enter')
    await nour.page.getByRole('dialog').waitFor({ state: 'detached' })
    await aya.goTo('Notifications')
    await aya.page.getByRole('main').getByRole('button', { name: 'Show', exact: true }).click()
    const told = aya.page.locator('article[data-notification]').filter({ hasText: QUOTE })
    await told.waitFor()
    await told.getByText(QUOTE).click()
    await aya.heading('Thread').waitFor()
    await aya.post(QUOTE).getByText(BREAD).waitFor()
    await aya.photograph('01-quoted')
  })

  step('edits in the open: the reader sees the new words, and what changed', async () => {
    await aya.goTo('Home')
    await openMenu(aya, BREAD, says('post.edit'))
    const field = aya.page.getByRole('dialog').getByRole('textbox').first()
    await field.fill(BREAD_EDITED)
    await aya.page.keyboard.press('Control+Enter')
    await card(aya, BREAD_EDITED).waitFor()
    await nour.goTo('Home')
    const post = card(nour, BREAD_EDITED)
    await post.waitFor()
    await post
      .getByRole('button', { name: says('post.history.open') })
      .first()
      .click()
    await nour.heading(says('post.history.title')).waitFor()
    await nour.page.getByRole('dialog').getByText(BREAD, { exact: true }).waitFor()
    await nour.photograph('02-history')
    await nour.page.keyboard.press('Escape')
  })

  step('calls somebody by a name of one’s own, everywhere', async () => {
    await nour.visit(`/profile/${ayaProfile}`)
    await nour.button(/^More about Aya/u).click()
    await nour.page.getByRole('menuitem', { name: says('people.petname.give') }).click()
    await nour.page.getByRole('textbox', { name: says('people.petname.field') }).fill('The baker')
    await nour.button(says('people.petname.save')).click()
    await nour.page.getByRole('heading', { name: 'The baker', level: 1 }).waitFor()
    await nour.page.getByText('calls themselves Aya').waitFor()
    await nour.page.getByText('1 post', { exact: true }).waitFor()
    await nour.photograph('03-petname')
    await nour.goTo('Home')
    await card(nour, BREAD_EDITED).getByText('The baker').first().waitFor()
    await eventually('only that name', async () => (await nour.page.getByText('Aya', { exact: true }).count()) === 0)
    expect(await tom.page.getByText('The baker').count()).toBe(0)
  })

  step('warns of what a post shows, and nobody reads it unasked', async () => {
    await aya.button('Write a post').first().click()
    const composer = aya.page.getByRole('dialog')
    await composer.getByRole('textbox', { name: says('composer.placeholder') }).fill(ENDING)
    await composer.getByRole('button', { name: says('composer.warn') }).click()
    await composer.getByRole('textbox', { name: says('composer.warning') }).fill(WARNING)
    await aya.photograph('08-warning')
    await aya.page.keyboard.press('Control+Enter')
    await composer.waitFor({ state: 'detached' })
    await nour.goTo('Home')
    await arrives(nour, WARNING)
    const post = nour.post(WARNING).first()
    expect(await nour.page.getByText(ENDING).count()).toBe(0)
    await nour.photograph('09-warned')
    await post.getByRole('button', { name: says('post.warned.show') }).click()
    await post.getByText(ENDING).waitFor()
  })

  step('reacts with a sign of one’s own, which the author sees', async () => {
    await card(nour, BREAD_EDITED)
      .getByRole('button', { name: says('post.pick') })
      .click()
    await nour.photograph('10-signs')
    await nour.button(/^React with 🎉/u).click()
    await aya.goTo('Home')
    await card(aya, BREAD_EDITED).getByText('🎉').first().waitFor()
    await aya.photograph('11-reacted')
  })

  step('takes a deletion back within its ten seconds', async () => {
    await openMenu(aya, BREAD_EDITED, says('post.delete'))
    await aya.button(says('post.deleteConfirm')).click()
    await card(aya, BREAD_EDITED).waitFor({ state: 'detached' })
    await aya.photograph('12-undo')
    await aya.button(/^Undo/u).click()
    await card(aya, BREAD_EDITED).waitFor()
  })

  step('reads in a thread what a stranger answers, and the author is told', async () => {
    const id = await eventually('the post by its name', () => card(aya, BREAD_EDITED).getAttribute('data-post'))
    await tom.visit(`/thread/${id}`)
    await card(tom, BREAD_EDITED).getByRole('button', { name: 'Reply', exact: true }).click()
    await tom.page.getByRole('textbox', { name: 'Reply to Aya' }).first().fill(STRANGE)
    await tom.page.keyboard.press('Control+Enter')
    await tom.post(STRANGE).waitFor()
    await aya.goTo('Notifications')
    const strangers = aya.page.getByRole('main').getByRole('radio', { name: 'Not followed' })
    await strangers.check({ force: true })
    await aya.page.locator('article[data-notification]').filter({ hasText: STRANGE }).waitFor()
    await nour.visit(`/thread/${id}`)
    await nour.page.getByText('1 reply by somebody you don’t know').waitFor()
    await nour.photograph('13-strangers-folded')
    expect(await nour.page.getByText(STRANGE).count()).toBe(0)
    await nour.page
      .getByRole('main')
      .getByRole('button', { name: says('thread.showStrangers'), exact: true })
      .click()
    await nour.post(STRANGE).waitFor()
    expect(await nour.page.getByText('Tom', { exact: true }).count()).toBeGreaterThan(0)
    await nour.photograph('14-stranger-answers')
    await nour.goTo('Home')
  })

  step('mutes a word: what says it is gone from home and search until it is no longer muted', async () => {
    await aya.goTo('Home')
    await write(aya, SPOILER)
    await arrives(nour, SPOILER)
    await nour.visit('/settings/silenced/words')
    await nour.page.getByRole('textbox', { name: says('mutedWords.word') }).fill('heron')
    await nour.button(says('mutedWords.addNow')).click()
    await nour.button(/^Remove .heron/u).waitFor()
    await nour.photograph('04-muted-word')
    await nour.goTo('Home')
    await card(nour, BREAD_EDITED).waitFor()
    await card(nour, SPOILER).waitFor({ state: 'detached' })
    await nour.goTo('Search')
    await nour.page.getByRole('main').getByRole('searchbox').fill('lighthouse')
    await nour.page.getByText('Nothing about “lighthouse” here.').waitFor()
    await nour.visit('/settings/silenced/words')
    await nour.button(/^Remove .heron/u).click()
    await nour.page.getByText(says('mutedWords.emptyTitle')).waitFor()
    await nour.goTo('Home')
    await arrives(nour, SPOILER)
  })

  step('mutes a person everywhere, and brings them back', async () => {
    await openMenu(nour, SPOILER, 'Mute The baker')
    await card(nour, SPOILER).waitFor({ state: 'detached' })
    await nour.goTo('Search')
    await nour.page.getByRole('main').getByRole('searchbox').fill('oven')
    await nour.page.getByText('Nothing about “oven” here.').waitFor()
    await nour.visit('/settings/silenced')
    await nour.photograph('05-muted-person')
    await nour
      .button(/Show again|The baker/u)
      .last()
      .click()
    await nour.goTo('Home')
    await arrives(nour, SPOILER)
  })

  step('blocks: neither sees the other, whoever is told the address', async () => {
    await tom.goTo('Home')
    await tom.button('Follow somebody').first().click()
    await tom.page.getByRole('textbox', { name: 'Peer ID or link' }).fill(ayaProfile)
    await tom.page.getByRole('dialog').getByRole('button', { name: 'Follow', exact: true }).click()
    await tom.heading('You follow Aya').waitFor()
    await tom.button('Done').click()
    await arrives(tom, BREAD_EDITED)
    await openMenu(tom, BREAD_EDITED, /^Block Aya/u)
    await tom.photograph('06-block')
    await tom.page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
    await card(tom, BREAD_EDITED).waitFor({ state: 'detached' })
    await tom.visit(`/profile/${ayaProfile}`)
    await tom.page.getByText('You have blocked Aya.').waitFor()
    await tom.photograph('07-blocked')
  })

  step('has not once complained on the console', async () => {
    for (const window of windows()) expect(window.problems).toEqual([])
  })
})
