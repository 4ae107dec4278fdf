import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { buildDesktop, buildRenderer } from '../../scripts/build.ts'
import { installedBinary } from '../../scripts/desktop.ts'

const root = join(import.meta.dirname, '..', '..')
const binary = await installedBinary()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const reason =
  binary === undefined ? 'no Electron binary is installed here' : hasDisplay ? '' : 'there is no display here'

/** Suite "electron-real": Electron itself. Skipped with the reason where it can't run, and never counted as passed. */
describe.skipIf(reason !== '')(`electron-real${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  it('opens a sandboxed window on a running node', async () => {
    await buildRenderer()
    await buildDesktop()
    const dataDir = await mkdtemp(join(tmpdir(), 'palabre-electron-'))
    const app = await _electron.launch({
      executablePath: binary as string,
      args: [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...(process.env as Record<string, string>), PALABRE_NETWORK: 'local', PALABRE_DATA: dataDir },
    })
    try {
      const window = await app.firstWindow()
      await window.getByRole('button', { name: /^I am new here/u }).click()
      await window.getByRole('textbox').first().fill('Desktop Person')
      await window.getByRole('textbox').first().press('Enter')
      await window.getByRole('navigation').first().waitFor({ timeout: 30_000 })
      expect(await window.evaluate('location.origin')).toBe('app://palabre')
    } finally {
      await app.close()
      await rm(dataDir, { recursive: true, force: true })
    }
  }, 180_000)
})
