import { describe, expect, it } from 'vitest'
import { readDesktopOptions } from '../../../scripts/desktop.ts'

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
