import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeClient } from '../../core/contract/client.ts'
import { connectLocal } from '../../core/node/local-client.ts'
import { buildRenderer } from '../../scripts/build.ts'
import { comeBackBy, lookAt, shownDigits, shownLink, showWords, writePost } from '../harness/account-pages.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { PersonWindow, type PersonWindowInit, RealNode } from '../harness/person-window.ts'
import { programFile } from '../harness/programs.ts'
import { createStory } from '../harness/story.ts'
import { eventually } from '../harness/wait.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''

const START_TIMEOUT_MS = 240_000
const STEP_TIMEOUT_MS = 150_000
const HASTY_MAIN = programFile('hasty-main')
/** Long enough to be stopped at leisure; then so short that nobody waits. */
const SLOW = { PALABRE_TEST_GUARDIAN_DELAY: '600000' }
const FAST = { PALABRE_TEST_GUARDIAN_DELAY: '1500' }

const BEFORE = 'Écrit avant que tout ne soit perdu.'

/**
 * A person with three guardians, of whom one never comes back: an alarm that is stopped in the window of a device that
 * is still there, then, when that one is gone too, the account on a new computer. The steps stand on one another.
 */
describe.skipIf(reason !== '')(`the story of guardians${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let root: string
  let browser: Browser
  let ana: PersonWindow
  let ben: PersonWindow
  let fresh: PersonWindow
  let words: string
  let profile: string
  const nodes = new Map<string, RealNode>()
  const urls = new Map<string, string>()
  const windows: PersonWindow[] = []

  const step = createStory({ windows: () => windows, timeoutMs: STEP_TIMEOUT_MS })

  const nodeOf = (name: string) => nodes.get(name) as RealNode
  const call = async <T>(name: string, act: (client: NodeClient) => Promise<T>): Promise<T> => {
    const { client, close } = await connectLocal(nodeOf(name).dataDir)
    return await act(client).finally(close)
  }
  const open = async (name: string, language: PersonWindowInit['language']): Promise<PersonWindow> => {
    const window = await PersonWindow.open({ browser, album: 'guardian-story', language })
    windows.push(window)
    await window.page.goto(urls.get(name) as string)
    return window
  }
  /** As soon as the guardian knows the chain that is asked for. */
  const approve = (name: string, link: string) =>
    eventually(`${name} agrees`, () => call(name, (client) => client.guardians.approve({ link }).catch(() => null)))

  beforeAll(async () => {
    await buildRenderer()
    root = await mkdtemp(join(tmpdir(), 'palabre-guardians-'))
    browser = await launchBrowser()
    const seed = new RealNode(join(root, 'seed'), ['seed'])
    nodes.set('seed', seed)
    const seedAddress = (await seed.start()).ready.addresses[0] as string
    const start = async (name: string, args: readonly string[]) => {
      const node = new RealNode(join(root, name), ['start', '--peer', seedAddress, ...args], HASTY_MAIN)
      nodes.set(name, node)
      urls.set(name, (await node.start(SLOW)).ready.url as string)
    }
    await Promise.all(
      ['Ana', 'Ben', 'Cleo', 'Dora'].map((name) => start(name, ['--name', name])).concat(start('fresh', [])),
    )
    ;[ana, ben, fresh] = await Promise.all([open('Ana', 'fr'), open('Ben', 'en'), open('fresh', 'fr')])
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([...nodes.values()].map((node) => node.kill()))
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  })

  step('makes three people guardians, two of whom must sign', async () => {
    await writePost(ana, BEFORE)
    profile = (await call('Ana', (client) => client.account.get())).profile
    words = (await showWords(ana)).join(' ')
    await ana.visit('/settings/recovery/guardians')
    await ana.press('guardians.invite')
    const invitation = await shownLink(ana, 'guard')
    await lookAt(ana, '01-invite')

    await ben.visit('/settings/recovery/guarding')
    await ben.field('guarding.accept.label').fill(invitation)
    await ben.page.getByText('From Ana').waitFor()
    await ben.press('guarding.accept.action')
    const replies = [await shownLink(ben, 'guardian')]
    await lookAt(ben, '02-accepted')
    for (const name of ['Cleo', 'Dora']) {
      replies.push((await call(name, (client) => client.guardians.accept({ link: invitation }))).reply)
    }
    for (const reply of replies) {
      await ana.field('guardians.answer').fill(reply)
      await ana.press('guardians.answer.add')
    }
    await ana.page.getByRole('listitem').filter({ hasText: 'Dora' }).first().waitFor()
    await ana.field('secret.label').fill(words)
    await lookAt(ana, '03-answers')
    await ana.button('Choisir ces 3 gardiens').click()
    await ana.heading('Vos gardiens\u00a0: 2 sur 3 signent ensemble').waitFor()
    await nodeOf('Dora').kill()
    await ana.press('guardians.check')
    const alive = ana.page.getByText(ana.says('guardians.badge.alive'), { exact: true })
    await eventually('two have answered', async () => (await alive.count()) === 2)
    await lookAt(ana, '04-guardians')
    await ben.page.getByText(/^Since /u).waitFor()
  })

  step('asks them from a new computer, with six digits that are the same at a guardian', async () => {
    await comeBackBy(fresh, 'guardians')
    await fresh.field('onboarding.guardians.label').fill(`palabre:${profile}`)
    await fresh.field('account.device').fill('Nouveau portable')
    await lookAt(fresh, '05-ask')
    await fresh.press('onboarding.guardians.ask')
    await fresh.reads('onboarding.asked.title')
    const link = await shownLink(fresh, 'recover')
    const digits = await shownDigits(fresh)
    await lookAt(fresh, '06-asked')

    await ben.field('guarding.open.label').fill(link)
    await ben.press('guarding.open.action')
    expect(await shownDigits(ben)).toBe(digits)
    await lookAt(ben, '07-call')
    await ben.press('guarding.yes')
    await ben.reads('guarding.approved')
    await lookAt(ben, '08-approved')
    await approve('Cleo', link)
    const [, agreed = ''] = fresh.says('onboarding.guardian.waiting').split(/\{\w+\}/)
    await fresh.page.getByText(agreed.trim()).nth(1).waitFor()
    await lookAt(fresh, '09-waiting')
  })

  step('shows the alarm on a device that is still there, which stops it', async () => {
    await ana.visit('/')
    await ana
      .heading(
        'On a demandé à deux de vos gardiens de donner votre compte à un nouvel ordinateur, «\u00a0Nouveau portable\u00a0».',
      )
      .waitFor()
    await ana.page.getByText(await shownDigits(fresh)).waitFor()
    await lookAt(ana, '10-alarm')
    await ana.press('alarm.stop')
    await ana.page.getByText(ana.says('alarm.stopped')).waitFor()
    await eventually('the alarm is over', async () => (await ana.button(ana.says('alarm.stop')).count()) === 0)
    await lookAt(ana, '11-stopped')
    await fresh.page.getByText(fresh.says('onboarding.failed.vetoed')).waitFor()
    await lookAt(fresh, '12-vetoed')
    await ben.press('guarding.close')
    await ben.page.getByText(ben.says('guarding.state.vetoed')).waitFor()
    await lookAt(ben, '13-vetoed')
    await expect(call('fresh', (client) => client.account.get())).rejects.toMatchObject({ code: 'no-account' })
  })

  step('brings the account to the new computer when no device is left to say no', async () => {
    for (const window of [ana, ben]) await window.close()
    await Promise.all(['Ana', 'Ben', 'Cleo'].map((name) => nodeOf(name).kill()))
    await Promise.all(
      ['Ben', 'Cleo'].map(async (name) => urls.set(name, (await nodeOf(name).start(FAST)).ready.url as string)),
    )
    await fresh.field('onboarding.guardians.label').fill(`palabre:${profile}`)
    await fresh.field('account.device').fill('Nouveau portable')
    await fresh.press('onboarding.guardians.ask')
    await fresh.reads('onboarding.asked.title')
    const link = await shownLink(fresh, 'recover')
    for (const name of ['Ben', 'Cleo']) await approve(name, link)
    await fresh.reads('restore.title.done')
    await fresh.page.getByText(fresh.says('restore.lost')).waitFor()
    await lookAt(fresh, '14-back')
    await fresh.press('onboarding.enter')
    await fresh.post(BEFORE).first().waitFor()
    expect((await call('fresh', (client) => client.account.get())).profile).toBe(profile)
    await writePost(fresh, 'De retour.')
    await fresh.visit('/settings/recovery')
    await fresh.reads('restore.title.done')
    await lookAt(fresh, '15-recovery')
    await fresh.visit('/settings/devices')
    await fresh.heading('En service, 2').waitFor()
    await lookAt(fresh, '16-devices')
  })

  step('tells the guardians that it is done', async () => {
    ben = await open('Ben', 'en')
    await ben.visit('/settings/recovery/guarding')
    await ben.page.getByText(ben.says('guarding.state.done')).waitFor()
    await lookAt(ben, '17-done')
  })

  it('says nothing on the consoles of those who were online', () => {
    for (const window of windows) expect(window.problems).toEqual([])
  })
})
