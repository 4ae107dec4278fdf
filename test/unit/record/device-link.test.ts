import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { type DeviceLink, formatDeviceLink, parseDeviceLink } from '../../../core/record/device-link.ts'
import { parseProfileLink } from '../../../core/record/links.ts'
import { systemRandom } from '../../../core/util/random.ts'

const ADDRESS = '/ip4/192.168.1.20/tcp/4001'

function linkOf(change: Partial<DeviceLink> = {}): DeviceLink {
  return { device: generateKeyPair().publicKey, token: systemRandom(16), addresses: [ADDRESS], ...change }
}

describe('device links (LNK1)', () => {
  it('come back as they were', () => {
    for (const addresses of [
      [],
      [ADDRESS],
      [ADDRESS, '/dns4/é.example/tcp/1/ws', '/ip6/::1/tcp/2', '/ip4/1.2.3.4/tcp/3'],
    ]) {
      const link = linkOf({ addresses })
      expect(parseDeviceLink(formatDeviceLink(link))).toEqual(link)
      expect(parseDeviceLink(`\n ${formatDeviceLink(link)} `)).toEqual(link)
    }
  })

  it('leave slashes and colons readable and say no more than four addresses', () => {
    const text = formatDeviceLink(linkOf({ addresses: Array.from({ length: 6 }, (_, i) => `/ip4/1.2.3.4/tcp/${i}`) }))
    expect(text).toMatch(/^palabre:link\?d=12D3KooW\w{44}&t=[\w-]{22}(&a=\/ip4\/1\.2\.3\.4\/tcp\/\d){4}$/)
    expect(parseDeviceLink(`${text}&a=/ip4/9.9.9.9/tcp/9`)?.addresses).toHaveLength(4)
  })

  it('pass over what they do not know, and take their scheme in any case', () => {
    const link = linkOf()
    const text = formatDeviceLink(link)
    expect(parseDeviceLink(`${text.replace('palabre:link?', 'PALABRE:link?x=1&')}&y=2`)).toEqual(link)
  })

  it('are refused when anything is missing, twice there, or wrong', () => {
    const text = formatDeviceLink(linkOf())
    const peerId = formatPeerId(generateKeyPair().publicKey)
    const wrong = [
      '',
      'palabre:link?',
      text.replace('link?', 'join?'),
      text.replace(/d=[^&]*&/, ''),
      text.replace(/t=[^&]*&/, ''),
      `${text}&d=${peerId}`,
      `${text}&t=AAAAAAAAAAAAAAAAAAAAAA`,
      text.replace(/t=[^&]*/, 't=AAAAAAAAAAAAAAAAAAAAA'),
      // Bits that say nothing: another text for the same token.
      text.replace(/t=[^&]*/, 't=AAAAAAAAAAAAAAAAAAAAAB'),
      text.replace(/t=[^&]*/, 't=AAAAAAAAAAAAAAAAAAAA=='),
      `${text}&a=nowhere`,
      `${text}&a=%E0%A4%A`,
      `${text}&a=/${'x'.repeat(300)}`,
      `${text}&x=${'x'.repeat(2_048)}`,
    ]
    for (const each of wrong) expect([each, parseDeviceLink(each)]).toEqual([each, undefined])
  })

  it('are no profile links', () => {
    expect(parseProfileLink(formatDeviceLink(linkOf()))).toBeUndefined()
  })
})
