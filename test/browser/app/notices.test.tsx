import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { callerOf } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const MINUTE_MS = 60_000

describe('the notice of a device that was replaced (LOG10)', () => {
  const title = () => page.getByRole('heading', { name: 'This computer was copied, and has a new key.' })

  it('comes by itself, says what happened and leads on', async () => {
    const { node } = await renderWindow({ path: '/network' })
    await expect.element(page.getByRole('heading', { name: 'Network', level: 1 })).toBeVisible()
    await expect.element(title()).not.toBeInTheDocument()
    node.controls.accounts.devices.replace()
    await expect.element(title()).toBeVisible()
    await expect.element(page.getByText(/Nothing is lost/)).toBeVisible()
    await expect.element(page.getByText(/stop the copy/).first()).toBeVisible()
    await expect.element(page.getByText(/If you know of no copy, somebody may have this disk/)).toBeVisible()
    await userEvent.click(button('Make new words'))
    await expect.element(page.getByRole('heading', { name: 'New words', level: 1 })).toBeVisible()
    await expect.element(title()).toBeVisible()
    await userEvent.click(button('To the devices'))
    await expect.element(page.getByText(/Former key of this computer · last signed/)).toBeVisible()
    await expect.element(page.getByText(/revoke this key: somebody may have this disk/)).toBeVisible()
    await expect.element(button('Revoke: Atelier')).toBeVisible()
  })

  it('stays where dismissing it fails, goes when it is dismissed, and is not there again later', async () => {
    const { node } = await renderWindow({ prepare: ({ controls }) => controls.accounts.devices.replace() })
    await expect.element(title()).toBeVisible()
    node.controls.fail('devices.dismissReplaced', 'disk-full')
    await userEvent.click(button('I have read it'))
    await expect.element(page.getByText('The disk is full.')).toBeVisible()
    await userEvent.click(button('I have read it'))
    await expect.element(title()).not.toBeInTheDocument()
    expect(await callerOf(node).devices.replaced()).toEqual({ replaced: null })
    // Another copy is another notice.
    node.controls.accounts.devices.replace()
    await expect.element(title()).toBeVisible()
  })
})

describe('the clock of this computer', () => {
  it('is said on every page while it is wrong, with the amount, and no longer once it is right', async () => {
    const { node } = await renderWindow({ path: '/settings' })
    await expect.element(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
    node.controls.setClock(6.6 * MINUTE_MS)
    await expect.element(page.getByText('The clock of this computer is about 7\u00a0minutes ahead.')).toBeVisible()
    node.controls.setClock(-50 * 60 * MINUTE_MS)
    await expect.element(page.getByText('The clock of this computer is about 2\u00a0days behind.')).toBeVisible()
    await userEvent.click(page.getByRole('link', { name: 'Set it right' }))
    await expect.element(page.getByText('It is about 2\u00a0days behind the 2 seeds that are connected.')).toBeVisible()
    await expect.element(page.getByText(/Set it right (under|in) /)).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Set it right' })).not.toBeInTheDocument()
    node.controls.setClock(-1_000)
    await userEvent.click(page.getByRole('heading', { name: 'Where this computer answers' }))
    await expect.element(page.getByText('It agrees with the clocks of the seeds.')).toBeVisible()
    await expect.element(page.getByText(/about 2\u00a0days/)).not.toBeInTheDocument()
  })

  it('is not judged while no seed is connected', async () => {
    const { node } = await renderWindow({
      path: '/network',
      prepare: ({ controls }) => controls.setClock(9 * MINUTE_MS),
    })
    await expect.element(page.getByText(/about 9\u00a0minutes ahead/)).toBeVisible()
    node.controls.setNetwork('connecting')
    await userEvent.click(page.getByRole('heading', { name: 'Where this computer answers' }))
    await expect.element(page.getByText('No seed to compare it with has been met.')).toBeVisible()
  })

  it('is a hint in the composer and keeps nobody from posting', async () => {
    const { node } = await renderWindow({ prepare: ({ controls }) => controls.setClock(9 * MINUTE_MS) })
    await userEvent.click(button('Write a post').first())
    const dialog = page.getByRole('dialog')
    await expect.element(dialog.getByText(/about 9\u00a0minutes ahead. Others keep this post back/)).toBeVisible()
    // Named: a draft of another test may bring pictures, with fields of their own.
    await userEvent.fill(dialog.getByRole('textbox', { name: 'What do you have to say?' }), 'still said')
    await expect.element(dialog.getByRole('button', { name: /^Post/ })).toBeEnabled()
    node.controls.setClock(0)
    await expect.element(dialog.getByText(/about 9\u00a0minutes/)).not.toBeInTheDocument()
  })
})

it.each(['light', 'dark'] as const)('axe finds nothing on both in the %s theme', async (theme) => {
  await renderWindow({
    theme,
    path: '/network',
    prepare: ({ controls }) => {
      controls.setClock(9 * MINUTE_MS)
      controls.accounts.devices.replace()
    },
  })
  await expect.element(page.getByText(/about 9\u00a0minutes ahead/)).toBeVisible()
  await expect.element(page.getByText(/Nothing is lost/)).toBeVisible()
  expect(await findFaults()).toEqual([])
  location.hash = '#/settings/devices'
  await expect.element(page.getByText(/Former key of this computer/)).toBeVisible()
  expect(await findFaults()).toEqual([])
})
