import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  findMentionQuery,
  insertMention,
  mentionName,
  moveMentions,
  trimMentions,
} from '../../../renderer/features/composer/mention-text.ts'
import { fromByteRanges, toByteRanges } from '../../../renderer/features/post/byte-ranges.ts'
import { segmentPost } from '../../../renderer/features/post/text-segments.ts'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const AWA = fakePeerId('awa')
const first = () => page.getByRole('article').first()
const field = () => page.getByRole('textbox', { name: 'What do you have to say?' })
const list = () => page.getByRole('listbox', { name: 'People whom the post can mention' })
const send = () => userEvent.keyboard('{Control>}{Enter}{/Control}')

async function openComposer(init: Parameters<typeof openFakeApp>[0] = {}) {
  const app = await openFakeApp(init)
  await page
    .getByRole('button', { name: init.language === 'fr' ? 'Écrire' : 'Write a post' })
    .first()
    .click()
  await expect.element(page.getByRole('dialog').getByRole('textbox').first()).toHaveFocus()
  const posted = () => app.square.postsNewestFirst((post) => post.author === app.square.me)[0]
  return { ...app, posted }
}

describe('what stands behind an @', () => {
  const typed = (text: string) => findMentionQuery(text, text.length, [])?.typed

  it('is a beginning of a name, over spaces too, and nothing in the middle of a word', () => {
    expect(typed('@')).toBe('')
    expect(typed('Salut @Maë')).toBe('Maë')
    expect(typed('(@maelle ker')).toBe('maelle ker')
    expect(typed('mail me@ho')).toBeUndefined()
    expect(typed('@a, b')).toBeUndefined()
    expect(typed(`@${'a'.repeat(60)}`)).toBeUndefined()
    expect(findMentionQuery('@Awa', 4, [{ start: 0, end: 4, profile: AWA }])).toBeNull()
  })

  it('becomes the name, with what was mentioned before and after it in its place', () => {
    const query = findMentionQuery('Hi @a and @Tom', 5, [{ start: 10, end: 14, profile: 'tom' }])
    if (query === null) throw new Error('there is no query')
    const next = insertMention('Hi @a and @Tom', [{ start: 10, end: 14, profile: 'tom' }], query, {
      profile: AWA,
      name: 'Awa Ndiaye',
    })
    expect(next.text).toBe('Hi @Awa Ndiaye and @Tom')
    expect(next.mentions.map(({ start, end }) => next.text.slice(start, end))).toEqual(['@Awa Ndiaye', '@Tom'])
  })

  it('has nothing in it that can’t be seen, whatever the name says', () => {
    expect(mentionName({ profile: AWA, name: '\u202eevil\u2066\n  Awa\u200b' })).toBe('@evil Awa')
    expect(mentionName({ profile: AWA, name: '\u202e\u200b' })).toMatch(/^@\w{4}·\w{4}$/)
  })

  it('is text again once it is changed, and moves with what is typed around it', () => {
    const mentions = [{ start: 3, end: 7, profile: AWA }]
    expect(moveMentions('Hi @Awa', 'Oh, Hi @Awa', mentions)).toEqual([{ start: 7, end: 11, profile: AWA }])
    expect(moveMentions('Hi @Awa', 'Hi @Awa!', mentions)).toEqual(mentions)
    expect(moveMentions('Hi @Awa', 'Hi @Aw', mentions)).toEqual([])
    expect(trimMentions('  @Awa ', [{ start: 2, end: 6, profile: AWA }])).toEqual({
      text: '@Awa',
      mentions: [{ start: 0, end: 4, profile: AWA }],
    })
  })
})

describe('ranges of bytes', () => {
  it('are the same places in the string, there and back, and nothing that cuts a character', () => {
    const text = 'é👨‍👩‍👧 @Awa'
    const at = text.indexOf('@')
    const [bytes] = toByteRanges(text, [{ start: at, end: text.length }])
    expect(bytes).toEqual({ start: 21, end: 25 })
    expect(fromByteRanges(text, [bytes as { start: number; end: number }])).toEqual([{ start: at, end: text.length }])
    for (const [start, end] of [
      [1, 25],
      [3, 21],
      [21, 99],
      [-1, 2],
      [25, 21],
    ] as const) {
      expect(fromByteRanges(text, [{ start, end }])).toEqual([])
    }
    const mention = { start: 0, end: 4, profile: AWA, name: 'Awa' }
    expect(segmentPost('@Awa #x', [mention, mention])).toEqual([
      { kind: 'mention', text: '@Awa', profile: AWA, name: 'Awa' },
      { kind: 'text', text: ' ' },
      { kind: 'tag', text: '#x' },
    ])
  })
})

describe('mentions in the composer', () => {
  it('are chosen by keys, and go with the post as bytes of its text', async () => {
    const { posted } = await openComposer()
    await userEvent.keyboard('Né à midi, @nd')
    await expect.element(list()).toBeVisible()
    const option = list().getByRole('option', { name: /Awa Ndiaye \w{4}·\w{4}/ })
    await expect.element(option).toHaveAttribute('aria-selected', 'true')
    expect(field().element().getAttribute('aria-activedescendant')).toBe(option.element().id)
    await expect.element(page.getByText(/^1 person\. Arrow keys choose/)).toBeInTheDocument()
    await userEvent.keyboard('{Enter}')
    await expect.element(field()).toHaveValue('Né à midi, @Awa Ndiaye ')
    await expect.element(list()).not.toBeInTheDocument()
    await userEvent.keyboard('vient @awa')
    await expect.element(list()).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(list()).not.toBeInTheDocument()
    await expect.element(field()).toHaveFocus()
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(posted()).toMatchObject({
      text: 'Né à midi, @Awa Ndiaye vient @awa',
      mentions: [{ start: 13, end: 24, profile: AWA }],
    })
    const link = first().getByRole('link', { name: '@Awa Ndiaye' })
    await expect.element(link).toHaveAttribute('href', `#/profile/${AWA}`)
    expect(
      first()
        .getByText(/\w{4}·\w{4}/)
        .elements(),
    ).toHaveLength(1)
  })

  it('list whom one follows behind the sign alone, go round with the arrows, and are taken by a press', async () => {
    const { posted } = await openComposer()
    await userEvent.keyboard('@')
    const options = () => list().getByRole('option').elements()
    await expect.poll(() => options().length).toBeGreaterThan(2)
    const count = options().length
    await userEvent.keyboard('{ArrowUp}')
    expect(options()[count - 1]?.getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    expect(options()[1]?.getAttribute('aria-selected')).toBe('true')
    await list().getByRole('option').nth(1).click()
    await expect.element(field()).toHaveFocus()
    await userEvent.keyboard('!')
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(posted()?.mentions).toHaveLength(1)
  })

  it('stay text where nothing was chosen, and once the name was changed', async () => {
    const { posted } = await openComposer()
    await userEvent.keyboard('@awa')
    await expect.element(list()).toBeVisible()
    await userEvent.keyboard('{Enter}{Backspace}{Backspace}')
    await expect.element(field()).toHaveValue('@Awa Ndiay')
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(posted()?.mentions ?? []).toEqual([])
  })

  it('are kept by a draft and by an edit', async () => {
    const app = await openComposer()
    await userEvent.keyboard('@awa')
    await expect.element(list()).toBeVisible()
    await userEvent.keyboard('{Enter}là ?')
    await expect.element(page.getByText(/^Draft saved/)).toBeVisible()
    await app.screen.unmount()
    const { posted } = await openComposer()
    await expect.element(field()).toHaveValue('@Awa Ndiaye là ?')
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    const mentions = [{ start: 0, end: 11, profile: AWA }]
    expect(posted()?.mentions).toEqual(mentions)
    const own = page.getByRole('article').filter({ hasText: 'là ?' }).first()
    await own.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await field().fill('@Awa Ndiaye est là.')
    await send()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(posted()).toMatchObject({ text: '@Awa Ndiaye est là.', mentions })
  })

  it('fit 360 pixels in French, and axe finds nothing, in the light and in the dark', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const app = await openComposer({ theme, language: 'fr', width: 360 })
      await userEvent.keyboard('@')
      await expect.element(page.getByRole('listbox')).toBeVisible()
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
      expect(await findFaults()).toEqual([])
      await app.screen.unmount()
      localStorage.clear()
    }
  })
})

describe('a mention that says another name', () => {
  it('has the short ID of who is meant beside it', async () => {
    await openFakeApp({
      prepare: (controls) =>
        void addPost(controls, 'lie', {
          text: '@Tom said so.',
          mentions: [{ start: 0, end: 4, profile: AWA }],
          author: fakePeerId('tom'),
        }),
    })
    const post = page.getByRole('article').filter({ hasText: 'said so' }).first()
    const text = post.getByText(/said so/)
    await expect.element(text).toHaveTextContent(`@Tom ${AWA.slice(-8, -4)}·${AWA.slice(-4)} said so.`)
    await expect
      .element(post.getByRole('link', { name: '@Tom' }))
      .toHaveAttribute('title', expect.stringContaining('Awa'))
  })
})
