import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { SIGNS } from '../../../renderer/features/post/sign-picker.tsx'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const first = () => page.getByRole('article').first()
const picker = () => page.getByRole('dialog', { name: 'React with another sign' })
const counts = () => first().getByRole('list', { name: 'Reactions' })
const any = () => picker().getByRole('textbox', { name: 'Any other sign' })
const LOAF = fakeRecordId('loaf')

const loaf = (reactions: Record<string, string> = {}) => ({
  prepare: (controls: Parameters<typeof addPost>[0]) =>
    void addPost(controls, 'loaf', {
      text: 'Eleven loaves.',
      reactions: new Map(Object.entries(reactions).map(([key, emoji]) => [fakePeerId(key), emoji])),
    }),
})

describe('reactions by sign', () => {
  it('are given from a few signs that e opens, marked as own, and taken back', async () => {
    const { square } = await openFakeApp(loaf())
    await expect.element(first()).toBeVisible()
    await userEvent.keyboard('j')
    await expect.element(first()).toHaveFocus()
    await userEvent.keyboard('e')
    await expect.element(picker()).toBeVisible()
    expect(picker().getByRole('toolbar').getByRole('button').elements()).toHaveLength(SIGNS.length)
    await expect.element(picker().getByRole('button', { name: 'React with ❤' })).toHaveFocus()
    await userEvent.keyboard('{ArrowRight}{Enter}')
    await expect.element(picker()).not.toBeInTheDocument()
    const own = counts().getByRole('button', { name: '👍, 1 person, you. Take it back' })
    await expect.element(own).toHaveAttribute('aria-pressed', 'true')
    await expect.poll(() => square.posts.get(LOAF)?.reactions.get(square.me ?? '')).toBe('👍')
    await own.click()
    await expect.element(counts()).not.toBeInTheDocument()
    await expect.poll(() => square.posts.get(LOAF)?.reactions.size).toBe(0)
  })

  it('are undone from the toast, back to what was before', async () => {
    const { square } = await openFakeApp(loaf())
    const mine = () => square.posts.get(LOAF)?.reactions.get(square.me ?? '')
    await first()
      .getByRole('button', { name: /^React$/ })
      .click()
    await expect.poll(mine).toBe('❤')
    await first()
      .getByRole('button', { name: /Choose another sign$/ })
      .click()
    await page.getByRole('button', { name: 'React with 🎉' }).click()
    await expect.poll(mine).toBe('🎉')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(mine).toBe('❤')
    await expect.element(first().getByRole('button', { name: /^Take the reaction back, 1/ })).toBeVisible()
  })

  it('are counted each, hearts alone only at the heart, and a press gives the same', async () => {
    const { square } = await openFakeApp(loaf({ tom: '❤️', noor: '🍞', kofi: '🍞' }))
    await expect.element(first().getByRole('button', { name: /^React, 3 so far/ })).toBeVisible()
    await counts().getByRole('button', { name: '🍞, 2 people. React with the same' }).click()
    await expect
      .element(counts().getByRole('button', { name: '🍞, 3 people, you among them. Take it back' }))
      .toBeVisible()
    await expect.poll(() => square.posts.get(LOAF)?.reactions.size).toBe(4)
    const hearts = page.getByRole('article').filter({ hasText: 'Rye is out.' })
    expect(hearts.getByRole('list', { name: 'Reactions' }).query()).toBeNull()
  })

  it('may be any one character, and nothing longer', async () => {
    const { square } = await openFakeApp(loaf())
    await first().getByRole('button', { name: 'React with another sign' }).click()
    for (const text of ['two words', 'ab', '👍👍']) {
      await any().fill(text)
      await userEvent.keyboard('{Enter}')
      await expect.element(picker().getByText(/^One sign only/)).toBeVisible()
    }
    await any().fill('👩‍🌾')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => square.posts.get(LOAF)?.reactions.get(square.me ?? '')).toBe('👩‍🌾')
  })

  it('go back and say why when the node refuses', async () => {
    const { controls } = await openFakeApp(loaf({ tom: '🍞' }))
    await expect.element(counts()).toBeVisible()
    controls.fail('reactions.add', 'disk-full')
    await counts().getByRole('button', { name: /^🍞/ }).click()
    await expect.element(first().getByText(/The reaction was not kept\. The disk is full/)).toBeVisible()
    await expect.element(counts().getByRole('button', { name: /^🍞, 1 person\./ })).toBeVisible()
    await first().getByRole('button', { name: 'Try again' }).click()
    await expect.element(counts().getByRole('button', { name: /^🍞, 2 people/ })).toBeVisible()
  })

  it('are in the help', async () => {
    await openFakeApp()
    await expect.element(first()).toBeVisible()
    await userEvent.keyboard('?')
    await expect.element(page.getByRole('dialog').getByText('React with another sign')).toBeVisible()
  })

  it('fit 360 pixels in French, and axe finds nothing, in the light and in the dark', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const app = await openFakeApp({
        ...loaf({ tom: '❤', noor: '🍞', kofi: '👀' }),
        theme,
        language: 'fr',
        width: 360,
      })
      await first().getByRole('button', { name: 'Réagir avec un autre signe' }).click()
      await expect.element(page.getByRole('textbox', { name: 'Un autre signe' })).toBeVisible()
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await app.screen.unmount()
    }
  })
})
