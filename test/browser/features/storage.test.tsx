import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { readBytes } from '../../../renderer/features/storage/budget-form.tsx'
import { readCap } from '../../../renderer/features/storage/saving-section.tsx'
import { findFaults, renderWindow } from '../harness/window.tsx'

const path = '/network'

/** It is rarely needed, and folded until it is. */
const unfold = () => page.getByRole('heading', { name: 'Room and traffic' }).click()

describe('the data on the Network page', () => {
  it('says what lies here, whose it is, and what came and went', async () => {
    await renderWindow({ path })
    await unfold()
    const data = page.getByRole('region', { name: 'Data' })
    await expect.element(data.getByText('642 MB of 1.1 GB')).toBeVisible()
    await expect.element(data.getByText('people you don’t know, 150 MB')).toBeVisible()
    await expect.element(data.getByRole('link', { name: 'Awa Ndiaye' })).toBeVisible()
    const days = page.getByRole('region', { name: 'Came and went' }).getByRole('row')
    await expect.poll(() => days.elements().length).toBe(15)
  })

  it('changes a budget, and says what is no size', async () => {
    const { node } = await renderWindow({ path })
    await unfold()
    const field = page.getByLabelText('Room for pictures, in GB')
    await field.fill('a lot')
    await page.getByRole('button', { name: 'Change' }).click()
    await expect.element(page.getByText('A number of gigabytes, from 0.02 on, such as 2.5')).toBeVisible()
    await field.fill('8')
    await page.getByRole('button', { name: 'Change' }).click()
    await expect.element(page.getByText('3.4 GB of 8 GB')).toBeVisible()
    expect(node.controls.storage.get().budgets).toMatchObject({ recordBytes: 1_024 ** 3, mediaBytes: 8_000_000_000 })
  })

  it('takes a cap for a day, says what is none, and saves more where pictures are asked for', async () => {
    const { node } = await renderWindow({ path })
    await unfold()
    const saving = page.getByRole('region', { name: 'Saving data' })
    const field = saving.getByLabelText('Cap for a day, in MB')
    const change = saving.getByRole('button', { name: 'Set the cap' })
    await expect.element(change).toBeDisabled()
    await field.fill('9')
    await change.click()
    await expect.element(saving.getByText(/A whole number of megabytes/u)).toBeVisible()
    await field.fill('500')
    await change.click()
    await expect.poll(() => node.controls.settings().trafficCapBytes).toBe(500_000_000)
    await field.fill('')
    await change.click()
    await expect.poll(() => node.controls.settings().trafficCapBytes).toBeNull()
    await saving.getByRole('switch', { name: /Pictures only when I ask/u }).click()
    await expect.poll(() => node.controls.settings().pictures).toBe('asked')
    await expect.element(field).not.toBeInTheDocument()
    expect(await findFaults()).toEqual([])
  })

  it('reads caps', () => {
    expect(['', ' 10 ', '9', '1000000', '1000001', '1.5', '-20', 'much'].map(readCap)).toEqual([
      null,
      10_000_000,
      undefined,
      1_000_000_000_000,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('leaves budgets alone that the start has set', async () => {
    await renderWindow({
      path,
      prepare: ({ controls }) => controls.storage.setFixed(['recordBytes', 'mediaBytes']),
    })
    await unfold()
    await expect.element(page.getByText(/were set when this node was started/u)).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Change' })).not.toBeInTheDocument()
  })

  it('says on every page that the disk has little room, and what is left out', async () => {
    const { node } = await renderWindow({ path: '/' })
    node.controls.storage.setState('own-only')
    node.controls.emit({ type: 'network' })
    await expect.element(page.getByText(/Hardly any room on this disk: 94 MB free/u)).toBeVisible()
    node.controls.storage.setState('plenty')
    node.controls.emit({ type: 'network' })
    await expect.element(page.getByText(/Hardly any room/u)).not.toBeInTheDocument()
  })

  it.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
    await renderWindow({ path, theme, prepare: ({ controls }) => controls.storage.setState('low') })
    await expect.element(page.getByText('Who takes most')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})

describe('readBytes', () => {
  it('takes gigabytes with a point or a comma, from 0.02 on', () => {
    expect(['2.5', '2,5', ' 8 ', '0.02'].map(readBytes)).toEqual([2.5e9, 2.5e9, 8e9, 2e7])
    for (const text of ['', '0', '0.01', '-1', '1e3', '1.2345', '12345678', '1 000', 'x']) {
      expect(readBytes(text)).toBeUndefined()
    }
  })
})
