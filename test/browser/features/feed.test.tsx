import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { undoWindow } from '../../../renderer/features/post/pending-deletions.ts'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const articles = () => page.getByRole('article')
const first = () => articles().first()

describe('home', () => {
  it('shows posts newest first, with their place in the feed', async () => {
    await openFakeApp()
    await expect.element(page.getByRole('feed')).toBeVisible()
    await expect.element(first().getByText(/First boat through at 6:40/)).toBeVisible()
    await expect.element(first()).toHaveAttribute('aria-posinset', '1')
  })

  it('brings new posts straight in while the top is in sight', async () => {
    const { controls } = await openFakeApp()
    await expect.element(first()).toBeVisible()
    controls.arrive(['Tout frais.'])
    await expect.element(first().getByText(/Tout frais\./)).toBeVisible()
    await expect.element(page.getByRole('button', { name: '1 new post' })).not.toBeInTheDocument()
  })

  it('holds new posts behind the pill while somebody reads, and nothing jumps', async () => {
    const { controls } = await openFakeApp()
    await expect.element(first()).toBeVisible()
    window.scrollTo(0, 400)
    await expect.poll(() => window.scrollY).toBe(400)
    const seen = page.getByText(/^Rye is out/).element()
    const before = seen.getBoundingClientRect().top
    controls.arrive(['Un.', 'Deux.', 'Trois.'])
    const pill = page.getByRole('button', { name: '3 new posts' })
    await expect.element(pill).toBeVisible()
    expect(seen.getBoundingClientRect().top).toBe(before)
    expect(window.scrollY).toBe(400)
    await pill.click()
    await expect.element(first().getByText(/Trois\./)).toBeVisible()
    await expect.poll(() => window.scrollY).toBe(0)
    await expect.element(pill).not.toBeInTheDocument()
  })

  it('keeps the place over a visit to a thread', async () => {
    await openFakeApp()
    await expect.element(first()).toBeVisible()
    window.scrollTo(0, 1_500)
    await expect.poll(() => window.scrollY).toBe(1_500)
    const post = page.getByText(/^Posters for the winter market/)
    await expect.element(post).toBeInTheDocument()
    post.element().scrollIntoView({ block: 'center' })
    await expect.poll(() => Math.abs(post.element().getBoundingClientRect().top - 410)).toBeLessThan(40)
    const before = post.element().getBoundingClientRect().top
    await post.click()
    await expect.element(page.getByRole('heading', { name: 'Thread' })).toBeVisible()
    history.back()
    await expect.element(page.getByRole('heading', { name: 'Home' })).toBeVisible()
    await expect.poll(() => Math.abs(post.element().getBoundingClientRect().top - before)).toBeLessThan(8)
  })

  it('moves with j and k, reacts with l, opens with Enter', async () => {
    await openFakeApp()
    await expect.element(first()).toBeVisible()
    await userEvent.keyboard('j')
    await expect.element(first()).toHaveFocus()
    await userEvent.keyboard('jjk')
    await expect.element(articles().nth(1)).toHaveFocus()
    await userEvent.keyboard('l')
    await expect
      .element(
        articles()
          .nth(1)
          .getByRole('button', { name: /Take the reaction back/ }),
      )
      .toBeVisible()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Thread' })).toBeVisible()
  })

  it('says when nothing is there, and when it could not be read', async () => {
    const empty = await openFakeApp({ sample: 'empty' })
    await expect.element(page.getByText('The square is quiet.')).toBeVisible()
    await empty.screen.unmount()
    const { controls } = await openFakeApp({
      prepare: (controls) => controls.fail('timeline.home', 'internal', 'made to fail', 20),
    })
    await expect.element(page.getByText('Your home could not be read.'), { timeout: 15_000 }).toBeVisible()
    controls.fail('timeline.home', 'internal', 'no longer', 0)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(first()).toBeVisible()
  })
})

describe('a post', () => {
  it('takes a reaction back, with the cause, when the node refuses it', async () => {
    const { controls } = await openFakeApp()
    const post = articles().nth(1)
    await expect.element(post).toBeVisible()
    // Long enough for a slow machine to see the state before the answer.
    controls.setDelay(3_000)
    controls.fail('reactions.add', 'disk-full')
    await post.getByRole('button', { name: 'React, 2 so far' }).click()
    await expect.element(post.getByRole('button', { name: 'Take the reaction back, 3 so far' })).toBeVisible()
    await expect.element(post.getByText(/The reaction was not kept\. The disk is full\./)).toBeVisible()
    await expect.element(post.getByRole('button', { name: 'React, 2 so far' })).toBeVisible()
    controls.setDelay(0)
    await post.getByRole('button', { name: 'Try again' }).click()
    await expect.element(post.getByRole('button', { name: 'Take the reaction back, 3 so far' })).toBeVisible()
    await expect.element(post.getByText(/The reaction was not kept/)).not.toBeInTheDocument()
  })

  it('reposts and takes it back', async () => {
    await openFakeApp()
    const post = articles().nth(1)
    await post.getByRole('button', { name: 'Repost' }).click()
    await page.getByRole('menuitem', { name: /^Repost/ }).click()
    await post.getByRole('button', { name: 'Reposted by you, 1 so far' }).click()
    await page.getByRole('menuitem', { name: /^Take the repost back/ }).click()
    await expect.element(post.getByRole('button', { name: 'Repost', exact: true })).toBeVisible()
  })

  it('is deleted by its author after a question', async () => {
    const id = fakeRecordId('mine')
    const before = undoWindow.ms
    undoWindow.ms = 100
    onTestFinished(() => {
      undoWindow.ms = before
    })
    const { square } = await openFakeApp({
      path: `/thread/${id}`,
      prepare: (controls) => void addPost(controls, 'mine', { author: fakePeerId('ines'), text: 'À retirer.' }),
    })
    const post = page.getByRole('article', { name: /Inès/ })
    await post.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect.element(page.getByText(/cannot be recalled/)).toBeVisible()
    await page.getByRole('button', { name: 'Delete the post' }).click()
    await expect.element(page.getByText(/Deleted by its author/)).toBeVisible()
    await expect.element(page.getByText('À retirer.')).not.toBeInTheDocument()
    expect(square.posts.get(id)?.deletedAt).not.toBeNull()
  })

  it('of somebody else has no way to delete it', async () => {
    await openFakeApp()
    await first().getByRole('button', { name: 'More' }).click()
    await expect.element(page.getByRole('menuitem', { name: 'Copy link' })).toBeVisible()
    await expect.element(page.getByRole('menuitem', { name: 'Delete' })).not.toBeInTheDocument()
  })

  it('shows what others write as text, never as markup', async () => {
    const attacks = [
      '<script>window.hacked = 1</script>',
      '<img src=x onerror="window.hacked = 1">',
      '[x](javascript:window.hacked=1)',
      'javascript:window.hacked=1 data:text/html,<b>x</b>',
      '"><svg onload=window.hacked=1>',
      '{{constructor.constructor("window.hacked=1")()}}',
    ]
    await openFakeApp({
      prepare: (controls) => {
        const square = controls.square()
        const mallory = square.person(fakePeerId('awa'))
        mallory.name = '<b onmouseover=window.hacked=1>Mallory</b>'
        mallory.bio = '<iframe src="javascript:window.hacked=1"></iframe>'
        const now = Date.now()
        for (const [index, text] of attacks.entries()) addPost(controls, `attack ${index}`, { text, ts: now - index })
      },
    })
    await expect.element(first()).toBeVisible()
    for (const [index, text] of attacks.entries()) {
      const post = articles().nth(index)
      await expect.poll(() => post.element().textContent).toContain(text)
      expect(
        post.element().querySelector('script, iframe, b, svg[onload], img[onerror], a[href^="javascript"]'),
      ).toBeNull()
    }
    expect((window as { hacked?: number }).hacked).toBeUndefined()
  })

  it('asks before a link leads outside, and names the real host', async () => {
    await openFakeApp({
      prepare: (controls) => void addPost(controls, 'link', { text: 'Voir https://аpple.example/page?a=1.' }),
    })
    await first().getByRole('link', { name: 'https://аpple.example/page?a=1' }).click()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Open xn--pple-43d.example' })).toBeVisible()
    await page.getByRole('button', { name: 'Close' }).first().click()
    expect(location.hash).not.toContain('thread')
  })
})

describe('thread', () => {
  it('stands with what it answers above and its answers below', async () => {
    await openFakeApp({ path: `/thread/${fakeRecordId('tilleul')}` })
    await expect.element(page.getByRole('region', { name: 'Thread' })).toBeVisible()
    await expect.element(page.getByText('Parfait. Et je paie le café.')).toBeVisible()
    await expect.element(page.getByRole('button', { name: /Reply to Awa Ndiaye/ })).toBeVisible()
  })

  it('keeps a deleted post as a line that says so', async () => {
    await openFakeApp({ path: `/thread/${fakeRecordId('gone')}` })
    await expect.element(page.getByText(/^Deleted by its author/)).toBeVisible()
    await expect.element(page.getByText('Save me two and I’ll believe it.')).toBeVisible()
  })

  it('says when it is not here', async () => {
    await openFakeApp({ path: `/thread/${fakeRecordId('nowhere')}` })
    await expect.element(page.getByText('This thread is not reachable now.')).toBeVisible()
  })

  it('takes a reply where it was written', async () => {
    await openFakeApp({ path: `/thread/${fakeRecordId('tilleul')}` })
    await page.getByRole('button', { name: /Reply to Awa Ndiaye/ }).click()
    await page.getByRole('textbox', { name: /Reply to Awa/ }).fill('J’apporte la mienne.')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('article').getByText('J’apporte la mienne.')).toBeVisible()
  })
})
