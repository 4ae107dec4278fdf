import { join } from 'node:path'
import type { PersonKey } from '../demo/community.ts'
import type { SquareProcess } from '../demo/square-process.ts'
import { ALL_VIEWS, type Camera, FEW_VIEWS, type Language, type View } from './camera.ts'
import type { PhotoSquare } from './square.ts'

export interface ScreenContext {
  readonly camera: Camera
  readonly square: PhotoSquare
  /** A node on which nobody has an account at first. */
  readonly newcomer: SquareProcess
}

type Screens = Readonly<Record<string, (context: ScreenContext) => Promise<void>>>

const PICTURE = join(import.meta.dirname, '..', 'demo', 'pictures', 'square.webp')
const TALL_PX = 2_600
/** A node goes on dialling for a while before it says that it is offline. */
const OFFLINE_TIMEOUT_MS = 120_000
const MIDDLE_VIEWS: readonly View[] = [...FEW_VIEWS, { theme: 'dark', width: 1280 }, { theme: 'light', width: 800 }]

/** Words by which the buttons are found in both languages. */
const WORDS = {
  share: /^(Share|Partager)$/u,
  write: /^(Write a post|Écrire)$/u,
  follow: /^(Follow somebody|Suivre quelqu’un)$/u,
  more: /^(More|Plus)/u,
  edit: /^(Edit|Modifier)$/u,
  reply: /^(Reply|Répondre)/u,
  showWords: /^(Show the words|Voir les mots)$/u,
  written: /^(I have written them down|Ils sont notés)$/u,
  enter: /^(Enter the square|Entrer sur la place)$/u,
  keys: /^(Show|Afficher)$/u,
  newHere: /^(I am new here|C’est ma première fois)/u,
  back: /^(Back|Retour)$/u,
  newPosts: /new post|nouvelle/u,
} as const

const TEXTS: Record<Language, { draft: string; alt: string; found: string; empty: string; late: string }> = {
  en: {
    draft: 'Four chairs under the lime tree, and nobody has claimed the good one yet.',
    alt: 'The village square with a large lime tree and four empty chairs under it',
    found: 'citerne',
    empty: 'lighthouse',
    late: 'The lamp at the end of the pier burns again.',
  },
  fr: {
    draft: 'Quatre chaises sous le tilleul, et la bonne est encore libre.',
    alt: 'La place du village, un grand tilleul et quatre chaises vides dessous',
    found: 'marée',
    empty: 'phare',
    late: 'Le cahier de 1954 est relié ; il sent encore la colle.',
  },
}

const button = (camera: Camera, name: RegExp) => camera.page.getByRole('button', { name })
const dialog = (camera: Camera) => camera.page.getByRole('dialog')
const articles = (camera: Camera) => camera.page.locator('article[data-post]')

async function home(camera: Camera): Promise<void> {
  await camera.goTo('/')
  await articles(camera).first().waitFor()
  await camera.page.evaluate('scrollTo(0, 0)')
}

async function closeDialog(camera: Camera): Promise<void> {
  await camera.page.keyboard.press('Escape')
  await dialog(camera).waitFor({ state: 'detached' })
}

async function openPost(camera: Camera, id: string): Promise<void> {
  await camera.goTo(`/thread/${id}`)
  await camera.page.locator(`article[data-post="${id}"]`).waitFor()
}

/** The first post at home that holds these words. */
async function idOf(square: PhotoSquare, words: string): Promise<string> {
  const { items } = await square.person('solene').client.timeline.home({ limit: 100 })
  const post = items.find(({ text }) => text.includes(words))
  if (post === undefined) throw new Error(`no post says "${words}"`)
  return post.id
}

/** Writes through somebody's node and waits until the photographed node has it. */
async function arrive(square: PhotoSquare, who: PersonKey, text: string, lang: Language): Promise<string> {
  const { id } = await square.person(who).client.posts.create({ text, lang })
  await square.until(id, 'shown')
  return id
}

export const SCREENS: Screens = {
  async home({ camera }) {
    await home(camera)
    await camera.shoot('home', ALL_VIEWS)
    await camera.shoot(
      'home-full',
      [
        { theme: 'light', width: 1280 },
        { theme: 'dark', width: 390 },
      ],
      TALL_PX,
    )
  },
  async thread({ camera, square }) {
    await openPost(camera, await idOf(square, 'First light on the low-water mark'))
    await articles(camera).nth(3).waitFor()
    await camera.shoot('thread', ALL_VIEWS)
    await camera.shoot('thread-full', FEW_VIEWS, TALL_PX)
  },
  async 'thread-reply'({ camera, square }) {
    await openPost(camera, await idOf(square, 'Samedi. Je fais du café'))
    await camera.shoot('thread-reply')
  },
  async pill({ camera, square }) {
    await home(camera)
    await camera.page.evaluate('scrollTo(0, 500)')
    for (const who of ['hollis', 'noor'] as const) {
      await arrive(square, who, TEXTS[camera.language].late, camera.language)
    }
    await button(camera, WORDS.newPosts).waitFor()
    await camera.shoot('home-pill', MIDDLE_VIEWS)
    await button(camera, WORDS.newPosts).click()
  },
  async 'profile-own'({ camera }) {
    await camera.goTo('/profile')
    await articles(camera).first().waitFor()
    await camera.shoot('profile-own', MIDDLE_VIEWS)
    await button(camera, WORDS.edit).click()
    await camera.shoot('profile-edit')
    await closeDialog(camera)
  },
  async 'profile-other'({ camera, square }) {
    await camera.goTo(`/profile/${square.person('maelle').ready.profile}`)
    await articles(camera).first().waitFor()
    await camera.shoot('profile-other', MIDDLE_VIEWS)
    await button(camera, WORDS.share).click()
    await dialog(camera).locator('svg[role=img]').waitFor()
    await camera.shoot('share', MIDDLE_VIEWS)
    await closeDialog(camera)
  },
  async composer({ camera }) {
    const text = TEXTS[camera.language]
    await home(camera)
    await button(camera, WORDS.write).first().click()
    await camera.shoot('composer-empty')
    await dialog(camera).getByRole('textbox').first().fill(text.draft)
    await dialog(camera).locator('input[type=file]').setInputFiles(PICTURE)
    await dialog(camera).locator('img[src^="blob:"]').waitFor()
    await camera.shoot('composer-undescribed')
    await dialog(camera).getByRole('textbox').nth(1).fill(text.alt)
    await camera.shoot('composer', MIDDLE_VIEWS)
    await dialog(camera).getByRole('textbox').first().fill(text.draft.repeat(60))
    await camera.shoot('composer-long')
    await dialog(camera).getByRole('textbox').first().fill('')
    await closeDialog(camera)
    await articles(camera).nth(1).getByRole('button', { name: WORDS.reply }).click()
    await camera.shoot('composer-reply')
    await closeDialog(camera)
  },
  async search({ camera }) {
    const text = TEXTS[camera.language]
    await camera.goTo('/search')
    await camera.shoot('search-start')
    await camera.goTo(`/search/${encodeURIComponent(text.found)}`)
    await camera.page.locator('mark').first().waitFor()
    await camera.shoot('search', MIDDLE_VIEWS)
    await camera.goTo(`/search/${encodeURIComponent(text.empty)}`)
    await camera.page
      .getByText(`“${text.empty}”`)
      .or(camera.page.getByText(`«\u00a0${text.empty}\u00a0»`))
      .waitFor()
    await camera.shoot('search-empty', MIDDLE_VIEWS)
  },
  async network({ camera }) {
    await camera.goTo('/network')
    await camera.page.getByText('La Remise').first().waitFor()
    await camera.shoot('network', ALL_VIEWS)
    await camera.shoot('network-full', FEW_VIEWS, TALL_PX)
  },
  async settings({ camera }) {
    await camera.goTo('/settings')
    await camera.page.getByText('Français', { exact: true }).waitFor()
    await camera.shoot('settings', MIDDLE_VIEWS)
    await button(camera, WORDS.keys).last().click()
    await dialog(camera).waitFor()
    await camera.shoot('help')
    await closeDialog(camera)
  },
  async words({ camera }) {
    await camera.goTo('/settings/words')
    await button(camera, WORDS.showWords).waitFor()
    await camera.shoot('words-intro')
    await button(camera, WORDS.showWords).click()
    await camera.page.locator('main ol > li').first().waitFor()
    await camera.shoot('words-list')
    await button(camera, WORDS.written).click()
    await camera.page.locator('main form').getByRole('textbox').first().waitFor()
    await camera.shoot('words-check')
  },
  async follow({ camera, square }) {
    await home(camera)
    await button(camera, WORDS.follow).first().click()
    await camera.shoot('follow-empty')
    await dialog(camera).getByRole('textbox').fill('12D3KooWnobody')
    await camera.page.keyboard.press('Enter')
    await dialog(camera).getByRole('alert').waitFor()
    await camera.shoot('follow-wrong')
    await dialog(camera)
      .getByRole('textbox')
      .fill(square.person('noor').ready.profile as string)
    await camera.shoot('follow-recognised')
    await camera.page.keyboard.press('Enter')
    await dialog(camera).getByRole('heading', { level: 3 }).waitFor()
    await camera.shoot('follow-done')
    await closeDialog(camera)
  },
  async parts({ camera }) {
    await home(camera)
    await articles(camera).first().getByRole('button', { name: WORDS.more }).click()
    await camera.page.getByRole('menu').waitFor()
    await camera.shoot('post-menu')
    await camera.page.keyboard.press('Escape')
    await camera.page.getByRole('menu').waitFor({ state: 'detached' })
    await camera.page.getByText('ALT', { exact: true }).first().click()
    await camera.shoot('alt-popover')
    await camera.page.keyboard.press('Escape')
    await camera.page.locator('article[data-post] button:has(img)').first().click()
    await dialog(camera).locator('img').waitFor()
    await camera.shoot('viewer', MIDDLE_VIEWS)
    await closeDialog(camera)
    await camera.page.keyboard.press('j')
    await camera.page.keyboard.press('j')
    await camera.shoot('keyboard-current', [{ theme: 'light', width: 1280 }])
  },
  async deleted({ camera, square }) {
    const id = await arrive(square, 'noor', 'Said too early.', 'en')
    await square.person('hollis').client.posts.create({
      text: 'I had just read it.',
      lang: 'en',
      reply: { author: square.person('noor').ready.profile as string, id },
    })
    await square.person('noor').client.posts.delete({ id })
    await square.until(id, 'deleted')
    await home(camera)
    await camera.shoot('home-deleted')
    await openPost(camera, id)
    await articles(camera).nth(1).waitFor()
    await camera.shoot('thread-deleted')
  },
  async hostile({ camera, square }) {
    const id = await arrive(
      square,
      'hollis',
      `<img src=x onerror=alert(1)><b>bold?</b> javascript:alert(1) https://example.org/a?b=<script>\n${'W'.repeat(180)}\n\u202eright to left\u202c and Z${'\u0337\u0335\u0334'.repeat(30)}algo`,
      'en',
    )
    await openPost(camera, id)
    await camera.shoot('hostile')
  },
  async lost({ camera }) {
    await camera.goTo('/nowhere')
    await camera.shoot('no-such-page')
    await camera.goTo('/thread/bafyreiacz7hdzpgmw6sbsxoxvssxvpehb3obmdi4yz7fjty5ukd2l5c5xm')
    await camera.page.getByRole('heading', { level: 2 }).first().waitFor()
    await camera.shoot('thread-unreachable')
  },
}

/** On the newcomer's node, in order; the account is made on the way, with the first camera. */
export const FIRST_RUN: Screens = {
  async arrive({ camera }) {
    await button(camera, WORDS.newHere).waitFor()
    await camera.shoot('arrive', ALL_VIEWS)
    await button(camera, WORDS.newHere).click()
    await camera.page.getByRole('textbox').first().waitFor()
    await camera.shoot('arrive-name', MIDDLE_VIEWS)
    await button(camera, WORDS.back).click()
  },
  async meet({ camera, newcomer, square }) {
    // The account is made once; the language of this step is chosen on the page.
    if ((await newcomer.client.account.get().catch(() => null)) === null) {
      await button(camera, WORDS.newHere).click()
      await camera.page.getByRole('textbox').first().fill('Ilse Verhoeven')
      await camera.page.keyboard.press('Enter')
      await button(camera, WORDS.enter).waitFor()
      await camera.shoot('meet')
      await camera.page.getByText('Français', { exact: true }).click()
      await camera.shoot('meet-in-french')
      await camera.page.getByText('English', { exact: true }).click()
      await button(camera, WORDS.enter).click()
      await newcomer.client.settings.update({ language: 'system' })
    }
    await camera.page.reload()
    await camera.page.getByRole('heading', { level: 1 }).first().waitFor()
    await camera.shoot('home-empty', MIDDLE_VIEWS)
    await camera.goTo('/profile')
    await camera.page.getByRole('heading', { level: 2 }).first().waitFor()
    await camera.shoot('profile-empty')
    await camera.goTo('/network')
    await camera.shoot('network-alone')
    await newcomer.client.follows.add({ profile: square.person('noor').ready.profile as string })
    await camera.goTo(`/profile/${square.person('noor').ready.profile}`)
    await camera.shoot('profile-unknown')
    await camera.goTo('/')
    await camera.shoot('home-pending')
  },
}

/** What ends the square, last of all. */
export const LAST_SCREENS: Screens = {
  async offline({ camera, square }) {
    await square.leaveAlone('solene')
    const { items } = await square.person('solene').client.timeline.home({ limit: 1 })
    if (items[0]?.holding?.seeds.length !== 0) {
      await square.person('solene').client.posts.create({ text: TEXTS[camera.language].draft, lang: camera.language })
    }
    await home(camera)
    await camera.page
      .getByText(/^(Offline|Hors ligne)/u)
      .first()
      .waitFor({ timeout: OFFLINE_TIMEOUT_MS })
    await camera.shoot('offline', MIDDLE_VIEWS)
    await camera.goTo('/network')
    await camera.shoot('network-offline')
    await camera.goTo('/')
  },
  async died({ camera, square }) {
    await home(camera)
    await square.person('solene').stop()
    await camera.page.getByText(/(has stopped answering|ne répond plus)/u).waitFor()
    await camera.shoot('node-died', MIDDLE_VIEWS)
  },
}
