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
      budgets: {},
      hasUi: false,
      mayOpen: true,
      isJson: false,
    })
  })

  it('takes budgets as sizes, and no others', () => {
    const given = { 'records-budget': '20GiB', 'media-budget': '500MiB', 'author-quota': '1MiB' }
    expect(parse(given).budgets).toEqual({
      recordBytes: 20 * 1_024 ** 3,
      mediaBytes: 500 * 1_024 ** 2,
      strangerBytes: 1_024 ** 2,
    })
    expect(parse({ 'records-budget': '16777216' }).budgets).toEqual({ recordBytes: 16_777_216 })
    for (const size of ['', '1', '15MiB', '20GB', '-1GiB', '1.5GiB', '9999999TiB', '2 GiB']) {
      expect(() => parse({ 'records-budget': size })).toThrow(UsageError)
    }
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
