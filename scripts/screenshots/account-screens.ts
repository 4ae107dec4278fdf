import type { FakeSample } from '../../test/harness/fake-node.ts'
import type { ServedFake } from '../../test/harness/serve-fake.ts'
import { ALL_VIEWS, type Camera, FEW_VIEWS, type View } from './camera.ts'

export interface AccountContext {
  readonly camera: Camera
  readonly fake: ServedFake
}

export interface AccountScreen {
  readonly sample: FakeSample
  readonly take: (context: AccountContext) => Promise<void>
}

const SOME_VIEWS: readonly View[] = [...FEW_VIEWS, { theme: 'dark', width: 1280 }, { theme: 'light', width: 390 }]
const TALL_PX = 1_700
const PASSPHRASE = 'quatre chaises sous le tilleul'

/** Words by which buttons and fields are found in both languages. */
const WORDS = {
  have: /^(I already have an account|J’ai déjà un compte)/u,
  device: /^(I have a device|J’ai un appareil)/u,
  paper: /^(I have the 24 words|J’ai les 24 mots)/u,
  guardians: /^(I have guardians|J’ai des gardiens)/u,
  goOn: /^(Go on|Continuer)$/u,
  same: /^(It is the same|C’est le même)$/u,
  look: /^(Look for my account|Chercher mon compte)$/u,
  ask: /^(Make the request|Faire la demande)$/u,
  enter: /^(Enter the square|Entrer sur la place)$/u,
  show: /^(Show the link|Afficher le lien)$/u,
  retire: /^(Retire|Retirer)/u,
  revoke: /^(Revoke|Révoquer)/u,
  rename: /^(Rename|Renommer)/u,
  compare: /^(Compare|Comparer)$/u,
  makePaper: /^(Make the paper key|Faire la clé de papier)$/u,
  invite: /^(Make the invitation|Créer l’invitation)$/u,
  add: /^(Add|Ajouter)$/u,
  open: /^(Look at it|Le regarder)$/u,
  yes: /^(It is them|C’est bien sa voix)/u,
  accept: /^(Accept|Accepter)$/u,
  more: /^(More|Plus)/u,
  edit: /^(Edit|Modifier)$/u,
  changed: /^(what changed|ce qui a changé)$/u,
  seal: /^(Seal this computer|Sceller cet ordinateur)$/u,
} as const

const button = ({ page }: Camera, name: RegExp) => page.getByRole('button', { name })
const dialog = ({ page }: Camera) => page.getByRole('dialog')
const textbox = ({ page }: Camera) => page.locator('main').getByRole('textbox')
const words = (fake: ServedFake) => fake.node.controls.accounts.secrets.words.join(' ')
const step = (fake: ServedFake) => fake.node.controls.accounts.course.step()

async function goHave(camera: Camera, way: RegExp): Promise<void> {
  await button(camera, WORDS.have).click()
  await button(camera, way).click()
}

/** Waits for the answer of the node to be on the page, then the photograph. */
async function settle(camera: Camera, text: string | RegExp): Promise<void> {
  await camera.page.getByText(text).first().waitFor()
}

/** Stands for the desktop app: a node that waits for a passphrase, and finds every one wrong. */
const SEALED = `{
  let attempt = 1
  const ask = () => window.postMessage({ type: 'palabre:locked', attempt }, location.origin)
  window.palabreDesktop = { requestPort: ask, unlock: () => { attempt += 1; ask() } }
}`

/** What needs another machine, or three days: on the sample node, where each step comes when it is asked for. */
export const ACCOUNT_SCREENS: Readonly<Record<string, AccountScreen>> = {
  'account-first-run': {
    sample: 'newcomer',
    async take({ camera }) {
      await button(camera, WORDS.have).click()
      await button(camera, WORDS.device).waitFor()
      await camera.shoot('arrive-have', SOME_VIEWS)
    },
  },
  'account-join': {
    sample: 'newcomer',
    async take({ camera, fake }) {
      await goHave(camera, WORDS.device)
      await textbox(camera).first().waitFor()
      await camera.shoot('join-paste', SOME_VIEWS)
      await textbox(camera).first().fill('palabre:12D3KooWnobody')
      await button(camera, WORDS.goOn).click()
      await camera.page.getByRole('alert').first().waitFor()
      await camera.shoot('join-wrong')
      await textbox(camera).first().fill('palabre:link?d=x&t=y')
      await button(camera, WORDS.goOn).click()
      await textbox(camera).first().waitFor({ state: 'detached' })
      await camera.shoot('join-waiting')
      step(fake)
      await settle(camera, '481 905')
      await camera.shoot('join-compare', SOME_VIEWS)
      await button(camera, WORDS.same).click()
      await button(camera, WORDS.same).waitFor({ state: 'detached' })
      await camera.shoot('join-confirming')
    },
  },
  'account-words': {
    sample: 'newcomer',
    async take({ camera, fake }) {
      await goHave(camera, WORDS.paper)
      await textbox(camera).first().waitFor()
      await camera.shoot('return-words', SOME_VIEWS)
      await textbox(camera)
        .first()
        .fill(words(fake).replace(/ (\w+) /u, ' palabre '))
      await button(camera, WORDS.look).click()
      await camera.page.getByRole('alert').first().waitFor()
      await camera.shoot('return-words-wrong', SOME_VIEWS)
      await textbox(camera).first().fill(words(fake))
      await button(camera, WORDS.look).click()
      await settle(camera, /^(Looking for your account|À la recherche de votre compte)/u)
      step(fake)
      await settle(camera, /^4 /u)
      await camera.shoot('return-looking')
      for (let count = 0; count < 4; count++) step(fake)
      await settle(camera, /1[,\s]?026/u)
      await camera.shoot('return-checklist', ALL_VIEWS)
      await button(camera, WORDS.enter).click()
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('home-restoring', SOME_VIEWS)
      await camera.goTo('/settings/recovery')
      await settle(camera, /1[,\s]?026/u)
      await camera.shoot('recovery-restoring')
    },
  },
  'account-ask-guardians': {
    sample: 'newcomer',
    async take({ camera, fake }) {
      await goHave(camera, WORDS.guardians)
      await textbox(camera).first().waitFor()
      await camera.shoot('return-guardians')
      await textbox(camera).first().fill('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
      await button(camera, WORDS.ask).click()
      await settle(camera, '731 204')
      await camera.shoot('return-guardians-asked', SOME_VIEWS, TALL_PX)
      for (let count = 0; count < 3; count++) step(fake)
      await settle(camera, /(has signed|a signé)/u)
      await camera.shoot('return-guardians-waiting', FEW_VIEWS, TALL_PX)
      fake.node.controls.accounts.recovery.fail('vetoed')
      await camera.page.getByRole('alert').getByText(/./u).first().waitFor()
      await camera.shoot('return-guardians-vetoed')
      fake.node.controls.accounts.recovery.restore('guardians')
      for (let count = 0; count < 5; count++) step(fake)
      await button(camera, WORDS.enter).waitFor()
      await camera.shoot('return-done-guardians')
    },
  },
  'account-settings': {
    sample: 'square',
    async take({ camera, fake }) {
      await camera.goTo('/settings')
      await settle(camera, 'Français')
      await camera.shoot('settings-account', ALL_VIEWS)
      await camera.goTo('/settings/recovery')
      await settle(camera, /^(Means of recovery|Moyens de récupération)$/u)
      await camera.shoot('recovery', ALL_VIEWS, 1_100)
      const { secrets, guardians } = fake.node.controls.accounts
      secrets.isPending = false
      guardians.state = { ...guardians.state, threshold: 3 }
      fake.node.controls.emit({ type: 'recovery' })
      await settle(camera, /^(Not rehearsed|Non répétés)$/u)
      await camera.shoot('recovery-unrehearsed')
      await camera.goTo('/settings/computer')
      await settle(camera, /^(Unprotected|Sans protection)\.$/u)
      await camera.shoot('computer', SOME_VIEWS)
      for (const field of await camera.page.locator('main input[type=password]').all()) await field.fill(PASSPHRASE)
      await button(camera, WORDS.seal).click()
      await settle(camera, /^(Sealed with|Scellé par)/u)
      await camera.shoot('computer-sealed', FEW_VIEWS, TALL_PX)
    },
  },
  'account-devices': {
    sample: 'square',
    async take({ camera, fake }) {
      const { devices } = fake.node.controls.accounts
      await camera.goTo('/settings/devices')
      await settle(camera, 'Tour du grenier')
      await camera.shoot('devices', ALL_VIEWS)
      for (const [name, act] of [
        ['rename', WORDS.rename],
        ['retire', WORDS.retire],
        ['revoke', WORDS.revoke],
      ] as const) {
        await button(camera, act).first().click()
        await dialog(camera).waitFor()
        await camera.shoot(`devices-${name}`, SOME_VIEWS)
        await camera.page.keyboard.press('Escape')
        await dialog(camera).waitFor({ state: 'detached' })
      }
      await button(camera, WORDS.revoke).first().click()
      await dialog(camera).getByRole('radio').nth(2).click()
      await dialog(camera).getByRole('radio').nth(4).click()
      await camera.shoot('devices-revoke-post', SOME_VIEWS, 1_050)
      await camera.page.keyboard.press('Escape')
      await dialog(camera).waitFor({ state: 'detached' })
      const [, kitchen, attic] = devices.items
      devices.change(kitchen?.peerId ?? '', { forked: true })
      devices.change(attic?.peerId ?? '', { status: 'sealed', contested: true, hidden: 14 })
      await settle(camera, /^(Copied|Copié)$/u)
      await camera.shoot('devices-trouble', FEW_VIEWS, 1_100)
      await camera.goTo('/settings/devices/link')
      await button(camera, WORDS.show).waitFor()
      await camera.shoot('link-ask')
      await button(camera, WORDS.show).click()
      await camera.page.locator('main svg[role=img]').waitFor()
      await camera.shoot('link-show', SOME_VIEWS)
      step(fake)
      await settle(camera, '481 905')
      await camera.shoot('link-compare')
      await button(camera, WORDS.same).click()
      await settle(camera, /^(Now the other one|À l’autre, maintenant)\.$/u)
      for (let count = 0; count < 2; count++) step(fake)
      await settle(camera, /(is linked|est relié)/u)
      await camera.shoot('link-done')
      devices.fail('declined')
      await settle(camera, /(was not linked|n’a pas été relié)/u)
      await camera.shoot('link-failed')
    },
  },
  'account-notices': {
    sample: 'square',
    async take({ camera, fake }) {
      const { controls } = fake.node
      await camera.goTo('/settings')
      controls.setClock(6.6 * 60_000)
      await settle(camera, /(is about 7|avance d’environ 7)/u)
      await camera.goTo('/')
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('clock', ALL_VIEWS)
      await camera.page.keyboard.press('n')
      await dialog(camera).waitFor()
      await camera.shoot('clock-composer', SOME_VIEWS)
      await camera.page.keyboard.press('Escape')
      await dialog(camera).waitFor({ state: 'detached' })
      await camera.goTo('/network')
      await settle(camera, /^(Clock of this computer|Horloge de cet ordinateur)$/u)
      await camera.shoot('clock-network', ALL_VIEWS)
      controls.setClock(0)
      controls.accounts.devices.replace()
      await camera.goTo('/')
      await settle(camera, /^(This computer was copied|Cet ordinateur a été copié)/u)
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('replaced', ALL_VIEWS)
      await camera.goTo('/settings/devices')
      await settle(camera, /(revoke this key|révoquez cette clé)/u)
      await camera.shoot('replaced-devices', ALL_VIEWS, 1_300)
    },
  },
  'account-secrets': {
    sample: 'square',
    async take({ camera, fake }) {
      await camera.goTo('/settings/recovery/rehearse')
      await textbox(camera).first().waitFor()
      await camera.shoot('rehearse', SOME_VIEWS)
      await textbox(camera).first().fill(words(fake))
      await button(camera, WORDS.compare).click()
      await settle(camera, /^(These are the words|Ce sont les mots)/u)
      await camera.shoot('rehearse-right')
      await camera.goTo('/settings/recovery/paper')
      await textbox(camera).first().waitFor()
      await camera.shoot('paper', SOME_VIEWS)
      await textbox(camera).first().fill(words(fake))
      await button(camera, WORDS.makePaper).click()
      await settle(camera, 'PALABRE-PAPER-1')
      await camera.shoot('paper-sheet', SOME_VIEWS)
      await camera.page.emulateMedia({ media: 'print' })
      await camera.shoot('paper-print', [{ theme: 'dark', width: 800 }])
      await camera.page.emulateMedia({ media: null })
      await camera.goTo('/settings/recovery/new-words')
      await textbox(camera).first().waitFor()
      await camera.shoot('new-words')
    },
  },
  'account-sealed': {
    sample: 'square',
    async take({ camera }) {
      await camera.page.evaluate(`localStorage.setItem('palabre.settings', '{"language":"${camera.language}"}')`)
      await camera.page.addInitScript(SEALED)
      await camera.page.reload()
      await camera.page.locator('input[type=password]').waitFor()
      await camera.shoot('sealed', SOME_VIEWS)
      await camera.page.locator('input[type=password]').fill(PASSPHRASE)
      await camera.page.keyboard.press('Enter')
      await camera.page.getByRole('alert').first().waitFor()
      await camera.shoot('sealed-wrong')
      await camera.page.locator('form button').last().click()
      await camera.page.locator('textarea').waitFor()
      await camera.shoot('sealed-words', SOME_VIEWS)
    },
  },
  'account-edit': {
    sample: 'square',
    async take({ camera, fake }) {
      const own = fake.node.controls.square().postsNewestFirst((post) => post.text.includes('cinq mètres'))[0]
      await camera.goTo(`/thread/${own?.id}`)
      const article = camera.page.locator(`article[data-post="${own?.id}"]`)
      await article.getByRole('button', { name: WORDS.more }).click()
      await camera.page.getByRole('menuitem', { name: WORDS.edit }).click()
      const field = dialog(camera).getByRole('textbox').first()
      await field.fill('J’en ai une de cinq mètres cinquante, en frêne. Je passe lundi soir ?')
      await camera.shoot('edit', SOME_VIEWS)
      await camera.page.keyboard.press('Control+Enter')
      await dialog(camera).waitFor({ state: 'detached' })
      await camera.shoot('thread-edited')
      await article.getByRole('button', { name: WORDS.changed }).click()
      await dialog(camera).getByText('en frêne').first().waitFor()
      await camera.shoot('edit-history', SOME_VIEWS)
    },
  },
  'account-guardians': {
    sample: 'square',
    async take({ camera, fake }) {
      const { guardians } = fake.node.controls.accounts
      await camera.goTo('/settings/recovery/guardians')
      await settle(camera, 'Marguerite Leduc')
      await button(camera, WORDS.invite).click()
      for (const name of ['Awa Ndiaye', 'Tom Hallworth', 'Yuki Sato']) {
        const field = camera.page.locator('main input').first()
        await field.fill(`palabre:guardian?p=x&k=${name.length}&s=z&g=12D3KooW&n=${encodeURIComponent(name)}`)
        await button(camera, WORDS.add).click()
      }
      await camera.shoot('guardians', SOME_VIEWS, 1_600)
      await camera.goTo('/settings/recovery/guarding')
      await settle(camera, 'Kofi Mensah')
      await camera.shoot('guarding')
      await camera.page
        .locator('main input')
        .first()
        .fill(`palabre:recover?p=${guardians.state.wards[0]?.profile}&d=abc&n=${encodeURIComponent('Studio laptop')}`)
      await button(camera, WORDS.open).click()
      await settle(camera, '902 117')
      await camera.shoot('guarding-call', SOME_VIEWS)
      await button(camera, WORDS.yes).click()
      await button(camera, WORDS.yes).waitFor({ state: 'detached' })
      await camera.page
        .locator('main input')
        .last()
        .fill(`palabre:guard?p=12D3KooWx&n=${encodeURIComponent('Noor Haddad')}`)
      await button(camera, WORDS.accept).click()
      await camera.page.getByRole('status').getByText('Noor Haddad').waitFor()
      await camera.shoot('guarding-approved', FEW_VIEWS, 1_300)
      guardians.alarm()
      await camera.goTo('/')
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('alarm', ALL_VIEWS)
    },
  },
  'account-evidence': {
    sample: 'square',
    async take({ camera, fake }) {
      fake.node.controls.setEvidence()
      await camera.goTo('/network')
      await settle(camera, 'Harbour')
      await camera.shoot('evidence', ALL_VIEWS, 1_900)
    },
  },
}
