import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const field = () => page.getByRole('textbox', { name: 'What do you have to say?' })
const part = (number: number) => page.getByRole('textbox', { name: `Part ${number}` })
const add = () => page.getByRole('button', { name: 'Continue the thread' })
const send = () => userEvent.keyboard('{Control>}{Enter}{/Control}')

async function write(...texts: readonly string[]) {
  const app = await openFakeApp()
  await page.getByRole('button', { name: 'Write a post' }).first().click()
  await field().fill(texts[0] ?? '')
  for (const [index, text] of texts.slice(1).entries()) {
    await add().click()
    await expect.element(part(index + 2)).toHaveFocus()
    await part(index + 2).fill(text)
  }
  const own = () =>
    app.square.postsNewestFirst((post) => post.author === app.square.me && texts.includes(post.text)).toReversed()
  const textOf = (id: string | null) => (id === null ? null : (app.square.posts.get(id)?.text ?? null))
  const chain = () => own().map(({ text, reply }) => [text, textOf(reply)])
  return { ...app, chain }
}

describe('a thread that is written at once', () => {
  it('is posted in order, each part a reply to the one before, with a counter for each', async () => {
    const { chain } = await write('One.', 'Two.', 'Three.')
    await expect.element(page.getByText('2,996 left').first()).toBeVisible()
    expect(page.getByText('2,996 left').elements()).toHaveLength(2)
    await send()
    await expect
      .element(page.getByText('The thread is posted. It stands on this computer and leaves by itself.'))
      .toBeVisible()
    expect(chain()).toEqual([
      ['One.', null],
      ['Two.', 'One.'],
      ['Three.', 'Two.'],
    ])
  })

  it('keeps all parts in its draft, and leaves out those without words', async () => {
    const app = await write('One.', 'Two.', '  ')
    await expect.element(page.getByText(/^Draft saved/)).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await app.screen.unmount()
    const { square } = await openFakeApp()
    await page.getByRole('button', { name: 'Write a post' }).first().click()
    await expect.element(part(2)).toHaveValue('Two.')
    const before = square.posts.size
    await field().click()
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(square.posts.size).toBe(before + 2)
  })

  it('says how far it came when it breaks off, keeps the rest, and goes on below what stands', async () => {
    const { controls, chain } = await write('One.', 'Two.', 'Three.')
    // The first goes through, the second is refused.
    controls.fail('posts.create', 'disk-full', 'made to fail', 1, 1)
    await send()
    await expect.element(page.getByText(/Only the first part is posted\. The disk is full/)).toBeVisible()
    expect(chain()).toEqual([['One.', null]])
    await expect.element(field()).toHaveValue('Two.')
    await expect.element(part(2)).toHaveValue('Three.')
    await expect.element(page.getByText(/^This goes on below the last part/)).toBeVisible()
    await field().click()
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(chain()).toEqual([
      ['One.', null],
      ['Two.', 'One.'],
      ['Three.', 'Two.'],
    ])
  })

  it('changes the order of its parts with Alt and an arrow, and loses one on request', async () => {
    const { chain } = await write('One.', 'Two.', 'Three.')
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await expect.element(part(2)).toHaveValue('Three.')
    await part(2).click()
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await expect.element(field()).toHaveValue('Three.')
    await page.getByRole('button', { name: 'Remove part 3' }).click()
    await field().click()
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(chain()).toEqual([
      ['Three.', null],
      ['One.', 'Three.'],
    ])
  })

  it('is not sent while a part is too long', async () => {
    await write('One.', 'x'.repeat(3_001))
    await expect
      .element(page.getByRole('dialog').getByRole('button', { name: /^Post/ }))
      .toHaveAttribute('aria-disabled', 'true')
    await expect.element(page.getByText('1 too long').first()).toBeVisible()
  })

  it('fits 360 pixels in French, and axe finds nothing', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const app = await openFakeApp({ theme, language: 'fr', width: 360 })
      await page.getByRole('button', { name: 'Écrire' }).first().click()
      await page.getByRole('button', { name: 'Continuer le fil' }).click()
      await expect.element(page.getByRole('textbox', { name: 'Partie 2' })).toHaveFocus()
      await userEvent.keyboard('Et puis.')
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await app.screen.unmount()
      localStorage.clear()
    }
  })
})
