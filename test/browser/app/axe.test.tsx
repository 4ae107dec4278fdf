import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults, renderWindow } from '../harness/window.tsx'

const PAGES = [
  ['home', '/'],
  ['search', '/search'],
  ['the own profile', '/profile'],
  ['network', '/network'],
  ['settings', '/settings'],
  ['recovery words', '/settings/words'],
  ['a lost page', '/nowhere'],
] as const

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(PAGES)('axe finds nothing on %s', async (_name, path) => {
    await renderWindow({ theme, path })
    await expect.element(page.getByRole('main')).toBeVisible()
    await expect.poll(() => document.querySelector('main h1, main h2')).not.toBeNull()
    await expect.poll(() => document.querySelector('[aria-busy="true"]')).toBeNull()
    expect(await findFaults()).toEqual([])
  })

  it('axe finds nothing on the first run', async () => {
    await renderWindow({ theme, sample: 'newcomer' })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await findFaults()).toEqual([])
  })

  it('axe finds nothing on a narrow window without posts', async () => {
    await renderWindow({ theme, sample: 'empty', width: 390, height: 844, language: 'fr' })
    await expect.element(page.getByRole('main')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
