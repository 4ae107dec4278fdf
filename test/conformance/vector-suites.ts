/**
 * What the vectors ask of an implementation, for every place in which ours runs: test files hand in the texts of
 * test/vectors and the paths of the signature rule that the place has. Nothing here knows of Node.js or of a browser.
 */
import { encode } from '@ipld/dag-cbor'
import { describe, expect, it } from 'vitest'
import { CodecError, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { resolveChain } from '../../core/identity/chain.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { sealKeyPairFromSeed } from '../../core/identity/keys.ts'
import { checkOperation, type IdentityOperation } from '../../core/identity/operation.ts'
import { parsePaperKey } from '../../core/identity/paper-key.ts'
import { openGrant, openPrivateBytes, sealPrivateBytes } from '../../core/identity/private-seal.ts'
import type { SignatureVerifier } from '../../core/identity/signature.ts'
import { checkBeat, encodeBeat } from '../../core/record/beat.ts'
import { verifyRecordLine, verifySignatureLine } from '../../core/record/verify-lines.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import { allVectorFiles } from '../../scripts/vectors/all-vectors.ts'
import type { BeatVector } from '../../scripts/vectors/beat-vectors.ts'
import { type ChainVector, describeState } from '../../scripts/vectors/chain-vectors.ts'
import { type CodecVector, describeValue } from '../../scripts/vectors/codec-vectors.ts'
import type { OperationVector } from '../../scripts/vectors/operation-vectors.ts'
import type { PaperVector } from '../../scripts/vectors/paper-vectors.ts'
import { type BoxVector, describeOpened, type GrantVector } from '../../scripts/vectors/private-vectors.ts'
import type { RecordVector } from '../../scripts/vectors/record-vectors.ts'
import type { SignatureVector } from '../../scripts/vectors/signature-vectors.ts'

interface NamedCase {
  readonly name: string
  readonly rule: string
}

/** As the authors of ed25519-speccheck published them: no name, no rule. */
interface SpeccheckCase {
  readonly message: string
  readonly pub_key: string
  readonly signature: string
}

interface VectorSuite {
  /** Made by scripts/make-vectors.ts; the others come from elsewhere and have a form of their own. */
  readonly isOurs: boolean
  /** No case asks about a signature: one path is enough. */
  readonly isUnsigned?: boolean
  /** Fails by expectation where this implementation says anything but the case. */
  readonly check: (one: never, verifier: SignatureVerifier) => void
}

/** File name → what one of its cases asks. */
const SUITES: Readonly<Record<string, VectorSuite>> = {
  'codec.json': { isOurs: true, isUnsigned: true, check: checkCodec },
  'signatures.json': { isOurs: true, check: checkSignature },
  'identity-operations.json': { isOurs: true, check: checkIdentityOperation },
  'identity-chains.json': { isOurs: true, check: checkChain },
  'records.json': { isOurs: true, check: checkRecordVector },
  'beats.json': { isOurs: true, check: checkBeatVector },
  'paper-keys.json': { isOurs: true, isUnsigned: true, check: checkPaper },
  'private.json': { isOurs: true, isUnsigned: true, check: checkPrivate },
  'ed25519-speccheck.json': { isOurs: false, check: checkSpeccheck },
}

/**
 * Registers all vectors as tests.
 * @param texts file name → text of every file in test/vectors
 * @param verifiers the paths of the signature rule, each with its name; every case runs on every path
 */
export function describeVectors(
  texts: ReadonlyMap<string, string>,
  verifiers: readonly (readonly [name: string, verifier: SignatureVerifier])[],
): void {
  const casesOf = <Case>(name: string) => (JSON.parse(texts.get(name) ?? '{"cases":[]}') as { cases: Case[] }).cases
  const made = allVectorFiles()

  describe('the vector files', () => {
    it('are all run', () => {
      expect([...texts.keys()].sort()).toEqual(Object.keys(SUITES).sort())
      expect([...made.keys()].sort()).toEqual(listOurs().sort())
    })

    it.each(listOurs())('%s is what make-vectors writes: the formats are frozen', (name) => {
      const isSame = texts.get(name) === made.get(name)
      expect(isSame, `run npm run vectors and look at the difference in ${name}`).toBe(true)
    })

    it.each(listOurs())('%s has a name and a rule in every case, no name twice', (name) => {
      const cases = casesOf<NamedCase>(name)
      expect(cases.length).toBeGreaterThan(15)
      expect(cases.filter(({ rule }) => !/^[A-Z]{3}\d+$/.test(rule))).toEqual([])
      expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length)
    })

    it('signatures.json takes what RFC 8032 publishes (SIG4)', () => {
      const published = casesOf<SignatureVector>('signatures.json').filter(({ name }) => name.startsWith('RFC 8032'))
      expect(published.map(({ valid }) => valid)).toEqual([true, true, true, true])
    })

    it('ed25519-speccheck.json has its twelve', () => {
      expect(casesOf('ed25519-speccheck.json')).toHaveLength(12)
    })
  })

  describe.each(verifiers)('on the %s', (path, verifier) => {
    for (const [file, { check, isUnsigned }] of Object.entries(SUITES)) {
      if (isUnsigned && path !== verifiers[0]?.[0]) continue
      const cases = casesOf<NamedCase>(file).map((one, i) => [titleOf(one, i), one] as const)
      it.each(cases)(`${file}: %s`, (_, one) => check(one as never, verifier))
    }
  })
}

function listOurs(): string[] {
  return Object.entries(SUITES).flatMap(([name, { isOurs }]) => (isOurs ? [name] : []))
}

function titleOf({ name, rule }: Partial<NamedCase>, index: number): string {
  return name === undefined ? `case ${index}` : `${name} (${rule})`
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === undefined) throw new Error(`no hex: ${hex}`)
  return bytes
}

function checkCodec({ hex, expect: expected }: CodecVector): void {
  if ('reason' in expected) {
    expect(codecReason(bytesOf(hex))).toBe(expected.reason)
    return
  }
  const value = decodeCbor(bytesOf(hex))
  expect(JSON.parse(JSON.stringify(describeValue(value)))).toEqual(expected.value)
  expect(toHex(encodeCbor(value))).toBe(hex)
  expect(toHex(encode(value))).toBe(hex)
}

function codecReason(bytes: Uint8Array): string {
  try {
    decodeCbor(bytes)
    return 'accepted'
  } catch (error) {
    if (error instanceof CodecError) return error.reason
    throw error
  }
}

function checkSignature(one: SignatureVector, verifier: SignatureVerifier): void {
  const { publicKey, message, signature, valid, reason } = one
  const answer = verifySignatureLine(JSON.stringify({ publicKey, message, signature }), verifier)
  expect(answer).toEqual(valid ? { valid: true } : { valid: false, reason })
}

function checkSpeccheck({ message, pub_key, signature }: SpeccheckCase, verifier: SignatureVerifier): void {
  const answer = verifySignatureLine(JSON.stringify({ publicKey: pub_key, message, signature }), verifier)
  expect(answer).toMatchObject({ valid: false })
}

function checkIdentityOperation({ hex, expect: expected }: OperationVector, verifier: SignatureVerifier): void {
  const { verdict, operation } = checkOperation(bytesOf(hex), verifier)
  const answer = verdict.verdict === 'accept' ? { ...verdict, id: toHex(operation?.id ?? new Uint8Array()) } : verdict
  expect(answer).toEqual(expected)
}

function checkChain({ operations, expect: expected }: ChainVector, verifier: SignatureVerifier): void {
  const checked = operations.map((hex) => checkOperation(bytesOf(hex), verifier))
  expect(checked.map(({ verdict }) => verdict.verdict)).toEqual(checked.map(() => 'accept'))
  const set = checked.map(({ operation }) => operation as IdentityOperation)
  expect(describeState(resolveChain(set))).toEqual(expected)
  expect(describeState(resolveChain(set.toReversed()))).toEqual(expected)
}

function checkPaper({ text, expect: expected }: PaperVector): void {
  const paper = parsePaperKey(text)
  if (paper === undefined) {
    expect(expected).toBeNull()
    return
  }
  const { keyPair, addressStart } = paper
  const [seed, paperHash] = [toHex(keyPair.secretKey), toHex(sha256(keyPair.publicKey))]
  expect({ seed, addressStart: toHex(addressStart), paperHash }).toEqual(expected)
}

function checkPrivate(one: BoxVector | GrantVector): void {
  if ('box' in one) checkBox(one)
  else checkGrant(one)
}

function checkBox({ expect: expected, ...hex }: BoxVector): void {
  const [key, address, box] = [bytesOf(hex.key), bytesOf(hex.address), bytesOf(hex.box)]
  const plaintext = openPrivateBytes({ key, address, box })
  expect(JSON.parse(JSON.stringify(describeOpened(plaintext)))).toEqual(expected)
  if (plaintext === undefined) return
  expect(toHex(sealPrivateBytes({ key, address, plaintext, random: () => box.slice(0, 24) }))).toBe(hex.box)
}

function checkGrant({ expect: expected, ...hex }: GrantVector): void {
  const [recipient, once, wrapped] = hex.grant.map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array]
  const key = openGrant({
    grant: { recipient, once, wrapped },
    keyId: bytesOf(hex.keyId),
    address: bytesOf(hex.address),
    recipient: sealKeyPairFromSeed(bytesOf(hex.secretKey)),
  })
  expect(key === undefined ? null : toHex(key)).toBe(expected.key)
}

function checkRecordVector({ hex, expect: expected }: RecordVector, verifier: SignatureVerifier): void {
  expect(verifyRecordLine(hex, verifier)).toEqual(expected)
}

function checkBeatVector({ hex, expect: expected }: BeatVector, verifier: SignatureVerifier): void {
  const checked = checkBeat(bytesOf(hex), verifier)
  if (!checked.ok) {
    expect({ verdict: 'reject', reason: checked.reason }).toEqual(expected)
    return
  }
  const { author, device, seq, head, ts } = checked.beat
  const said = { author: toHex(author), device: toHex(device), seq, head: toHex(head), ts }
  expect({ verdict: 'accept', ...said }).toEqual(expected)
  expect(toHex(encodeBeat(checked.beat))).toBe(hex)
}
