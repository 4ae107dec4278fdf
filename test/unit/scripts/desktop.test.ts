import { afterEach, describe, expect, it, vi } from 'vitest'
import { findDesktop, readDesktopOptions } from '../../../scripts/desktop.ts'

describe('readDesktopOptions', () => {
  it('hands on what the desktop host knows as its environment', () => {
    expect(readDesktopOptions([])).toEqual({})
    expect(readDesktopOptions(['--data', '/d', '--peer', '/a', '--peer', '/b', '--network', 'local'])).toEqual({
      PALABRE_DATA: '/d',
      PALABRE_NETWORK: 'local',
      PALABRE_PEERS: '/a /b',
    })
  })

  it.each([['--json'], ['--port', '1'], ['--no-open'], ['stray']])('leaves %s to the command line', (...args) => {
    expect(readDesktopOptions(args)).toBeUndefined()
  })
})

describe.runIf(process.platform === 'linux')('findDesktop', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('says that there is no display, and fetches nothing', async () => {
    vi.stubEnv('DISPLAY', '')
    vi.stubEnv('WAYLAND_DISPLAY', '')
    const said: string[] = []
    expect(await findDesktop({ say: (line) => said.push(line) })).toEqual({ missing: 'there is no display' })
    expect(said).toEqual([])
  })
})
