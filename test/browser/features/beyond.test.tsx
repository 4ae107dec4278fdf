import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { addPost, fakePeerId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

type Init = Parameters<typeof openFakeApp>[0]

/** Two posts on each rung, by people whom nobody here follows. */
const openLadder = (init: Init = {}) =>
  openFakeApp({
    sample: 'empty',
    ...init,
    prepare: (controls) => {
      for (const rung of ['friends', 'others', 'welcome'] as const) {
        for (const n of [1, 2]) {
          const id = addPost(controls, `${rung} ${n}`, { author: fakePeerId(`${rung}`), text: `${rung} says ${n}` })
          controls.square().rungs[rung].push(id)
        }
      }
      init.prepare?.(controls)
    },
  })
const rung = (name: string | RegExp) => page.getByRole('region', { name })

describe('below home', () => {
  it('is never empty: each rung stands under a heading that says why', async () => {
    await openLadder()
    await expect.element(rung('Friends of people you follow').getByText('friends says 2')).toBeVisible()
    await expect.element(rung('Others in the square').getByText('others says 1')).toBeVisible()
    const welcome = rung('From the welcome pack of November 12, 2026')
    await expect.element(welcome.getByText('welcome says 1')).toBeVisible()
    await expect.element(welcome.getByText(/Nothing of it came over the network/)).toBeVisible()
    const order = [...document.querySelectorAll('[data-rung]')].map((part) => part.getAttribute('data-rung'))
    expect(order).toEqual(['friends', 'others', 'welcome'])
  })

  it('speaks French', async () => {
    await openLadder({ language: 'fr' })
    await expect.element(rung('Du carnet de bienvenue du 12 novembre 2026')).toBeVisible()
    await expect.element(rung('Les amis des personnes suivies')).toBeVisible()
  })

  it('folds a rung to its heading and keeps that', async () => {
    await openLadder()
    const welcome = rung(/welcome pack/)
    await welcome.getByRole('button', { name: 'Fold', exact: true }).click()
    await expect.element(welcome.getByRole('button', { name: 'Unfold' })).toHaveAttribute('aria-expanded', 'false')
    await expect.element(welcome.getByText('welcome says 1')).not.toBeInTheDocument()
    await expect.element(page.getByText('others says 1')).toBeVisible()
  })

  it('puts a rung away, brings it back from the toast, and from the settings', async () => {
    const { controls } = await openLadder()
    const hide = () =>
      rung(/welcome pack/)
        .getByRole('button', { name: 'Don’t show' })
        .click()
    await hide()
    await expect.element(rung(/welcome pack/)).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(rung(/welcome pack/)).toBeVisible()
    await hide()
    location.hash = '#/settings'
    const box = page.getByRole('switch', { name: /^The welcome pack/ })
    await expect.element(box).not.toBeChecked()
    await box.click()
    await expect.element(box).toBeChecked()
    location.hash = '#/'
    await expect.element(rung(/welcome pack/)).toBeVisible()
    expect(controls.square().rungs.welcome).toHaveLength(2)
  })

  it('comes after everything of home, and the keys lead into it', async () => {
    await openLadder({
      prepare: (controls) =>
        void addPost(controls, 'own', { author: controls.square().me ?? '', text: 'my own words' }),
    })
    await expect.element(page.getByText('my own words')).toBeVisible()
    await expect.element(page.getByText('friends says 2')).toBeVisible()
    await userEvent.keyboard('jj')
    await expect.poll(() => document.activeElement?.textContent ?? '').toContain('friends says')
  })

  it('says what could not be read, and reads it again', async () => {
    const { controls } = await openLadder({ prepare: (it) => it.fail('timeline.beyond', 'bad-request', 'no', 99) })
    await expect.element(page.getByText(/^This part could not be read/).first()).toBeVisible()
    controls.fail('timeline.beyond', 'bad-request', 'no', 0)
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await expect.element(page.getByText('friends says 1')).toBeVisible()
  })
})
