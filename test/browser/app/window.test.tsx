import { describe, expect, it, onTestFinished } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { callerOf } from '../harness/fake-node.ts'
import { pressKeys, renderWindow } from '../harness/window.tsx'

const PATHS = [
  ...['/', '/network', '/settings', '/settings/words', '/profile', '/search', '/settings/recovery', '/notifications'],
  ...['/settings/recovery/paper', '/settings/recovery/guardians', '/settings/recovery/guarding'],
  ...['/settings/recovery/rehearse', '/settings/recovery/new-words', '/settings/devices', '/settings/devices/link'],
  '/settings/computer',
]
const heading = (name: string) => page.getByRole('heading', { name, level: 1 })

describe('the window', () => {
  it('is in order for the keyboard: skip link, navigation, square, context', async () => {
    await renderWindow({ path: '/network' })
    await expect.element(heading('Network')).toBeVisible()
    await userEvent.keyboard('{Tab}')
    await expect.element(page.getByRole('button', { name: 'Skip to the square' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('main')).toHaveFocus()
  })

  it('goes by single keys, ignores them while somebody types and where they are switched off', async () => {
    const { node } = await renderWindow()
    await expect.element(heading('Home')).toBeVisible()
    pressKeys('g', 'c')
    await expect.element(heading('Network')).toBeVisible()
    await expect.element(page.getByRole('main')).toHaveFocus()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    pressKeys('g', 'h')
    await expect.element(heading('Home')).toBeVisible()
    await userEvent.keyboard('?')
    await expect.element(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await userEvent.keyboard('/gn?')
    await expect.element(page.getByRole('searchbox')).toHaveValue('gn?')
    await expect.element(heading('Home')).toBeVisible()

    await callerOf(node).settings.update({ singleKeys: false })
    await userEvent.click(page.getByRole('link', { name: 'Settings' }))
    await userEvent.click(page.getByRole('main'))
    await expect.element(page.getByRole('switch', { name: /Single-key/ })).toBeChecked()
    await userEvent.click(page.getByText('Single-key shortcuts'))
    ;(document.activeElement as HTMLElement).blur()
    pressKeys('g', 'h')
    await expect.element(heading('Settings')).toBeVisible()
  })

  it('changes theme and language at once, and goes back where the node refuses', async () => {
    const { node } = await renderWindow({ path: '/settings' })
    await userEvent.click(page.getByText('Dark'))
    await expect.poll(() => document.documentElement.dataset.theme).toBe('dark')
    expect((await callerOf(node).settings.get()).theme).toBe('dark')
    node.controls.fail('settings.update', 'disk-full')
    await userEvent.click(page.getByText('Light'))
    await expect.element(page.getByText(/The change was not kept/)).toBeVisible()
    await expect.poll(() => document.documentElement.dataset.theme).toBe('dark')
    await userEvent.click(page.getByText('Français'))
    await expect.element(heading('Réglages')).toBeVisible()
  })

  it('says who is reachable, and what waits when nobody is', async () => {
    const { node } = await renderWindow()
    await expect.element(page.getByRole('link', { name: /Network: Connected 2 seeds · 1 peer/ }).first()).toBeVisible()
    node.controls.setNetwork('offline')
    await expect.element(page.getByText(/Offline since/)).toBeVisible()
    await userEvent.click(page.getByRole('link', { name: /Network: Offline/ }).first())
    await expect.element(page.getByRole('heading', { name: 'Nobody is reachable.' })).toBeVisible()
  })

  it('keeps what is shown when the node dies, and goes on by itself when it is back', async () => {
    const { node, cut } = await renderWindow({ path: '/settings' })
    await expect.element(page.getByText('Single-key shortcuts')).toBeVisible()
    cut()
    await expect.element(page.getByText(/has stopped answering/)).toBeVisible()
    await expect.element(page.getByText('Single-key shortcuts')).toBeVisible()
    await callerOf(node).settings.update({ language: 'fr' })
    await userEvent.click(page.getByRole('button', { name: 'Try now' }))
    await expect.element(heading('Réglages')).toBeVisible()
    await expect.element(page.getByText(/ne répond plus/)).not.toBeInTheDocument()
  })

  it.each([360, 390, 640, 800, 1_100, 1_280])('never scrolls sideways at %i px', async (width) => {
    await renderWindow({ width, language: 'fr' })
    for (const path of PATHS) {
      location.hash = `#${path}`
      await expect.element(page.getByRole('main')).toBeVisible()
      await expect.poll(() => document.querySelector('[aria-busy="true"]')).toBeNull()
      const { scrollWidth, clientWidth } = document.documentElement
      expect(scrollWidth, path).toBeLessThanOrEqual(clientWidth)
    }
  })

  it.each([390, 800, 1_280])('never scrolls sideways at %i px with text of 200 %%', async (width) => {
    document.documentElement.style.fontSize = '200%'
    onTestFinished(() => {
      document.documentElement.style.removeProperty('font-size')
    })
    await renderWindow({ width, language: 'fr', prepare: (node) => node.controls.accounts.guardians.alarm() })
    for (const path of PATHS.filter((one) => one.startsWith('/settings'))) {
      location.hash = `#${path}`
      await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect.element(page.getByRole('button', { name: 'Arrêter' })).toBeVisible()
      const { scrollWidth, clientWidth } = document.documentElement
      expect(scrollWidth, path).toBeLessThanOrEqual(clientWidth)
    }
  })

  it('puts no style element into the page', async () => {
    const before = document.querySelectorAll('style').length
    await renderWindow()
    await expect.element(heading('Home')).toBeVisible()
    await userEvent.keyboard('?')
    await expect.element(page.getByRole('dialog')).toBeVisible()
    expect(document.querySelectorAll('style').length).toBe(before)
  })
})
