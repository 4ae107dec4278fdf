import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { ImportView } from '../../../core/contract/archive.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const NETWORK = '/network'

const view: ImportView = {
  file: 'square.car',
  step: 'running',
  doneBytes: 50_000_000,
  totalBytes: 600_000_000,
  resumedAtBytes: null,
  operations: { added: 5_000, known: 0 },
  records: { added: 1_234, known: 7 },
  refused: [
    { verdict: 'hold', reason: 'unknown-identity', count: 2 },
    { verdict: 'reject', reason: 'bad-cbor', count: 1 },
  ],
  ratePerSecond: 240.4,
  secondsLeft: 130,
  startedAt: 1_800_000_000_000,
  endedAt: null,
  failure: null,
}

const section = () => page.getByRole('region', { name: 'Importing square.car' })

describe('an import, on the Network page', () => {
  it('comes by itself, says how much of the file, what came of it, how fast and how long yet, and goes', async () => {
    const { node } = await renderWindow({ path: NETWORK })
    await expect.element(page.getByRole('heading', { name: 'Network', level: 1 })).toBeVisible()
    await expect.element(section()).not.toBeInTheDocument()
    node.controls.archive.set(view)
    await expect.element(section().getByText('50 MB of 600 MB')).toBeVisible()
    const bar = section().getByRole('progressbar', { name: 'Of the file, what has been taken in' })
    await expect.element(bar).toHaveAttribute('value', '50000000')
    await expect.element(section().getByText('240 records a second', { exact: false })).toBeVisible()
    await expect.element(section().getByText('about 2\u00a0minutes left')).toBeVisible()
    await expect.element(section().getByText(/^1,234 new records, 7 here already, 3 not kept\./)).toBeVisible()
    await expect.element(page.getByText('Importing square.car: 0% of the file has been taken in.')).toBeInTheDocument()
    node.controls.archive.set({ ...view, ratePerSecond: 0, secondsLeft: null })
    await expect.element(section().getByText(/left$/)).not.toBeInTheDocument()
    node.controls.archive.set(null)
    await expect.element(section()).not.toBeInTheDocument()
  })

  it.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
    const { node } = await renderWindow({ path: NETWORK, theme })
    node.controls.archive.set(view)
    await expect.element(section()).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
