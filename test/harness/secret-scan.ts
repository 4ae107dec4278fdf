import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { base58btc } from 'multiformats/bases/base58'
import { sha512 } from '../../core/identity/hash.ts'
import { keyPairFromSeed } from '../../core/identity/keys.ts'

/** What must not be found: 32-byte keys and rows of words by name. */
export interface KnownSecrets {
  readonly keys: Readonly<Record<string, Uint8Array>>
  readonly words?: readonly string[]
  readonly texts?: Readonly<Record<string, string>>
}

export interface Finding {
  /** Relative to the folder that was searched. */
  readonly file: string
  readonly secret: string
  readonly encoding: string
}

/** Adjoining words that make a find: three of a list of 2,048 don't stand side by side by chance. */
const WORD_RUN = 3
const WORD_SEPARATORS = [' ', '\n', ',', ', ', '","', '", "']

/** Every place in any file below the folder where a secret stands in one of the usual encodings. */
export async function findSecrets(folder: string, secrets: KnownSecrets): Promise<Finding[]> {
  const needles = listNeedles(secrets)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const findings: Finding[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    for (const { secret, encoding, needle } of needles) {
      if (bytes.includes(needle)) findings.push({ file: relative(folder, path), secret, encoding })
    }
  }
  return findings
}

function listNeedles({ keys, words = [], texts = {} }: KnownSecrets) {
  const needles: { secret: string; encoding: string; needle: Buffer }[] = []
  for (const [secret, key] of Object.entries(keys)) {
    for (const [encoding, needle] of encodingsOf(key)) needles.push({ secret, encoding, needle: Buffer.from(needle) })
  }
  for (let first = 0; first + WORD_RUN <= words.length; first++) {
    for (const separator of WORD_SEPARATORS) {
      const needle = Buffer.from(words.slice(first, first + WORD_RUN).join(separator))
      needles.push({ secret: 'words', encoding: JSON.stringify(separator), needle })
    }
  }
  for (const [secret, text] of Object.entries(texts)) {
    needles.push({ secret, encoding: 'utf8', needle: Buffer.from(text) })
    needles.push({ secret, encoding: 'base64', needle: Buffer.from(Buffer.from(text).toString('base64')) })
  }
  return needles
}

function encodingsOf(key: Uint8Array): [string, string | Uint8Array][] {
  const bytes = Buffer.from(key)
  // A private key as libp2p writes it: protobuf of type Ed25519 and seed ‖ public key.
  const whole = Buffer.concat([bytes, keyPairFromSeed(key).publicKey])
  const libp2p = Buffer.concat([Buffer.of(0x08, 0x01, 0x12, 0x40), whole])
  const inBase64 = [0, 1, 2].flatMap((offset): [string, string][] => {
    // What surrounds a key changes the outermost letters only.
    const inner = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4)
    const url = inner.replaceAll('+', '-').replaceAll('/', '_')
    return [
      [`base64 at ${offset}`, inner],
      [`base64url at ${offset}`, url],
    ]
  })
  return [
    ['raw', bytes],
    ['reversed', Buffer.from(bytes).reverse()],
    ['expanded', sha512(key).subarray(0, 32)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['base58', base58btc.baseEncode(bytes)],
    ['base58 with public key', base58btc.baseEncode(whole)],
    ['base58 of libp2p', base58btc.baseEncode(libp2p)],
    ['decimal', bytes.join(',')],
    ...inBase64,
  ]
}
