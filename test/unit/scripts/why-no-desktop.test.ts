import { afterEach, describe, expect, it, vi } from 'vitest'
import { whyNoDesktop } from '../../../scripts/why-no-desktop.mjs'

describe.runIf(process.platform === 'linux')('whyNoDesktop', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('says that there is no display', () => {
    vi.stubEnv('DISPLAY', '')
    vi.stubEnv('WAYLAND_DISPLAY', '')
    expect(whyNoDesktop()).toBe('there is no display')
  })

  it('says that root has no sandbox, and nothing for others', () => {
    vi.stubEnv('DISPLAY', ':0')
    vi.spyOn(process, 'getuid').mockReturnValueOnce(0).mockReturnValueOnce(1_000)
    expect(whyNoDesktop()).toContain('sandbox')
    expect(whyNoDesktop()).toBeNull()
  })
})
