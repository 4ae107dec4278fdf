import { describe, expect, it } from 'vitest'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import {
  checkInvitation,
  countFitting,
  decodeInvitation,
  formatInvitation,
  hintOf,
  type InvitationWord,
  isInvitation,
  MAX_HINT_BYTES,
  MAX_INVITATION_FILE_BYTES,
  MAX_INVITATION_LENGTH,
  MAX_INVITATION_PEOPLE,
  MAX_INVITATION_SEEDS,
  MAX_QR_INVITATION_LENGTH,
  MAX_WRAPPED_INVITATION_LENGTH,
  signInvitation,
} from '../../../core/record/invitation.ts'
import { MAX_NAME_BYTES } from '../../../core/record/limits.ts'
import { fuzzCases, fuzzSeed, SeededChoice, seededRandom } from '../../harness/seeded-random.ts'

const random = seededRandom('invitations')
const laptop = keyPairFromSeed(random(32))
const verifier = createSignatureVerifier()
const peerId = () => formatPeerId(random(32))
const seedAt = (host: string) => `/dns4/${host}/tcp/4001/p2p/${peerId()}`
const person = (name: string) => ({ address: random(32), name })

const word: InvitationWord = {
  network: 'public',
  inviter: random(32),
  name: 'Léa & Ben = 100 %',
  device: laptop.publicKey,
  ts: 1_795_904_739_000,
  seeds: [seedAt('one.example'), seedAt('two.example')],
  people: [person('Awa'), person(''), person('Zoé: “ici” / là')],
}
const sign = (change: Partial<InvitationWord> = {}, domain = 'palabre') =>
  signInvitation({ ...word, ...change }, { secretKey: laptop.secretKey, domain })
const link = formatInvitation(sign())
const read = (text: string, domain = 'palabre') => checkInvitation(text, verifier, domain)
const reasonOf = (text: string) => {
  const decoded = read(text)
  return decoded.ok ? null : decoded.reason
}

describe('an invitation', () => {
  it('goes both ways with everything in it (INV1)', () => {
    const invitation = sign()
    expect(read(link)).toEqual({ ok: true, invitation })
    expect(formatInvitation(invitation)).toBe(link)
    const bare = sign({ seeds: [], people: [], name: '' })
    expect(read(formatInvitation(bare))).toEqual({ ok: true, invitation: bare })
  })

  it('is read with white space around and in it, in any case of the scheme', () => {
    const broken = link.replace(/.{60}/gu, (line) => `${line}\r\n `)
    expect(read(`  PALABRE:Join?${broken.slice('palabre:join?'.length)}\n`)).toEqual({ ok: true, invitation: sign() })
    expect(read(`palabre:\r\n jo\nin?${broken.slice('palabre:join?'.length)}`)).toEqual({
      ok: true,
      invitation: sign(),
    })
    expect(isInvitation(' Palabre:JOIN?x')).toBe(true)
    expect(isInvitation('pala\nbre: join\r\n ?x')).toBe(true)
    expect(isInvitation(`palabre:${formatPeerId(word.inviter)}`)).toBe(false)
  })

  it('holds its limits in full, and a file has room for the longest (INV2)', () => {
    const name = 'é'.repeat(MAX_HINT_BYTES / 2)
    const people = Array.from({ length: MAX_INVITATION_PEOPLE }, () => person(name))
    const seeds = Array.from({ length: MAX_INVITATION_SEEDS }, () => seedAt('a'.repeat(170)))
    const text = formatInvitation(sign({ people, seeds, name: 'é'.repeat(MAX_NAME_BYTES / 2) }))
    expect(text.length).toBeLessThanOrEqual(MAX_INVITATION_LENGTH)
    expect(`${text}\n`.length).toBeLessThanOrEqual(MAX_INVITATION_FILE_BYTES)
    expect(read(text)).toMatchObject({ ok: true })
  })

  it('is read at any length with the line ends that mail programs put in (INV1)', () => {
    const people = Array.from({ length: MAX_INVITATION_PEOPLE }, () => person('é'.repeat(MAX_HINT_BYTES / 2)))
    const seeds = Array.from({ length: MAX_INVITATION_SEEDS }, () => seedAt('a'.repeat(170)))
    const text = formatInvitation(sign({ people, seeds }))
    const wrapped = text.replace(/.{8}/gu, (line) => `${line}\r\n`)
    expect(wrapped.length).toBeGreaterThan(MAX_INVITATION_LENGTH + 'palabre:join?'.length)
    expect(wrapped.length).toBeLessThanOrEqual(MAX_WRAPPED_INVITATION_LENGTH)
    expect(read(wrapped)).toMatchObject({ ok: true })
  })

  it('tells how many people a QR code has room for (INV6)', () => {
    const people = Array.from({ length: 30 }, (_, i) => person(`Person ${i}`))
    const count = countFitting({ ...word, people }, MAX_QR_INVITATION_LENGTH)
    const lengthOf = (n: number) => formatInvitation(sign({ people: people.slice(0, n) })).length
    expect(count).toBeGreaterThan(3)
    expect(lengthOf(count)).toBeLessThanOrEqual(MAX_QR_INVITATION_LENGTH)
    expect(lengthOf(count + 1)).toBeGreaterThan(MAX_QR_INVITATION_LENGTH)
    expect(countFitting({ ...word, people }, 10)).toBe(0)
    expect(countFitting(word, MAX_INVITATION_LENGTH)).toBe(word.people.length)
  })

  const swap = (from: string | RegExp, to: string) => link.replace(from, to)
  it.each([
    ['nothing', '', 'not-invitation'],
    ['a profile', `palabre:${formatPeerId(word.inviter)}`, 'not-invitation'],
    ['a later version', swap('v=1', 'v=2'), 'newer'],
    ['no version', swap('v=1&', ''), 'malformed'],
    ['a version that is no number', swap('v=1', 'v=x'), 'malformed'],
    ['no network', swap(/&n=[^&]+/u, ''), 'malformed'],
    ['no signature', swap(/&s=.+/u, ''), 'malformed'],
    ['a signature cut short', link.slice(0, -1), 'malformed'],
    ['two names', `${link}&i=Ana`, 'malformed'],
    ['a parameter that nobody signed', `${link}&x=1`, 'malformed'],
    ['a parameter without a value', `${link}&a`, 'malformed'],
    ['what is no percent-encoding', swap('i=L', 'i=%E9'), 'malformed'],
    ['half of a character', `${swap('&s=', '&a=/x\ud800/p2p/x&s=')}`, 'malformed'],
    ['what a link may not hold', swap('i=L', 'i=é'), 'malformed'],
    ['a time that is none', swap(/t=\d+/u, 't=1e9'), 'malformed'],
    ['a time after the year 9999', swap(/t=\d+/u, 't=999999999999999'), 'ts-range'],
    ['an inviter that is none', swap(/p=12D3Koo/u, 'p=12D3Kxx'), 'malformed'],
    ['a seed without a peer ID', `${swap('&s=', '&a=/dns4/x.example/tcp/1&s=')}`, 'bad-seed'],
    ['a seed that is no address', `${swap('&s=', `&a=javascript:x/p2p/${peerId()}&s=`)}`, 'bad-seed'],
    ['a seed twice', swap('&s=', `&a=${word.seeds[0]}&s=`), 'bad-seed'],
    [
      'seeds over the limit',
      swap('&s=', `${Array.from({ length: 3 }, () => `&a=${seedAt('x.example')}`).join('')}&s=`),
      'too-many',
    ],
    ['a person that is none', swap('&s=', '&f=12D3KooW&s='), 'bad-person'],
    ['a person with more behind the ID', swap('&s=', `&f=${peerId()}x&s=`), 'bad-person'],
    ['the inviter among the people', swap('&s=', `&f=${formatPeerId(word.inviter)}&s=`), 'bad-person'],
    ['a person twice', swap('&s=', `&f=${formatPeerId(word.people[0]?.address ?? random(32))}&s=`), 'bad-person'],
    ['a name with a control character', swap('&s=', `&f=${peerId()}:a%1Bb&s=`), 'bad-name'],
    ['a name over its limit', swap('&s=', `&f=${peerId()}:${'a'.repeat(MAX_HINT_BYTES + 1)}&s=`), 'bad-name'],
    ['a text over the limit', `${link}&f=${'x'.repeat(MAX_INVITATION_LENGTH)}`, 'too-large'],
    ['white space over the limit', `${link}${' '.repeat(2 * MAX_INVITATION_LENGTH)}`, 'too-large'],
  ])('refuses %s by name (INV2)', (_, text, reason) => {
    expect(reasonOf(text)).toBe(reason)
    expect(decodeInvitation(text).ok).toBe(false)
  })

  it.each([
    ['a person is added', swap('&s=', `&f=${peerId()}&s=`)],
    ['a person is left out', swap(/&f=[^&]+/u, '')],
    ['people change places', swap(/&f=([^&]+)&f=([^&]+)/u, '&f=$2&f=$1')],
    ['a name is changed', swap(':Awa', ':Eve')],
    ['a seed is another', swap('one.example', 'eve.example')],
    ['the inviter is another', swap(/p=[^&]+/u, `p=${peerId()}`)],
    ['the network is another', swap('n=public', 'n=local')],
    ['the time is another', swap('t=1', 't=2')],
  ])('is seen to be changed when %s (INV3)', (_, text) => {
    expect(text).not.toBe(link)
    expect(decodeInvitation(text).ok).toBe(true)
    expect(reasonOf(text)).toBe('bad-signature')
  })

  it('is worth nothing in a network with another domain (INV3)', () => {
    expect(read(link, 'elsewhere')).toEqual({ ok: false, reason: 'bad-signature' })
    expect(read(formatInvitation(sign({}, 'elsewhere')), 'elsewhere').ok).toBe(true)
  })

  it('refuses to sign what it would not read', () => {
    for (const change of [{ ts: 0 }, { seeds: ['/ip4/1.2.3.4/tcp/1'] }, { network: 'A B' }, { name: 'a\u0007' }])
      expect(() => sign(change)).toThrow(RangeError)
  })

  it('cuts names between characters, without what drives a terminal', () => {
    expect(hintOf('  Awa\u001b[31m\n Diop ')).toBe('Awa [31m  Diop')
    expect(hintOf('é'.repeat(40))).toBe('é'.repeat(24))
    expect(hintOf(`${'a'.repeat(47)}😀`)).toBe('a'.repeat(47))
    expect(hintOf('\ud800x')).toBe('\ufffdx')
  })

  const SEED = fuzzSeed('invitations')
  it(`reads nothing but what was signed, and never throws (INV3, seed ${SEED})`, () => {
    const choice = new SeededChoice(SEED)
    const whole = JSON.stringify(elements(read(link)))
    for (let round = 0; round < fuzzCases(400); round++) {
      const text = mutate(link, choice)
      const decoded = read(text)
      if (decoded.ok) expect(JSON.stringify(elements(decoded))).toBe(whole)
      else expect(decoded.reason).toMatch(/^[a-z-]+$/u)
    }
  })
})

function elements(decoded: ReturnType<typeof read>) {
  if (!decoded.ok) return null
  const { inviter, device, people, signature, ...rest } = decoded.invitation
  return { ...rest, keys: [inviter, device, signature, ...people.map(({ address }) => address)].map(String), people }
}

function mutate(text: string, choice: SeededChoice): string {
  const at = choice.below(text.length)
  const character = String.fromCharCode(choice.pick([choice.below(128), choice.below(0xffff)]))
  switch (choice.below(5)) {
    case 0:
      return text.slice(0, at) + character + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + choice.below(8))
    case 2:
      return text.slice(0, at) + character + text.slice(at)
    case 3: {
      const parts = text.split('&')
      const [a, b] = [choice.below(parts.length), choice.below(parts.length)]
      const [first, second] = [parts[a] ?? '', parts[b] ?? '']
      return parts.with(a, second).with(b, first).join('&')
    }
    default:
      return `${text}&${text.split('&')[choice.below(5)]}`
  }
}
