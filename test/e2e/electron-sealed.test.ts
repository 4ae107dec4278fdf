import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKeyPair, generateSealKeyPair } from '../../core/identity/keys.ts'
import { wordsFromEntropy } from '../../core/identity/words.ts'
import { openDataDir } from '../../core/node/data-dir.ts'
import { DeviceVault } from '../../core/node/device-vault.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { buildDesktop, buildRenderer } from '../../scripts/build.ts'
import { StandinApp } from '../electron-standin/run-app.ts'
import { findChromium } from '../harness/chromium.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''
const PASSPHRASE = 'four chairs under the lime tree'
const ENTROPY = new Uint8Array(32).fill(7)

describe.skipIf(reason !== '')(
  `the desktop app on a sealed vault${reason === '' ? '' : ` (skipped: ${reason})`}`,
  () => {
    let folder: string
    let app: StandinApp

    beforeAll(async () => {
      await buildRenderer()
      await buildDesktop()
      folder = await mkdtemp(join(tmpdir(), 'palabre-sealed-'))
      const dataDir = await openDataDir(join(folder, 'data'))
      const vault = new DeviceVault(
        { logger: silentLogger, random: systemRandom, secrets: { passphrase: PASSPHRASE } },
        { dataDir: dataDir.path },
      )
      await vault.open()
      await vault.create({
        deviceSeed: generateKeyPair(systemRandom).secretKey,
        sealSeed: generateSealKeyPair(systemRandom).secretKey,
        address: null,
        wordsEntropy: ENTROPY,
      })
      await dataDir.release()
      app = await StandinApp.start({ PALABRE_DATA: dataDir.path })
    }, 180_000)

    afterAll(async () => {
      await app?.dispose()
      await rm(folder, { recursive: true, force: true })
    })

    it('asks for the passphrase in its window, refuses another, and opens with the right one', async () => {
      const page = await app.page()
      const field = page.getByLabel('Passphrase')
      await field.fill('something else')
      await field.press('Enter')
      await page.getByText(/That is not it/u).waitFor({ timeout: 30_000 })
      // A page that is loaded anew is asked as well.
      await page.reload()
      await field.fill(PASSPHRASE)
      await field.press('Enter')
      await page.getByRole('button', { name: /^I am new here/u }).waitFor({ timeout: 60_000 })
      expect(app.events.filter((event) => event.type === 'dialog')).toEqual([])
    })

    it('opens with the 24 words when the passphrase is forgotten', async () => {
      const page = await app.page()
      app.command({ type: 'kill-node' })
      await page.getByLabel('Passphrase').waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Forgot the passphrase? Use the 24 words' }).click()
      await page.getByLabel('The 24 words').fill(wordsFromEntropy(ENTROPY).join(' '))
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByRole('button', { name: /^I am new here/u }).waitFor({ timeout: 60_000 })
    })

    it('asks again when the node had to be started again, and stops while it waits', async () => {
      const page = await app.page()
      app.command({ type: 'kill-node' })
      await page.getByLabel('Passphrase').waitFor({ timeout: 60_000 })
      app.command({ type: 'quit' })
      expect(await app.exited()).toBe(0)
    })
  },
)
