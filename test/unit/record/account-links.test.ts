import { describe, expect, it } from 'vitest'
import { sha512 } from '../../../core/identity/hash.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import {
  formatGuardianLink,
  formatGuardLink,
  formatRecoverLink,
  type GuardianLink,
  parseGuardianLink,
  parseGuardLink,
  parseRecoverLink,
  type RecoverLink,
} from '../../../core/record/account-links.ts'
import { utf8 } from '../../../core/util/bytes.ts'

const bytes = (name: string, length = 32) => sha512(utf8(name)).slice(0, length)

const guardian: GuardianLink = {
  ward: bytes('ward'),
  key: bytes('key'),
  proof: bytes('proof', 64),
  guardian: bytes('guardian'),
  name: 'Léa & Ben = 100 %',
}
const recover: RecoverLink = {
  address: bytes('ward'),
  key: bytes('key'),
  sealKey: bytes('seal key'),
  proof: bytes('proof', 64),
  nonce: bytes('nonce', 8),
  name: 'le portable d’Ana',
}

describe('links about an account', () => {
  it('go both ways (GRD1, GRD2, GRD3)', () => {
    const guard = { ward: bytes('ward'), name: 'Ana' }
    expect(parseGuardLink(formatGuardLink(guard))).toEqual(guard)
    expect(parseGuardianLink(formatGuardianLink(guardian))).toEqual(guardian)
    expect(parseRecoverLink(formatRecoverLink(recover))).toEqual(recover)
  })

  it('are read with white space around them, in any case of the scheme, with parameters of others', () => {
    const link = `  PALABRE:Recover${formatRecoverLink(recover).slice('palabre:recover'.length)}&later=1 \n`
    expect(parseRecoverLink(link)).toEqual(recover)
  })

  it('fit a QR code with the longest name', () => {
    const name = 'é'.repeat(32)
    expect(formatRecoverLink({ ...recover, name }).length).toBeLessThan(500)
    expect(formatGuardianLink({ ...guardian, name: 'é'.repeat(64) }).length).toBeLessThan(700)
  })

  it('read a name that is left out as an empty one', () => {
    expect(parseGuardLink(`palabre:guard?p=${formatPeerId(bytes('ward'))}`)).toEqual({ ward: bytes('ward'), name: '' })
  })

  const link = formatRecoverLink(recover)
  it.each([
    ['nothing', ''],
    ['another kind', formatGuardianLink(guardian)],
    ['another scheme', link.replace('palabre:', 'https:')],
    ['a parameter twice', `${link}&n=other`],
    ['a name of half a pair', `${link.slice(0, link.indexOf('&n='))}&n=%ED%A0%80`],
    ['a name over its limit', formatRecoverLink({ ...recover, name: 'x'.repeat(65) })],
    ['a device cut short', link.replace(/d=[\w-]{4}/, 'd=')],
    ['padding', link.replace(/(d=[\w-]+)/, '$1==')],
    ['bits beyond the last byte', link.replace(/(d=[\w-]+)[\w-]/, (_, rest) => `${rest}_`)],
    ['no address', link.replace(/p=\w+&/, '')],
    ['a broken address', link.replace(/p=1/, 'p=0')],
    [
      'too many parameters',
      link + '&x=1'.replace('x', 'a') + Array.from({ length: 20 }, (_, i) => `&x${i}=1`).join(''),
    ],
    ['too long', `${link}&x=${'y'.repeat(1_024)}`],
  ])('are not read with %s', (_, text) => {
    expect(parseRecoverLink(text)).toBeUndefined()
    expect(parseGuardLink(text)).toBeUndefined()
  })

  it('of a guardian are not read without key or proof', () => {
    const text = formatGuardianLink(guardian)
    for (const name of ['k', 's', 'g', 'p']) {
      expect(parseGuardianLink(text.replace(new RegExp(`([?&])${name}=[^&]*`), '$1z=1'))).toBeUndefined()
    }
  })
})
