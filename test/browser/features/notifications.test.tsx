import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { Notification } from '../../../core/contract/reading.ts'
import { groupNotifications } from '../../../renderer/features/notifications/notification-groups.ts'
import { findFaults, pressKeys } from '../harness/window.tsx'
import { type FakeAppInit, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const OWN = fakeRecordId('echelle')
const rows = () => page.getByRole('article')
const open = (init: FakeAppInit = {}) => openFakeApp({ path: '/notifications', ...init })
const frontOf = (text: RegExp) => rows().filter({ hasText: text }).first()
const hasMark = (text: RegExp) => frontOf(text).getByText('New:').query() !== null

describe('groupNotifications', () => {
  const at = new Date(2026, 10, 3, 12).getTime()
  const said = (id: string, kind: Notification['kind'], who: string, post: string | null = 'p1'): Notification => ({
    id,
    kind,
    from: { profile: who, name: who, avatar: null },
    at,
    post: post === null ? null : ({ id: post } as Notification['post']),
    emoji: null,
    unread: false,
  })
  const keys = (items: Notification[], fresh: string[] = []) =>
    groupNotifications(items, new Set(fresh)).map(({ kind, isFresh, people }) => [kind, isFresh, people.length])

  it('puts what several do with one post into one row, and leaves words alone', () => {
    const items = [
      said('1', 'reaction', 'awa'),
      said('2', 'reply', 'tom', 'p2'),
      said('3', 'reaction', 'noor'),
      said('4', 'reaction', 'awa', 'p9'),
      said('5', 'repost', 'noor'),
      said('6', 'follow', 'tom', null),
      said('7', 'follow', 'kofi', null),
    ]
    expect(keys(items)).toEqual([
      ['reaction', false, 2],
      ['reply', false, 1],
      ['reaction', false, 1],
      ['repost', false, 1],
      ['follow', false, 2],
    ])
  })

  it('keeps what is fresh apart from what was seen', () => {
    const items = [said('1', 'reaction', 'awa'), said('2', 'reaction', 'noor'), said('3', 'reaction', 'tom')]
    expect(keys(items, ['1'])).toEqual([
      ['reaction', true, 1],
      ['reaction', false, 2],
    ])
  })
})

describe('the page of notifications', () => {
  it('says who did what in one row a post, with the words, and opens the thread', async () => {
    const { controls } = await open()
    for (const who of ['tom', 'kofi', 'marguerite'])
      controls.reading.say('reaction', fakePeerId(who), { post: OWN, emoji: '❤' })
    await expect.element(page.getByText(/Marguerite Leduc and 3 others reacted to your post/)).toBeVisible()
    await expect.element(frontOf(/replied to your post/)).toBeVisible()
    await expect.element(frontOf(/Parfait. Et je paie le café/)).toBeVisible()
    await frontOf(/Marguerite Leduc and 3 others/).click()
    await expect.element(page.getByRole('heading', { name: 'Thread' })).toBeVisible()
    expect(location.hash).toContain(OWN)
    history.back()
    await expect.element(page.getByRole('heading', { name: 'Notifications' })).toBeVisible()
    expect(hasMark(/Marguerite Leduc and 3 others/)).toBe(true)
  })

  it('counts in the navigation and the title, and nothing repeats once it was seen', async () => {
    const { controls } = await open({ path: '/', prepare: ({ reading }) => reading.readAll() })
    await expect.element(page.getByRole('link', { name: 'Notifications', exact: true })).toBeVisible()
    controls.reading.say('follow', fakePeerId('awa'))
    controls.reading.say('mention', fakePeerId('tom'), { post: fakeRecordId('dawn-lock') })
    await expect.element(page.getByRole('link', { name: /^Notifications.*2 new$/ }).first()).toBeVisible()
    expect(document.title).toBe('(2) Home · Palabre')
    pressKeys('g', 'n')
    await expect.element(page.getByText(/Tom Hallworth mentioned you/)).toBeVisible()
    expect(hasMark(/mentioned you/)).toBe(true)
    await expect.poll(() => document.title).toBe('Notifications · Palabre')
    expect(hasMark(/mentioned you/)).toBe(true)
    pressKeys('g', 'h')
    await expect.element(page.getByRole('heading', { name: 'Home' })).toBeVisible()
    pressKeys('g', 'n')
    await expect.element(frontOf(/mentioned you/)).toBeVisible()
    expect(hasMark(/mentioned you/)).toBe(false)
  })

  it('folds people who are not followed: they ring no bell', async () => {
    const { controls } = await open({ path: '/', prepare: ({ reading }) => reading.readAll() })
    await expect.element(page.getByRole('heading', { name: 'Home' })).toBeVisible()
    controls.reading.say('reply', fakePeerId('nobody-knows'), { post: fakeRecordId('bread') })
    pressKeys('g', 'n')
    await expect.element(page.getByText('Folded. They ring no bell.')).toBeVisible()
    expect(document.title).toBe('Notifications · Palabre')
    await expect.element(frontOf(/Rye is out/)).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Show' }).click()
    await expect.element(frontOf(/Rye is out/)).toBeVisible()
    expect(page.getByRole('radio', { name: 'Not followed' }).element()).toHaveProperty('checked', true)
    await page.getByText('Replies and mentions').click()
    await expect.element(frontOf(/replied to your post/)).toBeVisible()
    await expect.element(frontOf(/reacted to your post/)).not.toBeInTheDocument()
  })

  it('counts strangers anew while the page is open', async () => {
    const { controls } = await open({ prepare: ({ reading }) => reading.readAll() })
    const sum = page.getByText(/from (somebody|people) you don’t follow$/)
    await expect.element(sum).toBeVisible()
    const count = Number.parseInt(sum.element().textContent ?? '', 10)
    controls.reading.say('mention', fakePeerId('nobody-knows'), { post: fakeRecordId('dawn-lock') })
    await expect.element(sum).toHaveTextContent(`${count + 1} from people you don’t follow`)
  })

  it('holds new ones behind the pill while somebody reads, and nothing jumps', async () => {
    const { controls } = await open({ height: 420 })
    await expect.element(rows().first()).toBeVisible()
    window.scrollTo(0, 200)
    await expect.poll(() => window.scrollY).toBe(200)
    const seen = rows().nth(2).element()
    const before = seen.getBoundingClientRect().top
    controls.reading.say('mention', fakePeerId('tom'), { post: fakeRecordId('dawn-lock') })
    const pill = page.getByRole('button', { name: '1 new notification' })
    await expect.element(pill).toBeVisible()
    expect(seen.getBoundingClientRect().top).toBe(before)
    await pill.click()
    await expect
      .element(
        rows()
          .first()
          .getByText(/mentioned you/),
      )
      .toBeVisible()
    await expect.poll(() => window.scrollY).toBe(0)
  })

  it('moves with j and k and opens with Enter', async () => {
    await open()
    await expect.element(rows().first()).toBeVisible()
    await userEvent.keyboard('jj')
    await expect.element(rows().nth(1)).toHaveFocus()
    await userEvent.keyboard('k{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Thread' })).toBeVisible()
  })

  it('reads on page by page to the end, each once', async () => {
    const many = Array.from({ length: 130 }, (_, i) => i)
    await open({
      prepare: ({ reading }) => {
        for (const i of many) {
          reading.say('mention', fakePeerId('tom'), { post: fakeRecordId('dawn-lock'), at: Date.now() - i * 60_000 })
        }
      },
    })
    await expect.element(rows().first()).toBeVisible()
    await expect
      .poll(() => {
        window.scrollTo(0, document.body.scrollHeight)
        return page.getByText(/Tom Hallworth mentioned you/).elements().length
      })
      .toBe(many.length)
  })

  it('takes every mark away, and says why it could not', async () => {
    const { controls } = await open()
    controls.reading.say('mention', fakePeerId('tom'), { post: fakeRecordId('dawn-lock') })
    await expect.poll(() => hasMark(/mentioned you/)).toBe(true)
    // What is shown is marked by itself; the next call is that of the button.
    await expect.poll(() => controls.reading.unread().known).toBe(0)
    controls.fail('notifications.markRead', 'disk-full')
    await page.getByRole('button', { name: 'Mark all read' }).click()
    await expect.element(page.getByText(/Not marked as read. The disk is full./)).toBeVisible()
    await page.getByRole('button', { name: 'Mark all read' }).click()
    await expect.poll(() => hasMark(/mentioned you/)).toBe(false)
    await expect.element(page.getByRole('button', { name: 'Mark all read' })).not.toBeInTheDocument()
  })

  it('says that nobody has called yet', async () => {
    await open({ sample: 'empty' })
    await expect.element(page.getByText('Nobody has said anything to you yet.')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })

  it('tries again after a failure', async () => {
    const { controls } = await open({
      prepare: ({ fail }) => fail('notifications.list', 'not-found', 'made to fail', 99),
    })
    await expect.element(page.getByText('Your notifications could not be read.')).toBeVisible()
    controls.fail('notifications.list', 'not-found', 'made to fail', 0)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(rows().first()).toBeVisible()
  })
})
