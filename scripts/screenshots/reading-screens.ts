import { fakePeerId, fakeRecordId } from '../../test/harness/fake/ids.ts'
import { WELCOME_TEXTS } from '../welcome/texts.ts'
import type { AccountScreen } from './account-screens.ts'
import { ALL_VIEWS, FEW_VIEWS } from './camera.ts'

const STRANGERS = /^(Show|Afficher)$/u
const SPREAD = /^(Repost|Relayer)/u
const KEEP = /^(Bookmark|Mettre un signet)$/u

/** Pages of what was said to somebody and of what they marked, on the sample node. */
export const READING_SCREENS: Readonly<Record<string, AccountScreen>> = {
  notifications: {
    sample: 'square',
    async take({ camera, fake }) {
      const { reading } = fake.node.controls
      const own = fakeRecordId('echelle')
      for (const who of ['marguerite', 'kofi', 'tom', 'yuki']) {
        reading.say('reaction', fakePeerId(who), { post: own, emoji: '❤' })
      }
      reading.say('repost', fakePeerId('awa'), { post: own })
      reading.say('mention', fakePeerId('tom'), { post: fakeRecordId('dawn-lock') })
      reading.say('reply', fakePeerId('baptiste'), { post: fakeRecordId('echelle-velo') })
      await camera.goTo('/')
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('notifications-badge')
      await camera.goTo('/notifications')
      await camera.page.locator('article[data-notification]').nth(3).waitFor()
      await camera.shoot('notifications', ALL_VIEWS)
      await camera.shoot('notifications-full', FEW_VIEWS, 1_900)
      await camera.page.getByRole('button', { name: STRANGERS }).click()
      await camera.page.getByText('Baptiste').first().waitFor()
      await camera.shoot('notifications-strangers')
    },
  },
  beyond: {
    sample: 'empty',
    async take({ camera, fake }) {
      const { square } = fake.node.controls
      const { rungs } = square()
      const put = (rung: keyof typeof rungs, key: string, name: string, text: string, hours: number) => {
        const id = fakeRecordId(`${rung} ${text}`)
        const author = fakePeerId(key)
        square().person(author).name = name
        const plain = { lang: null, media: [], reply: null, deletedAt: null, holding: null }
        const counts = { reactions: new Map(), reposts: new Set<string>() }
        square().posts.set(id, { id, author, text, ts: Date.now() - hours * 3_600_000, ...plain, ...counts })
        rungs[rung].push(id)
      }
      put('friends', 'lise', 'Lise Kaboré', 'The ferry runs again from Monday, every twenty minutes.', 3)
      for (const [i, { name, posts }] of WELCOME_TEXTS[camera.language].voices.entries()) {
        put('welcome', name, name, posts[0] ?? '', 20 + i)
      }
      await camera.goTo('/')
      await camera.page.locator('[data-rung=welcome] article').nth(3).waitFor()
      await camera.shoot('beyond', ALL_VIEWS)
      await camera.shoot('beyond-full', FEW_VIEWS, 2_200)
      await camera.goTo('/settings')
      await camera.page.getByRole('switch').nth(3).waitFor()
      await camera.shoot('beyond-settings', FEW_VIEWS, 1_900)
    },
  },
  lists: {
    sample: 'square',
    async take({ camera, fake }) {
      const { lists } = fake.node.controls.square()
      await camera.goTo('/lists')
      await camera.page.locator('main h2').first().waitFor()
      await camera.shoot('lists-empty', FEW_VIEWS)
      const village = '1'.padStart(32, '0')
      lists.set(village, { name: 'Village', members: new Set(['awa', 'tom', 'marguerite'].map(fakePeerId)) })
      lists.set('2'.padStart(32, '0'), { name: 'Jardin', members: new Set() })
      await camera.page.reload()
      await camera.page.locator('main li').nth(1).waitFor()
      await camera.shoot('lists', FEW_VIEWS)
      await camera.goTo(`/lists/${village}`)
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('lists-posts', FEW_VIEWS)
      await camera.goTo(`/lists/${village}/people`)
      await camera.page.locator('main li').nth(2).waitFor()
      await camera.shoot('lists-people', FEW_VIEWS)
      await camera.goTo(`/profile/${fakePeerId('awa')}/pictures`)
      await camera.page.locator('main h2').first().waitFor()
      await camera.shoot('profile-pictures', FEW_VIEWS)
    },
  },
  strangers: {
    sample: 'square',
    async take({ camera, fake }) {
      const { posts, people } = fake.node.controls.square()
      const root = [...posts.values()].find(({ id }) => [...posts.values()].some(({ reply }) => reply === id))
      if (root === undefined) throw new Error('the sample has no answers')
      for (const { reply, author } of posts.values()) {
        if (reply === root.id) people.set(author, { ...fake.node.controls.square().person(author), follow: 'none' })
      }
      await camera.goTo(`/thread/${root.id}`)
      const show = camera.page.getByRole('main').getByRole('button', { name: STRANGERS })
      await show.first().waitFor()
      await camera.shoot('strangers-folded', FEW_VIEWS)
      await show.first().click()
      await camera.page.locator('article[data-post]').nth(1).waitFor()
      await camera.shoot('strangers', FEW_VIEWS)
    },
  },
  'notifications-empty': {
    sample: 'empty',
    async take({ camera }) {
      await camera.goTo('/notifications')
      await camera.page.getByRole('heading', { level: 2 }).first().waitFor()
      await camera.shoot('notifications-empty')
      await camera.goTo('/bookmarks')
      await camera.page.getByRole('heading', { level: 2 }).first().waitFor()
      await camera.shoot('bookmarks-empty')
    },
  },
  quotes: {
    sample: 'square',
    async take({ camera, fake }) {
      const { posts } = fake.node.controls.square()
      const quoted = { 'dawn-lock': 'carte', bread: 'ruches', 'tilleul-age-2': 'gone', 'tilleul-age': 'nowhere' }
      for (const [quoting, about] of Object.entries(quoted)) {
        const post = posts.get(fakeRecordId(quoting))
        if (post) posts.set(post.id, { ...post, media: [], quote: fakeRecordId(about) })
      }
      await camera.goTo('/')
      await camera.page.locator('article[data-post] blockquote').nth(3).waitFor()
      await camera.shoot('quotes', FEW_VIEWS, 1_900)
      await camera.page.getByRole('button', { name: SPREAD }).first().click()
      await camera.page.getByRole('menuitem').first().waitFor()
      await camera.shoot('quotes-menu')
      await camera.page.getByRole('menuitem').nth(1).click()
      await camera.page.getByRole('dialog').locator('blockquote').waitFor()
      await camera.shoot('quotes-composer', ALL_VIEWS)
      await camera.page.keyboard.press('Escape')
      await camera.page.getByRole('dialog').waitFor({ state: 'detached' })
      await camera.goTo(`/thread/${fakeRecordId('bread')}`)
      await camera.page.locator('article[aria-current] blockquote').waitFor()
      await camera.shoot('quotes-thread')
    },
  },
  bookmarks: {
    sample: 'square',
    async take({ camera, fake }) {
      const { posts } = fake.node.controls.square()
      const post = posts.get(fakeRecordId('bread'))
      if (post) post.text = 'Rye is out. Eleven loaves, #Marché d’hiver. That is not a typo.'
      await camera.goTo('/')
      const marks = camera.page.getByRole('button', { name: KEEP })
      for (let i = 0; i < 3; i += 1) await marks.first().click()
      await camera.goTo('/bookmarks')
      await camera.page.locator('article[data-post]').nth(2).waitFor()
      await camera.shoot('bookmarks', ALL_VIEWS)
      await camera.goTo('/tag/marche')
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('tag')
      await camera.goTo('/profile')
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('profile-places', [{ theme: 'light', width: 390 }])
    },
  },
}
