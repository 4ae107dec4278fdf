import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { CatchUp } from '../../../core/contract/catch-up.ts'

import { callerOf, type FakeNode } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const NETWORK = '/network'

/** What the sample node would say, from its first seeds. */
async function catchUpOf(node: FakeNode, change: Partial<CatchUp> = {}, count = 1): Promise<CatchUp> {
  const { peers } = await callerOf(node).network.status()
  return {
    received: 1_234,
    expected: 20_000,
    ratePerSecond: 240.4,
    secondsLeft: 130,
    startedAt: Date.now() - 5_000,
    ...change,
    peers: peers.slice(0, count).map(({ peerId }) => ({ peerId, received: 1_234, expected: 20_000 })),
  }
}

const section = () => page.getByRole('region', { name: 'Catching up' })
const bar = () => section().getByRole('progressbar', { name: 'Records that have come' })
const strip = () => page.getByText(/posts and other records/)
/** What screen readers are told. */
const said = () =>
  [...document.querySelectorAll('[role="status"]')]
    .map((status) => status.textContent)
    .filter((text) => text.startsWith('Catching up'))

describe('catching up, on the Network page', () => {
  it('comes by itself, says how many of how many, how fast, how long yet and from whom, and goes', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    await expect.element(page.getByRole('heading', { name: 'Network', level: 1 })).toBeVisible()
    await expect.element(section()).not.toBeInTheDocument()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, {}, 2) })
    await expect.element(section().getByText('1,234 of about 20,000')).toBeVisible()
    await expect.element(bar()).toHaveAttribute('value', '1234')
    await expect.element(bar()).toHaveAttribute('max', '20000')
    await expect.element(section().getByText('240 records a second', { exact: false })).toBeVisible()
    await expect.element(section().getByText('about 2\u00a0minutes left')).toBeVisible()
    await expect.element(section().getByText(/^From Seed of the mill and Bibliothèque\. The newest/)).toBeVisible()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received: 19_000, secondsLeft: 4 }) })
    await expect.element(section().getByText('19,000 of about 20,000')).toBeVisible()
    await expect.element(section().getByText('less than a minute left')).toBeVisible()
    node.controls.patchNetwork({ catchUp: null })
    await expect.element(section()).not.toBeInTheDocument()
  })

  it('says when nothing comes, and no time that nobody knows', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { ratePerSecond: 0, secondsLeft: null }) })
    await expect.element(section().getByText('Nothing comes at the moment.')).toBeVisible()
    await expect.element(section().getByText(/left$/)).not.toBeInTheDocument()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received: 0, ratePerSecond: 0, secondsLeft: null }) })
    await expect.element(section().getByText(/^Identity chains come first/)).toBeVisible()
  })

  it('counts those whom it does not name', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    const { peers, ...rest } = await catchUpOf(node)
    const others = ['12D3KooWStranger', '12D3KooWNameless', '12D3KooWUnknown', '12D3KooWFifth']
    const more = others.map((peerId) => ({ peerId, received: 0, expected: 10 }))
    node.controls.patchNetwork({ catchUp: { ...rest, peers: [...peers, ...more] } })
    await expect.element(section().getByText(/^From Seed of the mill, .+ and 3 others\./)).toBeVisible()
  })

  it('leaves a handful of records alone', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received: 0, expected: 199 }) })
    // The next one shows that the one before was read.
    await expect.poll(async () => (await callerOf(node).network.status()).catchUp?.expected).toBe(199)
    node.controls.setClock(9 * 60_000)
    await expect.element(page.getByText(/about 9\u00a0minutes ahead/)).toBeVisible()
    await expect.element(section()).not.toBeInTheDocument()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received: 0, expected: 200 }) })
    await expect.element(section().getByText('0 of about 200')).toBeVisible()
  })

  it('tells screen readers of its quarters, not of every figure', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    await expect.element(page.getByRole('heading', { name: 'Network', level: 1 })).toBeVisible()
    expect(said()).toEqual([])
    node.controls.patchNetwork({ catchUp: await catchUpOf(node) })
    await expect.poll(said).toEqual(['Catching up: 0% of what was asked for is here.'])
    for (const [received, part] of [
      [4_999, '0%'],
      [5_000, '25%'],
      [9_999, '25%'],
      [19_999, '75%'],
    ] as const) {
      node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received }) })
      await expect.element(section().getByText(`${received.toLocaleString('en')} of about 20,000`)).toBeVisible()
      expect(said()).toEqual([`Catching up: ${part} of what was asked for is here.`])
    }
  })
})

describe('catching up, on home', () => {
  it('is said where the timeline is empty, while something comes', async () => {
    const { node } = await renderWindow({ sample: 'empty' })
    await expect.element(page.getByText('The square is quiet.')).toBeVisible()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { received: 1_200, expected: 5_000 }) })
    await expect
      .element(strip())
      .toHaveTextContent('Catching up: 1,200 of about 5,000 posts and other records. The newest come first.')
    await expect.element(page.getByRole('link', { name: 'See how far' })).toBeVisible()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node, { ratePerSecond: 0 }) })
    await expect.element(strip()).not.toBeInTheDocument()
  })

  it('leads to the Network page, and stands on no other', async () => {
    const { node } = await renderWindow({ sample: 'empty' })
    node.controls.patchNetwork({ catchUp: await catchUpOf(node) })
    await page.getByRole('link', { name: 'See how far' }).click()
    await expect.element(section()).toBeVisible()
    await expect.element(strip()).not.toBeInTheDocument()
  })

  it('is not said to somebody who has new posts to read', async () => {
    const { node } = await renderWindow()
    await expect.element(page.getByRole('article').first()).toBeVisible()
    node.controls.patchNetwork({ catchUp: await catchUpOf(node) })
    node.controls.setClock(9 * 60_000)
    await expect.element(page.getByText(/about 9\u00a0minutes ahead/)).toBeVisible()
    await expect.element(strip()).not.toBeInTheDocument()
  })

  it('gives way to the account that comes back, which says it itself', async () => {
    const { node } = await renderWindow({ sample: 'empty' })
    node.controls.patchNetwork({ catchUp: await catchUpOf(node) })
    await expect.element(strip()).toBeVisible()
    node.controls.accounts.recovery.restore('words')
    await expect.element(page.getByText(/Your account is coming back/)).toBeVisible()
    await expect.element(strip()).not.toBeInTheDocument()
  })
})

it.each(['light', 'dark'] as const)('axe finds nothing on both in the %s theme', async (theme) => {
  const { node } = await renderWindow({ theme, sample: 'empty', width: 390, height: 844 })
  node.controls.patchNetwork({ catchUp: await catchUpOf(node, {}, 2) })
  await expect.element(strip()).toBeVisible()
  expect(await findFaults()).toEqual([])
  location.hash = `#${NETWORK}`
  await expect.element(section()).toBeVisible()
  expect(await findFaults()).toEqual([])
})
