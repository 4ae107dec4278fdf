import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const prepare = (controls: Parameters<typeof addPost>[0]) => {
  addPost(controls, 'loud', { author: fakePeerId('awa'), text: 'The end: a SPOILÉR for all.', ts: Date.now() })
}
const goTo = (path: string) => {
  window.location.hash = path
}
const add = async (word: string, level: 'Hide' | 'Fold') => {
  await page.getByLabelText('Word, several words in a row, or #tag').fill(word)
  await page.getByText(level, { exact: true }).click()
  await page.getByRole('button', { name: 'Mute', exact: true }).click()
}

describe('muted words', () => {
  it('are added by group, with a level and an end, changed and removed with a way back', async () => {
    await openFakeApp({ prepare, path: '/settings/silenced/words' })
    await expect.element(page.getByText('No word is muted.')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByText('7 days', { exact: true }).click()
    await page.getByLabelText('Group').fill('That series')
    await add('spoiler', 'Fold')
    await expect.element(page.getByRole('heading', { name: 'That series' })).toBeVisible()
    await expect.element(page.getByText(/^folded · until /)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Change “spoiler”' }).click()
    await page.getByText('Hide', { exact: true }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.element(page.getByText(/^hidden · until /)).toBeVisible()
    await page.getByRole('button', { name: 'Remove “spoiler”' }).click()
    await expect.element(page.getByText('No word is muted.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText(/^hidden · until /)).toBeVisible()
  })

  it('say what is wrong with a word that no post can be found by, and why the node refused one', async () => {
    const { controls } = await openFakeApp({ path: '/settings/silenced/words' })
    await add('🔥', 'Hide')
    await expect.element(page.getByText(/by letters and digits only/)).toBeVisible()
    controls.fail('moderation.muteWord', 'disk-full')
    await add('fire', 'Hide')
    await expect.element(page.getByText('Not changed. The disk is full.')).toBeVisible()
    await expect.element(page.getByLabelText('Word, several words in a row, or #tag')).toHaveValue('fire')
  })

  it('that fold keep the place of a post and say which word it was; it is shown by a press, or by the keyboard', async () => {
    await openFakeApp({ prepare, path: '/settings/silenced/words' })
    await add('spoiler', 'Fold')
    await expect.element(page.getByText(/^folded · always/)).toBeVisible()
    goTo('/')
    const fold = page.getByText(/hidden by your word “spoiler”/)
    await expect.element(fold).toBeVisible()
    expect(page.getByText(/The end: a SPOILÉR/).elements()).toEqual([])
    expect(await findFaults()).toEqual([])
    const show = page.getByRole('article').first().getByRole('button', { name: 'Show', exact: true })
    ;(show.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText(/The end: a SPOILÉR/)).toBeVisible()
  })

  it('that hide take a post out of home, and keep its place in a thread', async () => {
    await openFakeApp({
      prepare: (controls) => {
        prepare(controls)
        const root = addPost(controls, 'root', { text: 'How does it end?' })
        addPost(controls, 'answer', { author: fakePeerId('tom'), text: 'With a spoiler.', reply: root })
      },
      path: '/settings/silenced/words',
    })
    await add('Spoiler', 'Hide')
    await expect.element(page.getByText(/^hidden · always/)).toBeVisible()
    goTo('/')
    await expect.element(page.getByText('How does it end?')).toBeVisible()
    expect(page.getByText(/The end: a SPOILÉR/).elements()).toEqual([])
    goTo(`/thread/${fakeRecordId('root')}`)
    await expect.element(page.getByText(/hidden by your word “Spoiler”/)).toBeVisible()
    expect(page.getByText('With a spoiler.').elements()).toEqual([])
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect.element(page.getByText('With a spoiler.')).toBeVisible()
  })

  it('stand in the settings with how many there are', async () => {
    await openFakeApp({ prepare, path: '/settings/silenced/words' })
    await add('spoiler', 'Hide')
    await expect.element(page.getByText(/^hidden · always/)).toBeVisible()
    goTo('/settings')
    await expect.element(page.getByText('1 word', { exact: true })).toBeVisible()
  })
})
