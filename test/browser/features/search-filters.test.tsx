import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { formatSought, parseSought, startOfDay, toSearchInput } from '../../../renderer/features/search/search-words.ts'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const AWA = fakePeerId('awa')
const MARCH = new Date(2024, 2, 10, 12).getTime()
const prepare = (controls: Parameters<typeof addPost>[0]) => {
  addPost(controls, 'hers', { author: AWA, text: 'A zebra by Awa.', ts: MARCH })
  addPost(controls, 'his', { author: fakePeerId('tom'), text: 'A zebra by Tom.', ts: MARCH + 86_400_000 })
}
const main = () => page.getByRole('main')
const seen = (text: string) => expect.element(main().getByText(text)).toBeVisible()
const gone = (text: string) => expect.poll(() => main().getByText(text).elements().length).toBe(0)

describe('filters of the search', () => {
  it('stand in the address as text, and a part that says none stays a word', () => {
    const text = `rain at sea from:${AWA} since:2024-03-01 until:2024-03-10 has:pictures`
    expect(parseSought(text)).toEqual({
      ...{ words: 'rain at sea', author: AWA, since: '2024-03-01', until: '2024-03-10', hasMedia: true },
    })
    expect(formatSought(parseSought(text))).toBe(text)
    expect(parseSought('from:nobody since:yesterday has:luck 12:30').words).toBe(
      'from:nobody since:yesterday has:luck 12:30',
    )
    expect(toSearchInput(parseSought('since:2024-03-10 until:2024-03-10'))).toEqual({
      ...{ query: '', since: startOfDay('2024-03-10', 0), until: startOfDay('2024-03-11', 0) },
    })
  })

  it('take an author by name, show a chip, and are taken away by it', async () => {
    await openFakeApp({ prepare, path: '/search/zebra' })
    await seen('A zebra by Tom.')
    await page.getByRole('button', { name: 'By somebody' }).click()
    expect(await findFaults()).toEqual([])
    await page.getByLabelText('A name, or a peer ID').fill('AWÀ')
    await userEvent.keyboard('{Enter}')
    await gone('A zebra by Tom.')
    await seen('A zebra by Awa.')
    expect(decodeURIComponent(location.hash)).toBe(`#/search/zebra from:${AWA}`)
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: /remove this filter/ }).click()
    await seen('A zebra by Tom.')
  })

  it('are restored from an address, take days both included, and say what to do where nothing fits', async () => {
    await openFakeApp({ prepare, path: `/search/${encodeURIComponent('zebra until:2024-03-10')}` })
    await seen('A zebra by Awa.')
    await gone('A zebra by Tom.')
    await expect.element(page.getByRole('button', { name: /^until .*2024 · remove this filter/ })).toBeVisible()
    await page.getByRole('button', { name: 'With pictures' }).click()
    await expect.element(page.getByText(/Take a filter away/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Remove the filters' }).click()
    await seen('A zebra by Tom.')
  })

  it('take days from a dialog, and no last day before the first', async () => {
    await openFakeApp({ prepare, path: '/search/zebra' })
    await page.getByRole('button', { name: 'By date' }).click()
    await page.getByLabelText('From').fill('2024-03-11')
    await page.getByLabelText('To').fill('2024-03-10')
    await expect.element(page.getByText('The last day lies before the first one.')).toBeVisible()
    await page.getByLabelText('To').fill('2024-03-12')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await gone('A zebra by Awa.')
    await seen('A zebra by Tom.')
  })
})

describe('somebody of whom nothing is here', () => {
  const BAD = /^This is neither a peer ID/
  const STRANGER = fakePeerId('nobody-yet')

  it('is blocked from the search by what identifies them', async () => {
    await openFakeApp({ path: `/search/${STRANGER}` })
    await page.getByRole('button', { name: /^More about / }).click()
    await page.getByRole('menuitem', { name: /^Block / }).click()
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await expect.element(page.getByText(/ is blocked\.$/)).toBeVisible()
  })

  it('is blocked from the settings, where what is no peer ID is said to be none', async () => {
    await openFakeApp({ path: '/settings/silenced' })
    await page.getByLabelText('Block by peer ID or link').fill('nobody')
    await page.getByRole('button', { name: 'Block…' }).click()
    await expect.element(page.getByText(BAD)).toBeVisible()
    await page.getByLabelText('Block by peer ID or link').fill(STRANGER)
    await page.getByRole('button', { name: 'Block…' }).click()
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await expect.element(page.getByRole('heading', { name: 'Blocked' })).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
