import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { callerOf } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const path = '/network'

describe('a blackout drill in the window', () => {
  it('says what will happen, runs, is ended, and reports', async () => {
    const { node } = await renderWindow({ path })
    await page.getByRole('button', { name: 'Start a drill' }).click()
    const dialog = page.getByRole('dialog')
    await expect.element(dialog.getByText(/what you write leaves afterwards/u)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await dialog.getByRole('radio', { name: /The internet/u }).click()
    await dialog.getByRole('button', { name: 'Cut off now' }).click()
    const section = page.getByRole('region', { name: 'Blackout drill' })
    await expect.element(section.getByText('The internet is cut off on purpose.')).toBeVisible()
    await expect.element(section.getByRole('progressbar')).toBeVisible()
    await expect.element(page.getByRole('heading', { name: 'A blackout drill runs.' })).toBeVisible()
    expect((await callerOf(node).drill.status()).drill).toMatchObject({ cut: 'internet', state: 'running' })
    await section.getByRole('button', { name: 'End now' }).click()
    await expect
      .element(section.getByText(/3 of 8 people you follow stayed reachable, 2 directly, 1 through somebody else/u))
      .toBeVisible()
    await expect.element(section.getByText(/A seed was back after 2.seconds/u)).toBeVisible()
    await expect.element(section.getByRole('button', { name: 'Start another drill' })).toBeVisible()
  })

  it('says on every page that a drill runs', async () => {
    const { node } = await renderWindow({ path: '/' })
    node.controls.patchNetwork({ drill: { cut: 'seeds', endsAt: Date.now() + 60_000 } })
    await expect.element(page.getByText(/A drill has cut off the seeds/u)).toBeVisible()
    node.controls.patchNetwork({ drill: undefined })
    await expect.element(page.getByText(/A drill has cut off/u)).not.toBeInTheDocument()
  })

  it('says why one did not begin', async () => {
    const { node } = await renderWindow({ path })
    node.controls.fail('drill.start', 'unreachable')
    await page.getByRole('button', { name: 'Start a drill' }).click()
    await page.getByRole('button', { name: 'Cut off now' }).click()
    await expect.element(page.getByText(/The network is not up yet/u)).toBeVisible()
  })

  it.each(['light', 'dark'] as const)('axe finds nothing in the %s theme, in French', async (theme) => {
    const { node } = await renderWindow({ path, theme, language: 'fr' })
    await callerOf(node).drill.start({ cut: 'seeds' })
    await expect.element(page.getByRole('progressbar')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await callerOf(node).drill.stop()
    await expect.element(page.getByText(/restées joignables/u)).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})

it('keeps the addresses back when asked to, and says what that means', async () => {
  await renderWindow({ path })
  const toggle = page.getByRole('switch', { name: /Let others be told/u })
  await expect.element(toggle).toBeChecked()
  await toggle.click()
  await expect.element(page.getByText(/Nobody is told any more/u)).toBeVisible()
  await expect.element(toggle).not.toBeChecked()
})
