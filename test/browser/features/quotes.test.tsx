import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { findFaults, settle } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const articles = () => page.getByRole('article')
const first = () => articles().first()
const quote = () => first().getByRole('blockquote')
const field = () => page.getByRole('dialog').getByRole('textbox', { name: 'What do you have to say?' })

/** A post that stands on top of home and quotes that one. */
const quoting = (id: string) => ({
  prepare: (controls: Parameters<typeof addPost>[0]) => void addPost(controls, 'quoting', { text: 'Look.', quote: id }),
})

describe('quotes', () => {
  it('are written from the menu of the repost button, with the quoted post in sight', async () => {
    await openFakeApp()
    await first().getByRole('button', { name: 'Repost', exact: true }).click()
    await page.getByRole('menuitem', { name: /^Quote/ }).click()
    await expect.element(page.getByRole('dialog', { name: 'Quote a post' })).toBeVisible()
    await expect
      .element(
        page
          .getByRole('dialog')
          .getByRole('blockquote')
          .getByText(/First boat through at 6:40/),
      )
      .toBeVisible()
    await field().fill('A heron with a job.')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect.element(first().getByText('A heron with a job.')).toBeVisible()
    await expect.element(quote().getByText(/First boat through at 6:40/)).toBeVisible()
  })

  it('are written with q, while t reposts at once', async () => {
    await openFakeApp()
    await expect.element(first()).toBeVisible()
    await userEvent.keyboard('j')
    await expect.element(first()).toHaveFocus()
    await userEvent.keyboard('t')
    await expect.element(first().getByRole('button', { name: /^Reposted by you, 1/ })).toBeVisible()
    await userEvent.keyboard('q')
    await expect.element(page.getByRole('dialog', { name: 'Quote a post' })).toBeVisible()
  })

  it('keep a draft of their own for each post', async () => {
    await openFakeApp()
    const write = async (post: ReturnType<typeof first>) => {
      await post.getByRole('button', { name: 'Repost', exact: true }).click()
      await page.getByRole('menuitem', { name: /^Quote/ }).click()
    }
    await write(first())
    await field().fill('Half a thought')
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await write(articles().nth(1))
    await expect.element(field()).toHaveValue('')
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await write(first())
    await expect.element(field()).toHaveValue('Half a thought')
  })

  it('lead to the thread of what they quote, and the rest of the post to its own', async () => {
    await openFakeApp(quoting(fakeRecordId('bread')))
    // The link lies over the words.
    await quote()
      .getByText(/^Rye is out/)
      .click({ force: true })
    await expect.poll(() => location.hash).toBe(`#/thread/${fakeRecordId('bread')}`)
    history.back()
    await first().getByText('Look.').click()
    await expect.poll(() => location.hash).toBe(`#/thread/${fakeRecordId('quoting')}`)
  })

  it('say what was deleted and what is not here', async () => {
    await openFakeApp({
      prepare: (controls) => {
        addPost(controls, 'a', { text: 'Of what is gone.', quote: fakeRecordId('gone'), ts: Date.now() })
        addPost(controls, 'b', { text: 'Of what is elsewhere.', quote: fakeRecordId('nowhere'), ts: Date.now() - 9 })
      },
    })
    await expect.element(first().getByText(/The quoted post was deleted by its author, /)).toBeVisible()
    await expect
      .element(
        articles()
          .nth(1)
          .getByText(/is not on this computer yet/),
      )
      .toBeVisible()
  })

  it('lose their words at once when the quoted post is deleted', async () => {
    const { controls, square } = await openFakeApp(quoting(fakeRecordId('bread')))
    await expect.element(quote().getByText(/^Rye is out/)).toBeVisible()
    const bread = square.posts.get(fakeRecordId('bread'))
    if (bread) bread.deletedAt = Date.now()
    controls.emit({ type: 'posts', ids: [fakeRecordId('bread')], all: false })
    await expect.element(quote().getByText(/was deleted by its author/)).toBeVisible()
    await expect.element(quote().getByText(/^Rye is out/)).not.toBeInTheDocument()
  })

  it('stand below their post when that is edited, and stay', async () => {
    const id = fakeRecordId('quoting')
    await openFakeApp({
      path: `/thread/${id}`,
      prepare: (controls) =>
        void addPost(controls, 'quoting', {
          author: fakePeerId('ines'),
          text: 'Look.',
          quote: fakeRecordId('bread'),
        }),
    })
    await first().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await expect
      .element(
        page
          .getByRole('dialog')
          .getByRole('blockquote')
          .getByText(/^Rye is out/),
      )
      .toBeVisible()
    await field().fill('Look again.')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(first().getByText('Look again.')).toBeVisible()
    await expect.element(quote().getByText(/^Rye is out/)).toBeVisible()
  })

  it.each(['light', 'dark'] as const)('have nothing that axe finds in the %s theme', async (theme) => {
    await openFakeApp({ theme, ...quoting(fakeRecordId('bread')) })
    await expect.element(quote()).toBeVisible()
    await settle()
    expect(await findFaults()).toEqual([])
    await first().getByRole('button', { name: 'Repost', exact: true }).click()
    await page.getByRole('menuitem', { name: /^Quote/ }).click()
    await expect.element(page.getByRole('dialog').getByRole('blockquote')).toBeVisible()
    await settle()
    expect(await findFaults()).toEqual([])
  })
})
