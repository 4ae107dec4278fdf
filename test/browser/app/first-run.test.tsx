import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { growLeaves, scatterLight } from '../../../renderer/features/onboarding/tree-shape.ts'
import { pickPlaces } from '../../../renderer/features/recovery/pick-places.ts'
import { callerOf } from '../harness/fake-node.ts'
import { renderWindow } from '../harness/window.tsx'

it('asks for a name, offers to follow somebody, and leads in', async () => {
  const { node } = await renderWindow({ sample: 'newcomer' })
  await expect.element(page.getByRole('heading', { name: 'Sit down under the tree.' })).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: /^I am new here/ }))
  await expect.element(page.getByLabelText('What are you called here?')).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText('A name is needed, a first name is enough.')).toBeVisible()
  await userEvent.keyboard('Ibou Faye{Enter}')
  await expect.element(page.getByRole('heading', { name: 'Who would you like to hear?' })).toHaveFocus()
  await userEvent.fill(page.getByLabelText('Link or peer ID'), 'not an address')
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText(/neither a peer ID nor a palabre: link/)).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Enter the square' }))
  await expect.element(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible()
  expect((await callerOf(node).account.get()).name).toBe('Ibou Faye')
})

it('keeps the name and says why when the account could not be made', async () => {
  const { node } = await renderWindow({ sample: 'newcomer' })
  node.controls.fail('account.create', 'disk-full')
  await userEvent.click(page.getByRole('button', { name: /^I am new here/ }))
  await userEvent.fill(page.getByLabelText('What are you called here?'), 'Ibou')
  await userEvent.click(page.getByRole('button', { name: 'Sit down' }))
  await expect.element(page.getByText(/could not be made \(disk-full\)/)).toBeVisible()
  await expect.element(page.getByLabelText('What are you called here?')).toHaveValue('Ibou')
})

it('changes the language from the first screen on', async () => {
  await renderWindow({ sample: 'newcomer' })
  await userEvent.click(page.getByText('Français'))
  await expect.element(page.getByRole('heading', { name: 'Asseyez-vous sous l’arbre.' })).toBeVisible()
  await expect.poll(() => document.documentElement.lang).toBe('fr')
})

it('draws the same tree every time', () => {
  expect(growLeaves()).toEqual(growLeaves())
  expect(scatterLight()).toEqual(scatterLight())
  expect(growLeaves().length).toBeLessThan(160)
})

it('shows the words when asked, asks for three of them, and says that they are erased', async () => {
  const { node } = await renderWindow({ path: '/settings/words' })
  const { words } = await callerOf(node).account.words()
  await expect.element(page.getByText(words?.[5] ?? '', { exact: true })).not.toBeInTheDocument()
  await expect.element(page.getByText(/^Keys lie readable on this disk/)).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Show the words' }))
  await expect
    .element(
      page
        .getByRole('listitem')
        .filter({ hasText: words?.[5] ?? '' })
        .first(),
    )
    .toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'I have written them down' }))
  const fields = page.getByRole('textbox').filter({ hasNot: page.getByRole('searchbox') })
  await expect.poll(() => fields.elements().length).toBe(3)
  for (const field of fields.elements()) await userEvent.fill(field, 'zebra')
  await userEvent.click(page.getByRole('button', { name: 'Confirm' }))
  await expect.element(page.getByText(/At least one word is another/)).toBeVisible()
  for (const field of fields.elements()) {
    const place = Number(/\d+/.exec((field as HTMLInputElement).labels?.[0]?.textContent ?? '')?.[0])
    await userEvent.fill(field, words?.[place - 1] ?? '')
  }
  await userEvent.click(page.getByRole('button', { name: 'Confirm' }))
  await expect.element(page.getByText(/erased from this computer/)).toBeVisible()
  expect((await callerOf(node).account.get()).wordsPending).toBe(false)
  expect(localStorage.getItem('palabre.settings')).not.toContain(words?.[5] ?? '')
})

it('picks different places, in rising order', () => {
  for (let round = 0; round < 200; round++) {
    const places = pickPlaces(24, 3)
    expect(new Set(places).size).toBe(3)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(places.every((place) => place >= 0 && place < 24)).toBe(true)
  }
})
