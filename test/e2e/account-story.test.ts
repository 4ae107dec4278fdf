import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordsFromEntropy } from '../../core/identity/words.ts'
import { connectLocal } from '../../core/node/local-client.ts'
import { buildRenderer } from '../../scripts/build.ts'
import { comeBackBy, lookAt, shownDigits, shownLink, showWords, writePost } from '../harness/account-pages.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { PersonWindow, type PersonWindowInit, RealNode } from '../harness/person-window.ts'
import { createStory } from '../harness/story.ts'
import { eventually } from '../harness/wait.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''

const START_TIMEOUT_MS = 240_000
const STEP_TIMEOUT_MS = 150_000

const FIRST = 'Written on the laptop, before anything was lost.'
const SECOND = 'Écrit sur le téléphone.'
const THIRD = 'Written on the laptop, with the phone beside it.'
/** Words of an account that is nobody's. */
const FOREIGN = wordsFromEntropy(new Uint8Array(32)).join(' ')

/**
 * One account in the window itself, on real nodes that know only the seed: made, its words rehearsed, linked to a
 * second device, and, when both are gone, brought back on a third one by the words. The steps stand on one another.
 */
describe.skipIf(reason !== '')(`the story of an account${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let root: string
  let browser: Browser
  let seedAddress: string
  let laptop: PersonWindow
  let phone: PersonWindow
  let fresh: PersonWindow
  let words: string[]
  let profile: string
  let signed: number
  const nodes = new Map<string, RealNode>()
  const windows: PersonWindow[] = []

  const step = createStory({ windows: () => windows, timeoutMs: STEP_TIMEOUT_MS })

  const open = async (name: string, language: PersonWindowInit['language']): Promise<PersonWindow> => {
    const node = new RealNode(join(root, name), ['start', '--peer', seedAddress])
    nodes.set(name, node)
    const { ready } = await node.start()
    const window = await PersonWindow.open({ browser, album: 'account-story', language })
    windows.push(window)
    await window.page.goto(ready.url as string)
    return window
  }
  const profileOf = async (name: string): Promise<string> => {
    const { client, close } = await connectLocal((nodes.get(name) as RealNode).dataDir)
    return (await client.account.get().finally(close)).profile
  }

  beforeAll(async () => {
    await buildRenderer()
    root = await mkdtemp(join(tmpdir(), 'palabre-account-'))
    browser = await launchBrowser()
    const seed = new RealNode(join(root, 'seed'), ['seed'])
    nodes.set('seed', seed)
    seedAddress = (await seed.start()).ready.addresses[0] as string
    ;[laptop, phone, fresh] = await Promise.all([open('laptop', 'en'), open('phone', 'fr'), open('fresh', 'en')])
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([...nodes.values()].map((node) => node.kill()))
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  })

  step('begins on the laptop with a name and a post', async () => {
    await laptop.button(/^I am new here/u).waitFor()
    await lookAt(laptop, '01-arrive')
    await laptop.button(/^I am new here/u).click()
    await laptop.field('onboarding.name').fill('Nour')
    await laptop.press('onboarding.create')
    await laptop.reads('onboarding.meet.title')
    await laptop.press('onboarding.enter')
    await writePost(laptop, FIRST)
    profile = await profileOf('laptop')
  })

  step('writes the words down, and rehearses them', async () => {
    words = await showWords(laptop)
    await lookAt(laptop, '02-words')
    await laptop.press('words.written')
    await laptop.reads('words.check.title')
    for (const field of await laptop.page.getByRole('textbox', { name: laptop.sentence('words.check.word') }).all()) {
      const label = await field.evaluate(
        (node) => (node as unknown as { labels: { textContent: string }[] }).labels[0]?.textContent,
      )
      await field.fill(words[Number(/\d+/u.exec(label ?? '')?.[0]) - 1] as string)
    }
    await lookAt(laptop, '03-words-check')
    await laptop.press('words.check.action')
    await laptop.page.getByText(laptop.says('words.done.title')).waitFor()

    await laptop.visit('/settings/recovery')
    await laptop.page.getByText(laptop.says('recovery.words.badge.unrehearsed')).waitFor()
    await lookAt(laptop, '04-recovery')
    await laptop.press('recovery.words.action.rehearse')
    await laptop.field('secret.label.words').fill(words.slice(1).join(' '))
    await laptop.press('rehearse.action')
    await laptop.page.getByText('There are 23 words, there must be 24.').waitFor()
    await laptop.field('secret.label.words').fill(FOREIGN)
    await laptop.press('rehearse.action')
    await laptop.page.getByText(laptop.says('rehearse.other-account')).waitFor()
    await lookAt(laptop, '05-rehearse-no')
    await laptop.field('secret.label.words').fill(words.map((word, index) => `${index + 1}. ${word}`).join('\n'))
    await laptop.press('rehearse.action')
    await laptop.reads('rehearse.right')
    await lookAt(laptop, '06-rehearse-yes')
    await laptop.press('rehearse.done')
    await laptop.page.getByText(laptop.says('recovery.words.badge.works')).first().waitFor()
  })

  step('links the phone, by the keyboard alone: the same digits on both screens', async () => {
    await laptop.visit('/settings/devices/link')
    await laptop.reads('linking.ask')
    await lookAt(laptop, '07-link-ask')
    await laptop.press('linking.show')
    const link = await shownLink(laptop, 'link')
    await lookAt(laptop, '08-link-shown')

    const { keyboard } = phone.page
    await phone.button(new RegExp(`^${phone.says('onboarding.way.have')}`, 'u')).focus()
    await keyboard.press('Enter')
    await phone.reads('onboarding.have.title')
    await lookAt(phone, '09-have')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await phone.reads('onboarding.link.title')
    await keyboard.press('Tab')
    await keyboard.insertText(link)
    await keyboard.press('Tab')
    await keyboard.insertText('Téléphone de Nour')
    await lookAt(phone, '10-link-pasted')
    await keyboard.press('Enter')

    const [here, there] = await Promise.all([shownDigits(laptop), shownDigits(phone)])
    expect(there).toBe(here)
    await lookAt(laptop, '11-compare')
    await lookAt(phone, '11-compare')
    for (const key of ['Tab', 'Tab', 'Enter']) await keyboard.press(key)
    await phone.reads('onboarding.link.confirming')
    await lookAt(phone, '12-confirming')
    await laptop.press('account.compare.yes')
    await laptop.reads('linking.done')
    await laptop.heading('Téléphone de Nour is linked.').waitFor()
    await lookAt(laptop, '13-linked')
    await phone.reads('onboarding.link.done')
    await lookAt(phone, '14-here')
    await phone.press('onboarding.enter')
  })

  step('writes on both, and each shows what the other wrote', async () => {
    await phone.post(FIRST).first().waitFor()
    await writePost(phone, SECOND)
    await laptop.press('linking.toDevices')
    await laptop.heading('In use, 2').waitFor()
    await laptop.visit('/')
    await laptop.post(SECOND).first().waitFor()
    await writePost(laptop, THIRD)
    await phone.post(THIRD).first().waitFor()
    await lookAt(phone, '15-home')
    await phone.visit('/settings/devices')
    await phone.heading('En service, 2').waitFor()
    await lookAt(phone, '16-devices')
    await laptop.visit('/settings/devices')
    // A profile and two posts.
    await laptop.page.getByText(/3 records here/u).waitFor()
    await lookAt(laptop, '16-devices')
    const devices = await laptop.page.getByRole('main').innerText()
    const records = [...devices.matchAll(/(\d+) records? here/gu)].map(([, count]) => Number(count))
    expect(records).toHaveLength(2)
    signed = records.reduce((sum, count) => sum + count, 0)
    expect(await profileOf('phone')).toBe(profile)
    await eventually('all of it is on the seed', async () => {
      const { client, close } = await connectLocal((nodes.get('laptop') as RealNode).dataDir)
      const { items } = await client.timeline.home({}).finally(close)
      return items.length === 3 && items.every(({ holding }) => (holding?.seeds.length ?? 0) > 0)
    })
  })

  step('comes back on a third computer by the words, when both others are gone', async () => {
    for (const window of [laptop, phone]) await window.close()
    await Promise.all([nodes.get('laptop')?.kill(), nodes.get('phone')?.kill()])
    await comeBackBy(fresh, 'words')
    await fresh.field('secret.label').fill(`${FOREIGN.replace(/art$/u, 'zoo')}`)
    await fresh.press('onboarding.words.start')
    await fresh.page.getByText(fresh.says('secret.fault.checksum')).waitFor()
    await lookAt(fresh, '17-wrong-words')
    await fresh.field('secret.label').fill(words.join(' '))
    await fresh.field('account.device').fill('New laptop')
    await fresh.press('onboarding.words.start')
    await fresh.reads('restore.title.done')
    await fresh.page.getByText(`${signed} of ${signed}`, { exact: true }).waitFor()
    await fresh.page.getByText(fresh.says('restore.lost')).waitFor()
    await lookAt(fresh, '18-back')
    await fresh.press('onboarding.enter')
    for (const text of [FIRST, SECOND, THIRD]) await fresh.post(text).first().waitFor()
    expect(await profileOf('fresh')).toBe(profile)
    await writePost(fresh, 'Back again.')
    await fresh.visit('/settings/recovery')
    await fresh.page.getByText(fresh.says('recovery.honest.nobody')).waitFor()
    expect(await fresh.page.getByText(fresh.says('recovery.words.badge.unrehearsed')).count()).toBe(0)
    await lookAt(fresh, '19-recovery')
  })

  step('revokes what was lost, with the words', async () => {
    await fresh.visit('/settings/devices')
    await fresh.heading('In use, 3').waitFor()
    await lookAt(fresh, '20-devices')
    await fresh.button('Revoke: Téléphone de Nour').click()
    await fresh.heading('Revoke Téléphone de Nour?').waitFor()
    await fresh.field('secret.label').fill(FOREIGN)
    await lookAt(fresh, '21-revoke')
    await fresh.press('devices.confirm.revoke')
    await fresh.page.getByRole('dialog').getByRole('alert').getByText(/./u).first().waitFor()
    await lookAt(fresh, '22-revoke-refused')
    await fresh.field('secret.label').fill(words.join(' '))
    await fresh.press('devices.confirm.revoke')
    await fresh.heading('In use, 2').waitFor()
    await fresh.page.getByText(fresh.says('devices.badge.sealed'), { exact: true }).waitFor()
    await lookAt(fresh, '23-revoked')
    await fresh.visit('/')
    await fresh.post(SECOND).first().waitFor()
  })

  it('says nothing on the consoles of those who were online', () => {
    for (const window of [laptop, phone, fresh]) expect(window.problems).toEqual([])
  })
})
