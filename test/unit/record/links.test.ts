import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { formatProfileLink, parseProfileLink } from '../../../core/record/links.ts'

const profile = formatPeerId(new Uint8Array(32).fill(7))
const record = formatRecordId(new Uint8Array(32))
const address = `/ip4/192.0.2.1/tcp/4001/p2p/${profile}`

describe('profile links (REC13)', () => {
  it.each([
    { profile, addresses: [] },
    { profile, record, addresses: [] },
    { profile, record, addresses: [address, '/dns4/seed.example/tcp/443/tls/sni/a&b=c%20/ws'] },
    { profile, addresses: ['/ip6/2001:db8::1/tcp/4001'] },
  ])('go both ways: %o', (link) => {
    expect(parseProfileLink(formatProfileLink(link))).toEqual(link)
  })

  it('stay readable', () => {
    expect(formatProfileLink({ profile, addresses: [address] })).toBe(`palabre:${profile}?a=${address}`)
  })

  it('are read with white space around them, in any case of the scheme, with parameters of others', () => {
    expect(parseProfileLink(`  PALABRE:${profile}?x=1&a=${address}&name=Ana%C3%AFs \n`)).toEqual({
      profile,
      addresses: [address],
    })
  })

  it('hold at most eight addresses', () => {
    const many = Array.from({ length: 12 }, (_, i) => `/ip4/192.0.2.${i}/tcp/1`)
    expect(parseProfileLink(`palabre:${profile}?${many.map((one) => `a=${one}`).join('&')}`)?.addresses).toHaveLength(8)
    expect(formatProfileLink({ profile, addresses: many }).split('a=')).toHaveLength(9)
  })

  it.each([
    '',
    profile,
    'palabre:',
    `https://${profile}`,
    `palabre:${profile.slice(1)}`,
    `palabre:${profile}/`,
    `palabre:${profile}/${record}/more`,
    `palabre:${profile}/${record.slice(1)}`,
    `palabre:${profile}?a=192.0.2.1`,
    `palabre:${profile}?a=%zz`,
    `palabre:${profile}?a=/${'x'.repeat(256)}`,
    `palabre:${profile}?b=${'x'.repeat(4_096)}`,
    `palabre:join?profile=${profile}`,
  ])('are nothing else: %s', (text) => {
    expect(parseProfileLink(text)).toBeUndefined()
  })
})
