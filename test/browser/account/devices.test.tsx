import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { callerOf, type FakeNode } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')
const fieldOfSecret = () => page.getByLabelText('The 24 words, or the paper key')
const wordsOf = (node: FakeNode) => node.controls.accounts.secrets.words.join(' ')
const step = (node: FakeNode) => node.controls.accounts.course.step()

async function openDevices(prepare?: (node: FakeNode) => void) {
  const { node } = await renderWindow({ path: '/settings/devices', ...(prepare === undefined ? {} : { prepare }) })
  await expect.element(page.getByRole('heading', { name: 'In use, 2' })).toBeVisible()
  return node
}

describe('the devices page', () => {
  it('names every device with its state', async () => {
    await openDevices()
    await expect.element(page.getByText(/This computer · last signed 21 minutes ago · 318 records here/)).toBeVisible()
    await expect.element(page.getByText(/last signed yesterday · 212 records here · linked by Atelier/)).toBeVisible()
    await expect.element(page.getByText('Retired', { exact: true })).toBeVisible()
  })

  it('renames one, and says when the name does not fit', async () => {
    const node = await openDevices()
    await userEvent.click(button('Rename: Portable de la cuisine'))
    const name = dialog().getByLabelText('Name')
    await expect.element(name).toHaveFocus()
    await userEvent.fill(name, 'é'.repeat(40))
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog().getByText('The name is 80 bytes long, the limit is 64.')).toBeVisible()
    await userEvent.fill(name, '  ')
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog().getByText('A name is needed.')).toBeVisible()
    await userEvent.fill(name, 'Kitchen laptop')
    node.controls.fail('devices.rename', 'disk-full')
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog().getByText('The disk is full.')).toBeVisible()
    await expect.element(name).toHaveValue('Kitchen laptop')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Kitchen laptop' })).toBeVisible()
  })

  it('retires this computer after saying what stays and what ends', async () => {
    const node = await openDevices()
    await userEvent.click(button('Retire: Atelier'))
    await expect.element(dialog().getByText(/It writes nothing more/)).toBeVisible()
    await userEvent.click(dialog().getByRole('button', { name: 'Retire this computer' }))
    await expect.element(page.getByRole('heading', { name: 'In use, 1' })).toBeVisible()
    await expect.element(button('Link another device')).not.toBeInTheDocument()
    expect((await callerOf(node).devices.list()).items[0]?.status).toBe('retired')
  })

  it('keeps the last device in use', async () => {
    const node = await openDevices((fake) => {
      fake.controls.accounts.devices.items = fake.controls.accounts.devices.items.map((item) =>
        item.isThis ? item : { ...item, status: item.name === 'Tour du grenier' ? 'retired' : 'active' },
      )
    })
    node.controls.fail('devices.retire', 'last-device')
    await userEvent.click(button('Retire: Atelier'))
    await userEvent.click(dialog().getByRole('button', { name: 'Retire this computer' }))
    await expect.element(dialog().getByText(/This is the last device in use/)).toBeVisible()
  })

  it('asks for the words before it revokes, refuses others, and takes the revocation back', async () => {
    const node = await openDevices()
    await userEvent.click(button('Revoke: Portable de la cuisine'))
    await expect.element(dialog().getByText(/^What it signs after this moment is hidden everywhere/)).toBeVisible()
    await expect.element(dialog().getByText(/may have read what was on it/)).toBeVisible()
    await userEvent.fill(fieldOfSecret(), 'these are not the words')
    await userEvent.click(button('Revoke the device'))
    await expect.element(dialog().getByText(/Words .* are not in the list/)).toBeVisible()
    await userEvent.fill(fieldOfSecret(), `${'abandon '.repeat(23)}art`)
    await userEvent.click(button('Revoke the device'))
    await expect.element(dialog().getByText(/neither the words nor the paper key of this account/)).toBeVisible()
    await userEvent.fill(fieldOfSecret(), wordsOf(node))
    await userEvent.click(button('Revoke the device'))
    await expect.element(page.getByText('Revoked', { exact: true })).toBeVisible()
    await userEvent.click(button('Restore: Portable de la cuisine'))
    await userEvent.fill(fieldOfSecret(), wordsOf(node))
    await userEvent.click(button('Restore the device'))
    await expect.element(page.getByRole('heading', { name: 'In use, 2' })).toBeVisible()
  })

  it('seals at the last own post, says that it needs one, and moves the seal afterwards', async () => {
    const node = await openDevices()
    const [, kitchen] = node.controls.accounts.devices.items
    const hidden = () => node.controls.accounts.devices.items.find(({ peerId }) => peerId === kitchen?.peerId)?.hidden
    await userEvent.click(button('Revoke: Portable de la cuisine'))
    await expect.element(dialog().getByRole('radio', { name: /^Everything up to now/ })).toBeChecked()
    await expect.element(dialog().getByText(/^Nothing is erased/)).toBeVisible()
    await userEvent.click(dialog().getByText('Everything up to one post'))
    await userEvent.fill(fieldOfSecret(), wordsOf(node))
    await userEvent.click(button('Revoke the device'))
    await expect.element(dialog().getByText('Choose the last post that is yours.')).toBeVisible()
    const posts = dialog().getByRole('group', { name: 'The last post that you wrote yourself' })
    await userEvent.click(posts.getByRole('radio').nth(1))
    await expect.element(dialog().getByText('Choose the last post that is yours.')).not.toBeInTheDocument()
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('Revoke the device'))
    await expect.element(page.getByText(/212 records here · 3 not shown/)).toBeVisible()
    expect(hidden()).toBe(3)
    await userEvent.click(button('Move the seal: Portable de la cuisine'))
    await userEvent.click(dialog().getByText('Nothing', { exact: true }))
    await userEvent.fill(fieldOfSecret(), wordsOf(node))
    await userEvent.click(dialog().getByRole('button', { name: 'Move the seal' }))
    await expect.element(page.getByText(/212 not shown/)).toBeVisible()
  })

  it('asks which of two copies is meant, and says when the posts can not be read', async () => {
    const node = await openDevices((fake) => {
      const { devices } = fake.controls.accounts
      devices.items = devices.items.map((item) => (item.isThis ? item : { ...item, forked: true }))
    })
    await userEvent.click(button('Revoke: Portable de la cuisine'))
    await expect.element(dialog().getByText(/^A copy of this device signed beside it/)).toBeVisible()
    node.controls.fail('devices.posts', 'internal', 'made to fail', 3)
    await userEvent.click(dialog().getByText('Everything up to one post'))
    await expect.element(dialog().getByText('Its posts could not be read (internal).')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await userEvent.click(button('Revoke: Portable de la cuisine'))
    await userEvent.click(dialog().getByText('Everything up to one post'))
    await expect.element(dialog().getByText('This one I never wrote.')).toBeVisible()
    await expect
      .element(
        dialog()
          .getByText(/a copy signed another one beside it/)
          .first(),
      )
      .toBeVisible()
  })

  it('says what to do about a copy and about a contested device', async () => {
    const node = await openDevices()
    const [own, kitchen] = node.controls.accounts.devices.items
    node.controls.accounts.devices.change(own?.peerId ?? '', { forked: true })
    node.controls.accounts.devices.change(kitchen?.peerId ?? '', { contested: true })
    await expect.element(page.getByText(/A copy of this computer is running elsewhere/)).toBeVisible()
    await expect.element(page.getByText(/Two orders of equal rank disagree/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    location.hash = '#/settings'
    await expect.element(page.getByText('One of them needs a decision of yours')).toBeVisible()
  })

  it('says so when the list can not be read', async () => {
    await renderWindow({
      path: '/settings/devices',
      prepare: (node) => node.controls.fail('devices.list', 'not-found', 'made to fail', 9),
    })
    await expect.element(page.getByText('The devices could not be read.')).toBeVisible()
  })
})

describe('linking another device', () => {
  async function openLink() {
    const { node } = await renderWindow({ path: '/settings/devices/link' })
    await userEvent.click(button('Show the link'))
    await expect.element(page.getByRole('heading', { name: 'Give this to the new computer.' })).toHaveFocus()
    return node
  }

  it('shows a code and a link, then the digits, then the new device', async () => {
    const node = await openLink()
    await expect.element(page.getByRole('img', { name: 'QR code: Link for the new device' })).toBeVisible()
    await expect.element(page.getByText(/^palabre:link\?/)).toBeVisible()
    await expect.element(page.getByText(/It works once, until/)).toBeVisible()
    step(node)
    await expect.element(page.getByText('481 905')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('It is the same'))
    await expect.element(page.getByRole('heading', { name: 'Now the other one.' })).toBeVisible()
    step(node)
    await expect.element(page.getByText(/Leave both computers on/)).toBeVisible()
    step(node)
    await expect.element(page.getByRole('heading', { name: 'Tablette du salon is linked.' })).toBeVisible()
    await userEvent.click(button('To the devices'))
    await expect.element(page.getByRole('heading', { name: 'In use, 3' })).toBeVisible()
  })

  it('takes the link back', async () => {
    await openLink()
    await userEvent.click(button('Take the link back'))
    await expect.element(button('Show the link')).toBeVisible()
  })

  it('says why it failed, and begins anew', async () => {
    const node = await openLink()
    step(node)
    await userEvent.click(button('It is not'))
    await expect.element(page.getByText(/Somebody said that the digits differ/)).toBeVisible()
    await userEvent.click(button('Show a new link'))
    await expect.element(page.getByRole('heading', { name: 'Give this to the new computer.' })).toBeVisible()
  })

  it('says when this device may not', async () => {
    const { node } = await renderWindow({ path: '/settings/devices/link' })
    node.controls.fail('link.offer', 'no-right')
    await userEvent.click(button('Show the link'))
    await expect.element(page.getByText(/may no longer decide that/)).toBeVisible()
  })

  it('goes by the keyboard alone', async () => {
    const { node } = await renderWindow({ path: '/settings/devices/link' })
    await expect.element(button('Show the link')).toBeVisible()
    ;(document.querySelector('main button[class*="primary"]') as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Give this to the new computer.' })).toHaveFocus()
    step(node)
    await expect.element(page.getByRole('heading', { name: 'Is it the same on both screens?' })).toHaveFocus()
    await userEvent.tab()
    await expect.element(button('It is not')).toHaveFocus()
    await userEvent.tab()
    await expect.element(button('It is the same')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Now the other one.' })).toHaveFocus()
  })
})
