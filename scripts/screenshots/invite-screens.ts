import type { AccountScreen } from './account-screens.ts'
import { ALL_VIEWS, type Camera, FEW_VIEWS } from './camera.ts'

const TALL_PX = 1_250
const WORDS = {
  invite: /^(Invite somebody|Inviter quelqu’un)$/u,
  all: /^(Everybody|Tout le monde)$/u,
  make: /^(Make the invitation|Créer l’invitation)$/u,
  follow: /^(Follow somebody|Suivre quelqu’un)$/u,
  byInvitation: /^(Join by invitation|Utiliser une invitation)$/u,
  invited: /^(I have an invitation|J’ai une invitation)/u,
  look: /^(Look at it|Examiner)$/u,
  join: /^(Join|Rejoindre)$/u,
  sitDown: /^(Sit down|S’asseoir)$/u,
} as const

const button = ({ page }: Camera, name: RegExp) => page.getByRole('button', { name }).first()
const field = ({ page }: Camera) => page.getByRole('textbox').last()

/** Making invitations, and joining by them: on the sample node. */
export const INVITE_SCREENS: Readonly<Record<string, AccountScreen>> = {
  invite: {
    sample: 'square',
    async take({ camera, fake }) {
      await button(camera, WORDS.invite).click()
      await camera.page.getByText('Bibliothèque').first().waitFor()
      await camera.shoot('invite-choose', ALL_VIEWS)
      await button(camera, WORDS.all).click()
      await button(camera, WORDS.make).click()
      await camera.page.getByText(/^palabre:join/u).waitFor()
      await camera.shoot('invite-made', ALL_VIEWS, TALL_PX)
      await camera.page.keyboard.press('Escape')
      await button(camera, WORDS.follow).click()
      await camera.page.getByRole('dialog').getByRole('textbox').waitFor()
      await camera.shoot('follow-dialog')
      await button(camera, WORDS.byInvitation).click()
      await camera.shoot('join-paste')
      await field(camera).fill(fake.node.controls.invitations.sample().replace('Tom', 'Tim'))
      await button(camera, WORDS.look).click()
      await camera.page.getByRole('alert').getByText(/./u).first().waitFor()
      await camera.shoot('join-changed')
      await field(camera).fill(fake.node.controls.invitations.sample())
      await button(camera, WORDS.look).click()
      await button(camera, WORDS.join).waitFor()
      await camera.shoot('join-preview', ALL_VIEWS, TALL_PX)
      await button(camera, WORDS.join).click()
      fake.node.controls.invitations.settle()
      await camera.page.getByText(/^(no answer|sans réponse)/u).waitFor()
      await camera.shoot('join-progress', ALL_VIEWS)
    },
  },
  'invite-first-run': {
    sample: 'newcomer',
    async take({ camera, fake }) {
      await button(camera, WORDS.invited).waitFor()
      await camera.shoot('first-run', ALL_VIEWS)
      await button(camera, WORDS.invited).click()
      await camera.shoot('invited-paste')
      await field(camera).fill(fake.node.controls.invitations.sample())
      await button(camera, WORDS.look).click()
      await button(camera, WORDS.join).waitFor()
      await camera.shoot('invited-preview', ALL_VIEWS, TALL_PX)
      await button(camera, WORDS.join).click()
      fake.node.controls.invitations.settle()
      await button(camera, WORDS.sitDown).waitFor()
      await camera.shoot('invited-name')
      await field(camera).fill('Ibou Faye')
      await button(camera, WORDS.sitDown).click()
      await camera.page.getByText('Kossi').waitFor()
      await camera.shoot('invited-meet', FEW_VIEWS, TALL_PX)
    },
  },
  'no-seeds': {
    sample: 'empty',
    async take({ camera, fake }) {
      fake.node.controls.patchNetwork({ peers: [], seeds: 0 })
      await camera.goTo('/network')
      await camera.page.getByText(/^(There are no public|Il n’y a pas encore)/u).waitFor()
      await camera.shoot('no-seeds', ALL_VIEWS, TALL_PX)
    },
  },
}
