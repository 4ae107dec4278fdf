import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { HOSTILE_TEXTS, TRACE } from '../harness/hostile-texts.ts'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

type Square = Awaited<ReturnType<typeof openFakeApp>>['square']
type Controls = Parameters<typeof addPost>[0]

const TIMEOUT_MS = 300_000
const PICTURE = { cid: 'nowhere', type: 'image/webp', width: 4, height: 3, size: 1, thumbhash: '', state: 'missing' }

/** Elements and attributes that no text of this window makes, and that would run or load something. */
const FOREIGN = [
  ...['script', 'iframe', 'object', 'embed', 'base', 'meta', 'style', 'link', 'template', 'math', 'details', 'video'],
  ...['onerror', 'onload', 'onfocus', 'ontoggle', 'onmouseover', 'srcdoc'].map((name) => `[${name}]`),
  '[href^="javascript:" i]',
  '[href^="data:" i]',
  '[src^="javascript:" i]',
].join(',')

const spaceless = (text: string | null | undefined) => (text ?? '').replaceAll(/\s+/g, '')

function listForeign(): string[] {
  return [...document.querySelectorAll(`:is(main, nav, aside, header, [role="dialog"]) :is(${FOREIGN})`)].map(
    (one) => one.outerHTML,
  )
}

function expectHarmless(): void {
  expect(listForeign()).toEqual([])
  expect(Reflect.get(globalThis, TRACE)).toBeUndefined()
}

/** A person for each text, whose name, bio, post, picture and quote all are it. */
function fill(controls: Controls): void {
  const square = controls.square() as Square & { person(profile: string): Record<string, unknown> }
  square.posts.clear()
  for (const [i, text] of HOSTILE_TEXTS.entries()) {
    const author = fakePeerId(`hostile ${i}`)
    Object.assign(square.person(author), { name: text, bio: text, follow: 'following' })
    addPost(controls, `hostile ${i}`, {
      author,
      text,
      ts: Date.now() - i * 1_000,
      media: i % 10 === 0 ? [{ ...PICTURE, alt: text } as never] : [],
      quote: i % 5 === 0 && i > 0 ? fakeRecordId(`hostile ${i - 1}`) : undefined,
      reply: i % 7 === 0 && i > 0 ? fakeRecordId(`hostile ${i - 1}`) : null,
    })
  }
}

describe('500 hostile texts', () => {
  it(
    'stand on home as they were written, in posts, names, quotes and the words for pictures, and do nothing',
    async () => {
      await openFakeApp({ prepare: fill, height: 1_600 })
      const seen = new Set<number>()
      const look = () => {
        for (const article of document.querySelectorAll<HTMLElement>('article[data-post]')) {
          const at = HOSTILE_TEXTS.findIndex((_, i) => fakeRecordId(`hostile ${i}`) === article.dataset.post)
          const words = spaceless(article.textContent)
          const times = words.split(spaceless(HOSTILE_TEXTS[at])).length - 1
          // Once as a name and once as a post.
          if (times >= 2) seen.add(at)
        }
        expectHarmless()
      }
      await expect.element(page.getByRole('article').first()).toBeVisible()
      const end = Date.now() + TIMEOUT_MS / 2
      while (seen.size < HOSTILE_TEXTS.length && Date.now() < end) {
        look()
        window.scrollBy(0, 1_000)
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
      expect(HOSTILE_TEXTS.filter((_, i) => !seen.has(i))).toEqual([])
    },
    TIMEOUT_MS,
  )

  it('stand in fields, on profiles, in addresses and in notifications as they were written, and do nothing', async () => {
    const [text = '', other = ''] = HOSTILE_TEXTS.slice(26)
    const { controls } = await openFakeApp({ prepare: fill })
    await page.getByRole('button', { name: 'Write a post' }).first().click()
    const field = page.getByRole('textbox', { name: 'What do you have to say?' })
    await field.fill(HOSTILE_TEXTS.slice(0, 25).join('\n'))
    await expect.element(field).toHaveValue(HOSTILE_TEXTS.slice(0, 25).join('\n'))
    expectHarmless()
    await userEvent.keyboard('{Escape}')
    for (const i of [0, 1, 25, 50, 137]) {
      location.hash = `#/profile/${fakePeerId(`hostile ${i}`)}`
      await expect
        .poll(() => spaceless(document.querySelector('main h1')?.textContent))
        .toContain(spaceless(HOSTILE_TEXTS[i]))
      expectHarmless()
    }
    location.hash = `#/search/${encodeURIComponent(text)}`
    await expect.element(page.getByRole('main').getByRole('searchbox')).toHaveValue(text)
    expectHarmless()
    location.hash = `#/tag/${encodeURIComponent(other)}`
    await expect.element(page.getByRole('main').getByText(/^Nothing tagged/u)).toBeVisible()
    expectHarmless()
    controls.reading.say('reply', fakePeerId('hostile 3'), { post: fakeRecordId('hostile 4') })
    location.hash = '#/notifications'
    await expect
      .poll(() => spaceless(document.querySelector('main')?.textContent))
      .toContain(spaceless(HOSTILE_TEXTS[4]))
    expectHarmless()
  })

  it('would be noticed where somebody took one for HTML: the control', async () => {
    await openFakeApp()
    await expect.element(page.getByRole('article').first()).toBeVisible()
    const place = document.createElement('div')
    document.querySelector('main')?.append(place)
    place.innerHTML = HOSTILE_TEXTS[1] ?? ''
    await expect.poll(() => Reflect.get(globalThis, TRACE)).toBe(1)
    expect(listForeign()).toHaveLength(1)
    Reflect.deleteProperty(globalThis, TRACE)
  })
})
