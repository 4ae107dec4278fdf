import { describe, expect, it } from 'vitest'
import { checkExternalLink } from '../../../electron/external-links.ts'

describe('checkExternalLink', () => {
  it('lets the web and mail out and names the real host', () => {
    expect(checkExternalLink('https://example.org/a?b')).toEqual({
      url: 'https://example.org/a?b',
      shown: 'example.org',
    })
    expect(checkExternalLink('http://example.org:8080/')).toMatchObject({ shown: 'example.org:8080' })
    expect(checkExternalLink('mailto:a@example.org')).toMatchObject({ shown: 'a@example.org' })
  })

  it('shows a look-alike host as the letters that are sent', () => {
    // The first letter is Cyrillic.
    expect(checkExternalLink('https://аpple.com/')).toMatchObject({ shown: 'xn--pple-43d.com' })
  })

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'ms-msdt:/id',
    'app://palabre/',
    'https://bank.example@evil.example/',
    'not an address',
    `https://example.org/${'a'.repeat(3_000)}`,
  ])('keeps %s inside', (url) => {
    expect(checkExternalLink(url)).toBeNull()
  })
})
