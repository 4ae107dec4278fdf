import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { formatMinute, isQuietAt, parseMinute } from '../../../renderer/app/quiet-hours.ts'
import { findFaults } from '../harness/window.tsx'
import { type FakeAppInit, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(async () => {
  vi.useRealTimers()
  await forgetAll()
})

const open = (init: FakeAppInit = {}) =>
  openFakeApp({ path: '/settings', prepare: ({ reading }) => reading.readAll(), ...init })
const bell = (name: RegExp | string) => page.getByRole('link', { name }).first()

describe('isQuietAt', () => {
  it('holds within a day, past midnight, and all day where both ends are one', () => {
    const quiet = (from: number, until: number) =>
      [0, 419, 420, 800, 1319, 1320, 1439].map((at) => isQuietAt({ from, until }, at))
    expect(quiet(420, 1320)).toEqual([false, false, true, true, true, false, false])
    expect(quiet(1320, 420)).toEqual([true, true, false, false, false, true, true])
    expect(quiet(420, 420)).not.toContain(false)
  })

  it('reads the times that fields give, and nothing else', () => {
    expect(['00:00', '07:05', '23:59'].map(parseMinute)).toEqual([0, 425, 1439])
    expect(['', '24:00', '12:60', '7:5', 'noon'].map(parseMinute)).toEqual([null, null, null, null, null])
    expect([0, 425, 1439].map(formatMinute)).toEqual(['00:00', '07:05', '23:59'])
  })
})

describe('what rings', () => {
  it('leaves the number away for kinds that are silent, and for people who are not followed', async () => {
    const { controls } = await open()
    controls.reading.say('follow', fakePeerId('awa'))
    await expect.element(bell(/^Notifications.*1 new$/)).toBeVisible()
    await page.getByRole('checkbox', { name: 'New followers' }).click()
    await expect.element(bell('Notifications')).toBeVisible()
    controls.reading.say('reply', fakePeerId('nobody-knows'), { post: fakeRecordId('bread') })
    await expect.element(bell('Notifications')).toBeVisible()
    await page.getByRole('switch', { name: /People you don’t follow ring too/ }).click()
    await expect.element(bell(/^Notifications.*1 new$/)).toBeVisible()
    await expect.poll(() => document.title).toMatch(/^\(1\) /)
    await page.getByRole('checkbox', { name: 'New followers' }).click()
    await expect.element(bell(/^Notifications.*2 new$/)).toBeVisible()
  })

  it('rings nothing in quiet hours, says until when, and loses nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: new Date(2026, 10, 3, 21, 59, 30) })
    const { controls } = await open()
    controls.reading.say('follow', fakePeerId('awa'))
    await page.getByRole('switch', { name: /Quiet hours/ }).click()
    await expect.element(bell(/^Notifications.*1 new$/)).toBeVisible()
    await expect.element(page.getByLabelText('From')).toHaveValue('22:00')
    vi.advanceTimersByTime(60_000)
    await expect.element(bell(/^Notifications.*quiet until 7:00/)).toBeVisible()
    await expect.poll(() => document.title).not.toMatch(/^\(/)
    await userEvent.fill(page.getByLabelText('To'), '21:00')
    await expect.element(bell(/quiet until (21:00|9:00)/)).toBeVisible()
    await userEvent.fill(page.getByLabelText('From'), '23:30')
    await expect.element(bell(/^Notifications.*1 new$/)).toBeVisible()
  })

  it.each(['light', 'dark'] as const)('has no faults for assistive technology, %s', async (theme) => {
    await open({ theme, width: 360 })
    await page.getByRole('switch', { name: /Quiet hours/ }).click()
    await expect.element(page.getByLabelText('From')).toBeVisible()
    expect(await findFaults()).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
  })
})
