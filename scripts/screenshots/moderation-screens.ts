import { fakePeerId, fakeRecordId } from '../../test/harness/fake/ids.ts'
import type { AccountScreen } from './account-screens.ts'
import { ALL_VIEWS, FEW_VIEWS } from './camera.ts'

const MORE_ABOUT = /^(More about|Autres actions pour)/u
const BLOCK = /^(Block|Bloquer)/u

/** Who isn't to be seen: the settings, the profile, the place in a thread, and the question before a block. */
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
}
