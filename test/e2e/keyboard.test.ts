import type { Keyboard } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../harness/chromium.ts'
import { type OpenedWindow, openOnNode } from '../harness/opened-window.ts'
import { type PersonWindow, says } from '../harness/person-window.ts'
import { eventually } from '../harness/wait.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''

const START_TIMEOUT_MS = 240_000
const STEP_TIMEOUT_MS = 120_000
/** More presses of Tab than any page needs to come round. */
const MAX_TABS = 80

const FIRST = 'Ferry at six, fog until nine.'
const SECOND = 'The fog has lifted.'
const ANSWER = 'And the ferry was late.'

/** In the page: the name of the control that has the focus. */
const FOCUSED = `(() => {
  const element = document.activeElement?.closest('a, button, input, textarea')
  return element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
})()`

/** The whole journey without a pointer: nothing below clicks. */
describe.skipIf(reason !== '')(`the window by keyboard${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let opened: OpenedWindow
  let person: PersonWindow
  let keys: Keyboard

  beforeAll(async () => {
    opened = await openOnNode('keyboard')
    person = opened.person
    keys = person.page.keyboard
  }, START_TIMEOUT_MS)

  afterAll(() => opened?.close())

  const focused = () => person.page.evaluate(FOCUSED) as Promise<string>
  const tabTo = async (words: string) => {
    for (let presses = 0; presses < MAX_TABS; presses += 1) {
      if ((await focused()).includes(words)) return
      await keys.press('Tab')
    }
    throw new Error(`Tab does not come to "${words}"`)
  }
  const focusedPost = () =>
    person.page.evaluate(`document.activeElement?.closest('article')?.textContent ?? ''`) as Promise<string>
  const write = async (text: string) => {
    await eventually('the field of the composer', async () => (await focused()).match(/to say\?|Reply to/u))
    await keys.type(text)
    await keys.press('Control+Enter')
    await person.page.getByRole('dialog').waitFor({ state: 'detached' })
    await person.post(text).first().waitFor()
  }

  it(
    'arrives, writes, moves, opens, reacts and answers',
    async () => {
      await tabTo('I am new here')
      await keys.press('Enter')
      await eventually('the field of the name', async () => (await focused()).includes('called here'))
      await keys.type('Aya')
      await keys.press('Enter')
      await person.heading(says('onboarding.meet.title')).waitFor()
      await tabTo('Enter the square')
      await keys.press('Enter')
      await person.page.getByText(says('home.emptyTitle')).waitFor()

      await keys.press('n')
      await write(FIRST)
      await keys.press('n')
      await write(SECOND)

      await keys.press('j')
      expect(await focusedPost()).toContain(SECOND)
      await keys.press('j')
      expect(await focusedPost()).toContain(FIRST)
      await keys.press('k')
      expect(await focusedPost()).toContain(SECOND)
      await keys.press('j')
      await person.photograph('01-current')

      await keys.press('l')
      await person
        .post(FIRST)
        .getByRole('button', { name: /^Take the reaction back, 1/u })
        .waitFor()
      await keys.press('t')
      await person
        .post(FIRST)
        .getByRole('button', { name: /^Reposted by you, 1/u })
        .first()
        .waitFor()

      await eventually('the post to be current', async () => (await focusedPost()).includes(FIRST))
      await keys.press('Enter')
      await person.heading('Thread').waitFor()
      await person.post(FIRST).first().waitFor()
      await keys.press('r')
      await write(ANSWER)
      await person.photograph('02-thread')
      // No search field stands beside a thread: the key leads to the page that has one.
      await keys.press('/')
      await eventually('the search page', async () => (await focused()).includes('Search on this computer'))
      await person.page.evaluate('document.activeElement.blur()')
      await keys.press('g')
      await keys.press('h')
      await person.heading('Home').waitFor()
      await person
        .post(FIRST)
        .getByRole('button', { name: /^Reply, 1/u })
        .first()
        .waitFor()
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'searches, opens the help and the network, and leaves every dialog by Escape',
    async () => {
      await keys.press('/')
      await eventually('the search field', async () => (await focused()).includes('Search on this computer'))
      await keys.type('fog')
      await keys.press('Enter')
      await person.page.locator('mark').first().waitFor()
      await keys.press('Escape')
      await person.page.evaluate('document.activeElement.blur()')
      await keys.press('?')
      await person.heading(says('help.title')).waitFor()
      await keys.press('Escape')
      await person.page.getByRole('dialog').waitFor({ state: 'detached' })
      await keys.press('g')
      await keys.press('c')
      await person.heading(says('network.title')).waitFor()
      await keys.press('g')
      await keys.press('p')
      await person.page.getByText(says('profile.you')).waitFor()
      await tabTo('Share')
      await keys.press('Enter')
      await person.heading(says('share.titleOwn')).waitFor()
      await keys.press('Escape')
      await person.page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await focused()).toBe('Share')
    },
    STEP_TIMEOUT_MS,
  )

  it(
    'deletes through the menu, and the focus does not get lost',
    async () => {
      await keys.press('g')
      await keys.press('h')
      await person.post(SECOND).waitFor()
      await eventually('the post to be current', async () => {
        await keys.press('j')
        return (await focusedPost()).includes(SECOND)
      })
      await tabTo('More')
      await keys.press('Enter')
      await person.page.getByRole('menu').waitFor()
      await keys.press('End')
      await keys.press('Enter')
      await person.heading(says('post.deleteTitle')).waitFor()
      await tabTo('Delete the post')
      await keys.press('Enter')
      await person.page.getByText('Deleted by its author').first().waitFor()
      expect(await person.page.evaluate('document.activeElement === document.body')).toBe(false)
      expect(person.problems).toEqual([])
    },
    STEP_TIMEOUT_MS,
  )
})
