import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults, renderWindow } from '../harness/window.tsx'

/** Name, route, and words that stand there once the node has answered. */
const PAGES: readonly (readonly [name: string, path: string, sign: string])[] = [
  ['home', '/', 'Tom Hallworth'],
  ['notifications', '/notifications', 'Parfait. Et je paie le café.'],
  ['bookmarks', '/bookmarks', 'Nothing is bookmarked yet.'],
  ['a tag that nothing has', '/tag/citerne', 'Nothing tagged #citerne is here.'],
  ['search', '/search', 'Search all posts of this computer.'],
  ['the own profile', '/profile', 'Inès Carpentier'],
  ['network', '/network', 'Bibliothèque'],
  ['settings', '/settings', 'Means of recovery'],
  ['recovery words', '/settings/words', 'Show the words'],
  ['account and recovery', '/settings/recovery', 'What no means brings back'],
  ['rehearsing', '/settings/recovery/rehearse', 'Compare'],
  ['the paper key', '/settings/recovery/paper', 'Make the paper key'],
  ['new words', '/settings/recovery/new-words', 'Make new words'],
  ['guardians', '/settings/recovery/guardians', 'Marguerite Leduc'],
  ['people one guards', '/settings/recovery/guarding', 'Kofi Mensah'],
  ['devices', '/settings/devices', 'Tour du grenier'],
  ['linking a device', '/settings/devices/link', 'Show the link'],
  ['muted and blocked', '/settings/silenced', 'You see everybody.'],
  ['this computer', '/settings/computer', 'Unprotected.'],
  ['a lost page', '/nowhere', 'There is no such page.'],
]

/** What a window of 1,280 by 820 pixels is at 200 %, and a small telephone. */
const VIEWS = [
  { theme: 'light', width: 640, height: 410 },
  { theme: 'dark', width: 360, height: 740 },
] as const

/** In pixels, how far the page reaches over its window, written from the left and from the right. */
function listOverhangs(): number[] {
  const root = document.documentElement
  const overhangs = ['ltr', 'rtl'].map((direction) => {
    root.dir = direction
    // A gutter is kept for the bar also where there is nothing to scroll.
    return Math.max(0, root.scrollWidth - root.clientWidth)
  })
  root.removeAttribute('dir')
  return overhangs
}

describe.each(VIEWS)('in the $theme theme at $width × $height', ({ theme, ...size }) => {
  it.each(PAGES)('axe finds nothing on %s, and nothing reaches over its sides', async (_name, path, sign) => {
    await renderWindow({ theme, path, ...size })
    await expect.element(page.getByRole('main')).toBeVisible()
    await expect.poll(() => document.querySelector('main h1, main h2')).not.toBeNull()
    await expect.poll(() => document.querySelector('[aria-busy="true"]')).toBeNull()
    await expect.element(page.getByRole('main').getByText(sign).first()).toBeVisible()
    expect(await findFaults()).toEqual([])
    expect(listOverhangs()).toEqual([0, 0])
  })

  it('axe finds nothing on the first run', async () => {
    await renderWindow({ theme, sample: 'newcomer', ...size })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(listOverhangs()).toEqual([0, 0])
    expect(await findFaults()).toEqual([])
  })

  it('axe finds nothing in French on a window without posts', async () => {
    await renderWindow({ theme, sample: 'empty', language: 'fr', ...size })
    await expect.element(page.getByRole('main')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
