import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../cli/command.ts'
import { parseHostOptions } from '../../../cli/host-options.ts'
import { fakePeerId } from '../../harness/fake/ids.ts'

const parse = (values: Parameters<typeof parseHostOptions>[0], env: Record<string, string> = {}) =>
  parseHostOptions(values, env)

describe('parseHostOptions', () => {
  it('has a default for everything', () => {
    expect(parse({})).toEqual({
      data: undefined,
      name: undefined,
      passphrase: null,
      listen: [],
      announce: [],
      peers: [],
      network: 'public',
      port: undefined,
      pins: [],
      admit: 'all',
      hasUi: false,
      mayOpen: true,
      isJson: false,
    })
  })

  it('takes the network from PALABRE_NETWORK unless it is given', () => {
    expect(parse({}, { PALABRE_NETWORK: 'local' }).network).toBe('local')
    expect(parse({ network: 'public' }, { PALABRE_NETWORK: 'local' }).network).toBe('public')
  })

  it('takes addresses and links as peers', () => {
    const link = `palabre:${fakePeerId('awa')}?a=/ip4/127.0.0.1/tcp/1`
    expect(parse({ peer: ['/dns4/seed.example/tcp/4001', link] }).peers).toEqual([
      '/dns4/seed.example/tcp/4001',
      '/ip4/127.0.0.1/tcp/1',
    ])
  })

  it('takes profiles and links as pins', () => {
    const profile = fakePeerId('awa')
    expect(parse({ pin: [profile, `palabre:${profile}`] }).pins).toEqual([profile, profile])
  })

  it.each([
    { port: '70000' },
    { port: '-1' },
    { port: '' },
    { admit: 'some' },
    { listen: ['127.0.0.1:4001'] },
    { announce: ['example.org'] },
    { peer: ['12D3KooW'] },
    { pin: ['somebody'] },
    { name: ' ' },
    { name: 'x'.repeat(129) },
  ])('refuses %o', (values) => {
    expect(() => parse(values)).toThrow(UsageError)
  })
})
