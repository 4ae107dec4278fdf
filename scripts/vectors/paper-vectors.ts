import { sha256 } from '../../core/identity/hash.ts'
import { keyPairFromSeed } from '../../core/identity/keys.ts'
import { formatPaperKey, type PaperKey } from '../../core/identity/paper-key.ts'
import { toHex, utf8 } from '../../core/util/bytes.ts'
import type { VectorFile } from './vector-file.ts'

export interface PaperVector {
  readonly name: string
  readonly rule: string
  /** As it was typed. */
  readonly text: string
  /** Null for what is no paper key. All hex. */
  readonly expect: {
    readonly seed: string
    readonly addressStart: string
    /** sha256 of the public key. */
    readonly paperHash: string
  } | null
}

const paper = paperOf('paper 1')
const TEXT = formatPaperKey(paper)
const GROUPS = TEXT.split('-').slice(3)

export function paperVectors(): VectorFile<PaperVector> {
  return {
    description:
      'Paper keys as people type them, RCV1 and RCV2 of docs/protocol/recovery.md. A text that is taken has the seed, the start of the address and the paper hash given; null is one that is refused.',
    cases: [
      taken('as it is printed', TEXT, paper),
      taken('another key', formatPaperKey(paperOf('paper 2')), paperOf('paper 2')),
      taken('a seed and an address of zeros', formatPaperKey(zeros()), zeros()),
      taken('small letters', TEXT.toLowerCase(), paper),
      taken('without dashes', TEXT.replaceAll('-', ''), paper),
      taken('white space for dashes, and around it', ` ${TEXT.replaceAll('-', ' ')}\n`, paper),
      taken('long dashes', TEXT.replaceAll('-', '–'), paper),
      taken('the groups alone', GROUPS.join('-'), paper),
      taken('O for 0, I and l for 1', TEXT.replaceAll('0', 'O').replaceAll('1', 'l').replace('l', 'I'), paper),
      refused('one digit is another', replaceDigit(5, 'T')),
      refused('two digits in each other’s place', `${TEXT.slice(0, -2)}${TEXT.slice(-1)}${TEXT.slice(-2, -1)}`),
      refused('two groups in each other’s place', rebuilt([...GROUPS.slice(0, -2), ...GROUPS.slice(-2).reverse()])),
      refused('a group is missing', rebuilt(GROUPS.slice(1))),
      refused('a digit is missing', TEXT.slice(0, -1)),
      refused('a digit too many', `${TEXT}0`),
      refused('U, which is no digit', `${TEXT.slice(0, -1)}U`),
      refused('zeros without their checksum', rebuilt(Array.from({ length: 18 }, () => '0000'))),
      refused('another version', TEXT.replace('PAPER-1', 'PAPER-2')),
      refused('nothing', ''),
    ],
  }
}

function taken(name: string, text: string, { keyPair, addressStart }: PaperKey): PaperVector {
  const paperHash = toHex(sha256(keyPair.publicKey))
  const expect = { seed: toHex(keyPair.secretKey), addressStart: toHex(addressStart), paperHash }
  return { name, rule: name === 'as it is printed' ? 'RCV1' : 'RCV2', text, expect }
}

function refused(name: string, text: string): PaperVector {
  return { name, rule: 'RCV2', text, expect: null }
}

function paperOf(name: string): PaperKey {
  const address = sha256(utf8(`palabre vectors: address of ${name}`))
  return {
    keyPair: keyPairFromSeed(sha256(utf8(`palabre vectors: ${name}`))),
    addressStart: address.slice(0, 8),
  }
}

function zeros(): PaperKey {
  return { keyPair: keyPairFromSeed(new Uint8Array(32)), addressStart: new Uint8Array(8) }
}

function rebuilt(groups: readonly string[]): string {
  return `PALABRE-PAPER-1-${groups.join('-')}`
}

function replaceDigit(group: number, digit: string): string {
  const [first, ...rest] = GROUPS[group] ?? ''
  return rebuilt(GROUPS.with(group, `${first === digit ? 'V' : digit}${rest.join('')}`))
}
