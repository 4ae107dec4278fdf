import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { writeHomePlace } from '../../../renderer/features/timeline/home-place.ts'
import { addPost, type FakeAppInit, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const MINUTE_MS = 60_000
/** Above the sample, which is as old as the window. */
const NOW = Date.now() + MINUTE_MS

type Controls = Parameters<NonNullable<FakeAppInit['prepare']>>[0]

/** Enough for several pages, of uneven height. */
function fill(controls: Controls): void {
  for (let i = 0; i < 150; i += 1) {
    const text = `Number ${i}. ${'Uneven lines. '.repeat((i * 7) % 40)}`
    addPost(controls, `filled ${i}`, { text, ts: NOW - i * MINUTE_MS })
  }
}

const numbered = (i: number) => page.getByText(new RegExp(`^Number ${i}\\.`))
const topOf = (i: number) => numbered(i).element().getBoundingClientRect().top
const kept = () => JSON.parse(localStorage.getItem('palabre.place') ?? 'null') as { row: string; offset: number } | null

async function scrollTo(i: number): Promise<void> {
  await expect
    .poll(() => {
      const row = numbered(i).query()
      if (row) window.scrollTo(0, window.scrollY + row.getBoundingClientRect().top - 40)
      else window.scrollBy(0, 500)
      return row === null ? null : Math.round(row.getBoundingClientRect().top)
    })
    .toBe(40)
  await expect.poll(() => kept()?.row).toBe(fakeRecordId(`filled ${i}`))
}

/** What a window leaves is in its storage alone: the next one has a cache of its own. */
async function reopen(prepare: (controls: Controls) => void = fill) {
  const app = await openFakeApp({ prepare })
  await expect.element(page.getByRole('feed')).toBeVisible()
  return app
}

describe('the place in home', () => {
  it('is found again by the next window, on a page that has to be read for it', async () => {
    const { screen } = await reopen()
    await scrollTo(90)
    const before = topOf(90)
    await screen.unmount()
    window.scrollTo(0, 0)
    await reopen()
    await expect.poll(() => Math.abs(topOf(90) - before)).toBeLessThan(2)
    expect(window.scrollY).toBeGreaterThan(5_000)
    await expect.element(page.getByRole('button', { name: /new post/ })).not.toBeInTheDocument()
  })

  it('stays where it is while what came meanwhile waits behind the pill', async () => {
    const { screen } = await reopen()
    await scrollTo(12)
    const before = topOf(12)
    await screen.unmount()
    window.scrollTo(0, 0)
    await reopen((controls) => {
      fill(controls)
      for (const i of [1, 2, 3]) addPost(controls, `late ${i}`, { text: `Since then ${i}.`, ts: NOW + i })
    })
    await expect.poll(() => Math.abs(topOf(12) - before)).toBeLessThan(2)
    const pill = page.getByRole('button', { name: '3 new posts' })
    await expect.element(pill).toBeVisible()
    await pill.click()
    await expect.element(page.getByRole('article').first().getByText('Since then 3.')).toBeVisible()
    await expect.poll(kept).toBeNull()
  })

  it('is forgotten at the top, and is nobody else’s', async () => {
    const { screen } = await reopen()
    await scrollTo(12)
    window.scrollTo(0, 0)
    await expect.poll(kept).toBeNull()
    const row = fakeRecordId('filled 12')
    writeHomePlace(fakePeerId('awa'), { row, offset: 100, top: { key: row, ts: NOW } })
    await screen.unmount()
    await reopen()
    await expect.element(page.getByRole('article').first()).toBeVisible()
    expect(window.scrollY).toBe(0)
  })

  it('of a post that is gone, or of what isn’t a place at all, is the top', async () => {
    const row = fakeRecordId('never written')
    writeHomePlace(fakePeerId('ines'), { row, offset: 100, top: { key: fakeRecordId('filled 0'), ts: NOW } })
    const { screen } = await reopen()
    await expect.element(numbered(0)).toBeVisible()
    expect(window.scrollY).toBe(0)
    await screen.unmount()
    for (const bad of ['', '[]', '{"profile":7}', `{"profile":"${fakePeerId('ines')}","row":"x","offset":"1"}`]) {
      localStorage.setItem('palabre.place', bad)
      const { screen } = await reopen()
      await expect.element(numbered(0)).toBeVisible()
      await screen.unmount()
    }
  })
})
