import { expect, it, onTestFinished } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { App } from '../../../renderer/app/app.tsx'
import { applyTheme } from '../../../renderer/app/theme.ts'
import { DesktopTransport } from '../../../renderer/rpc/desktop-transport.ts'
import { createFakeNode, serveDesktop } from '../harness/fake-node.ts'
import { renderNow } from '../harness/render-now.ts'
import { findFaults, type Theme } from '../harness/window.tsx'

const PASSPHRASE = 'quatre chaises sous le tilleul'

/** A desktop app whose node waits for the passphrase. */
async function openSealed(theme: Theme = 'light') {
  await page.viewport(1_280, 820)
  localStorage.setItem('palabre.settings', JSON.stringify({ theme, language: 'en', singleKeys: true }))
  location.hash = '#/'
  const node = await createFakeNode('square')
  const heard: string[] = []
  let attempt = 1
  const ask = () => window.postMessage({ type: 'palabre:locked', attempt }, location.origin)
  window.palabreDesktop = {
    requestPort: ask,
    unlock: (passphrase) => {
      heard.push(passphrase)
      attempt += 1
      if (passphrase !== PASSPHRASE) return ask()
      serveDesktop(node)
      window.palabreDesktop?.requestPort()
    },
  }
  applyTheme(theme)
  const transport = new DesktopTransport()
  onTestFinished(() => transport.close())
  await renderNow(<App transport={transport} />)
  return heard
}

it('asks for the passphrase of a sealed computer, again when it was wrong, and goes on when it is right', async () => {
  const heard = await openSealed()
  const field = page.getByLabelText('Passphrase')
  await expect.element(page.getByRole('heading', { name: 'This computer is sealed.', level: 1 })).toBeVisible()
  await expect.element(field).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText('A passphrase is needed.')).toBeVisible()
  await userEvent.keyboard('table{Enter}')
  await expect.element(page.getByText(/That is not it/)).toBeVisible()
  await expect.element(field).toHaveValue('')
  await userEvent.fill(field, PASSPHRASE)
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible()
  expect(heard).toEqual(['table', PASSPHRASE])
  expect(JSON.stringify({ ...localStorage })).not.toContain(PASSPHRASE)
})

it('takes the 24 words where the passphrase is forgotten', async () => {
  const words = `${'abandon '.repeat(23)}art`
  const heard = await openSealed()
  await userEvent.click(page.getByRole('button', { name: 'Forgot the passphrase? Use the 24 words' }))
  const field = page.getByLabelText('The 24 words')
  await expect.element(field).toHaveFocus()
  await userEvent.fill(field, 'twelve words')
  await userEvent.click(page.getByRole('button', { name: 'Open' }))
  await expect.element(page.getByText(/not in the list/)).toBeVisible()
  expect(heard).toEqual([])
  await userEvent.fill(field, words)
  await userEvent.click(page.getByRole('button', { name: 'Open' }))
  await expect.element(page.getByText(/These words do not open this computer/)).toBeVisible()
  await expect.element(field).toHaveValue('')
  await expect.element(page.getByText(/Afterwards set a new passphrase/)).toBeVisible()
  expect(await findFaults()).toEqual([])
  await userEvent.click(page.getByRole('button', { name: 'Use the passphrase' }))
  await expect.element(page.getByText(/That is not it/)).not.toBeInTheDocument()
  await userEvent.fill(page.getByLabelText('Passphrase'), PASSPHRASE)
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible()
  expect(heard).toEqual([words, PASSPHRASE])
})

it.each(['light', 'dark'] as const)('axe finds nothing on it in the %s theme', async (theme) => {
  await openSealed(theme)
  await expect.element(page.getByLabelText('Passphrase')).toBeVisible()
  expect(await findFaults()).toEqual([])
})
