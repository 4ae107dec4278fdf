import { fakePeerId, fakeRecordId } from '../../test/harness/fake/ids.ts'
import type { AccountScreen } from './account-screens.ts'
import { ALL_VIEWS, FEW_VIEWS } from './camera.ts'

const MORE_ABOUT = /^(More about|Autres actions pour)/u
const BLOCK = /^(Block|Bloquer)/u

/** Who isn't to be seen: the settings, the profile, the place in a thread, and the question before a block. */
const MINUTE_MS = 60_000

export const MODERATION_SCREENS: Readonly<Record<string, AccountScreen>> = {
  silenced: {
    sample: 'square',
    async take({ camera, fake }) {
      const { page } = camera
      const square = fake.node.controls.square()
      const now = Date.now()
      square.person(fakePeerId('tom')).silences.set('muted', now)
      square.person(fakePeerId('marguerite')).silences.set('muted', now - 86_400_000)
      square.person(fakePeerId('kofi')).silences.set('blocked', now)
      await camera.goTo('/settings/silenced')
      await page.locator('main li').nth(2).waitFor()
      await camera.shoot('silenced', ALL_VIEWS)
      await camera.goTo(`/profile/${fakePeerId('tom')}`)
      await page.locator('main h2').nth(1).waitFor()
      await camera.shoot('silenced-profile', FEW_VIEWS)
      await page.getByRole('button', { name: MORE_ABOUT }).click()
      await page.getByRole('menuitem').first().waitFor()
      await camera.shoot('silenced-menu')
      await page.getByRole('menuitem', { name: BLOCK }).click()
      await page.getByRole('dialog').waitFor()
      await camera.shoot('silenced-block', FEW_VIEWS)
      const answered = [...square.posts.values()].find(
        ({ author, reply }) => author === fakePeerId('tom') && reply !== null,
      )
      await camera.goTo(`/thread/${answered?.reply ?? fakeRecordId('echelle')}`)
      await page.locator('[data-fold]').first().waitFor()
      await camera.shoot('silenced-thread', FEW_VIEWS)
    },
  },
  'muted-words': {
    sample: 'square',
    async take({ camera, fake }) {
      const { page } = camera
      const square = fake.node.controls.square()
      const now = Date.now()
      const say = (id: string, word: string, group: string, more: object = {}) =>
        square.words.set(id, {
          ...{ id, word, group, level: 'hide', until: null, exceptFollowed: false, since: now, isExpired: false },
          ...more,
        })
      await camera.goTo('/settings/silenced/words')
      await page.locator('main form').waitFor()
      await camera.shoot('muted-words-empty', FEW_VIEWS)
      say('a', 'penalty', 'Football')
      say('b', '#transferts', 'Football', { level: 'warn', exceptFollowed: true })
      say('c', 'la fin de la série', '', { until: now + 7 * 1_440 * MINUTE_MS })
      say('d', 'élections', 'Actualité', { until: now - 60 * MINUTE_MS, isExpired: true })
      fake.node.controls.emit({ type: 'silences' })
      await page.locator('main li').nth(3).waitFor()
      await camera.shoot('muted-words', ALL_VIEWS)
      const [first] = square.postsNewestFirst((post) => post.author !== square.me && post.text !== '')
      const word = first?.text.match(/\p{L}{5,}/u)?.[0] ?? ''
      say('e', word, '', { level: 'warn' })
      await camera.goTo('/')
      await page.locator('[data-fold]').first().waitFor()
      await camera.shoot('muted-words-home', ALL_VIEWS)
    },
  },
}
