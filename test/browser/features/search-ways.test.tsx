import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { callerOf } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const STRANGER = '12D3KooWHHNkN1b3sVR4a1tVZ4LTFNxsWoYJYbUfDHzQDT7rD2uD'

describe('the page of somebody of whom only the peer ID is known', () => {
  it('looks for them, says which ways were tried and what to do, and looks again when it is asked to', async () => {
    await renderWindow({ path: `/profile/${STRANGER}` })
    const search = page.getByRole('region', { name: 'The search for this account' })
    await expect.element(search.getByText('Who is connected')).toBeVisible()
    await expect.element(search.getByText('3 asked, nothing')).toBeVisible()
    await expect.element(search.getByText('nobody to ask')).toBeVisible()
    await expect.element(search.getByText('not open here')).toBeVisible()
    await expect.element(search.getByRole('status').getByText(/knows this peer ID/u)).toBeVisible()
    await expect.element(page.getByText('Nobody reached so far knows this account.')).toBeVisible()
    await search.getByRole('button', { name: 'Look again' }).click()
    await expect.element(search.getByText('6 asked, nothing')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})

describe('the dialog in which somebody is followed by peer ID', () => {
  it('says that nobody knows them yet, and no longer that they are being looked for', async () => {
    await renderWindow({ path: '/' })
    await page.getByRole('button', { name: 'Follow somebody' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Follow somebody' })
    await dialog.getByRole('textbox', { name: 'Peer ID or link' }).fill(STRANGER)
    await dialog.getByRole('button', { name: 'Follow', exact: true }).click()
    await expect.element(dialog.getByRole('heading', { name: 'Not found yet' })).toBeVisible()
    await expect.element(dialog.getByText('3 asked, nothing')).toBeVisible()
    await expect.element(dialog.getByText('nothing more to do', { exact: false })).not.toBeInTheDocument()
    expect(await findFaults()).toEqual([])
  })
})

describe('the Network page without a seed', () => {
  it('says that people are reached directly, and since when', async () => {
    const { node } = await renderWindow({ path: '/network' })
    const [peer] = (await callerOf(node).network.status()).peers.filter(({ role }) => role === 'peer')
    if (peer === undefined) throw new Error('nobody is there')
    node.controls.patchNetwork({ peers: [peer], seeds: 0, direct: { since: Date.now() - 120_000 } })
    await expect.element(page.getByRole('heading', { name: 'No seed can be reached.' })).toBeVisible()
    await expect.element(page.getByText(/Direct mode since .*; 1 is connected now/u)).toBeVisible()
  })
})
