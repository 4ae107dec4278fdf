/**
 * Crafted inputs of the signature rule by the thousand, each asked of several paths and of an independent judge. The
 * classes are the ways in which implementations of Ed25519 are known to differ, and plain damage.
 */
import type { SignatureReason, SignatureVerifier } from '../../core/identity/signature.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { flipBit } from './cbor-mutator.ts'
import {
  basePoint,
  craftSignature,
  FIELD,
  fromLittleEndian,
  ORDER,
  toLittleEndian,
  torsionPoint,
} from './crafted-signatures.ts'
import type { SeededChoice } from './seeded-random.ts'
import type { SignatureJudge, SignatureStep } from './signature-oracle.ts'

interface Input {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

interface Person {
  readonly secret: bigint
  readonly publicKey: Uint8Array
  /** The same key with each point of small order added, [1]T … [7]T. */
  readonly mixed: readonly Uint8Array[]
}

const SMALL_POINTS = Array.from({ length: 8 }, (_, i) => torsionPoint(i).toBytes())
const IDENTITY = SMALL_POINTS[0] as Uint8Array
/** The two with x = 0, their sign set all the same. */
const SIGNED_ZEROS = [1n, FIELD - 1n].map((y) => toLittleEndian(y + 2n ** 255n))

const withSigns = (y: bigint) => [toLittleEndian(y), toLittleEndian(y + 2n ** 255n)]
/** Every y that is not below p, with either sign. */
const LARGE_YS = Array.from({ length: 19 }, (_, i) => withSigns(FIELD + BigInt(i))).flat()
/** The identity, written in such a way. */
const LARGE_IDENTITIES = withSigns(FIELD + 1n)

/** Class → the answer of the rule, undefined where it depends on the bytes, and how an input is made. */
const CLASSES: Readonly<
  Record<string, readonly [SignatureReason | null | undefined, (one: Person, choice: SeededChoice) => Input]>
> = {
  honest: [null, honest],
  'bit of the signature': ['bad-signature', (one, choice) => changed(honest(one, choice), 'signature', choice)],
  'bit of the message': ['bad-signature', (one, choice) => changed(honest(one, choice), 'message', choice)],
  'bit of the key': [undefined, (one, choice) => changed(honest(one, choice), 'publicKey', choice)],
  'byte of R': [
    undefined,
    (one, choice) => {
      const good = honest(one, choice)
      return { ...good, signature: good.signature.with(choice.below(32), choice.below(256)) }
    },
  ],
  'S + n L': [
    'bad-signature',
    (one, choice) => {
      const good = honest(one, choice)
      const s = fromLittleEndian(good.signature.slice(32)) + ORDER * BigInt(1 + choice.below(14))
      return { ...good, signature: concatBytes(good.signature.slice(0, 32), toLittleEndian(s)) }
    },
  ],
  'R with torsion': [
    'bad-signature',
    (one, choice) => {
      const nonce = anyScalar(choice)
      const r = basePoint(nonce).add(torsionPoint(1 + choice.below(7)))
      return crafted(one, choice, nonce, r.toBytes())
    },
  ],
  // Every eighth time or so the torsion falls away, and the cofactorless equation is true.
  'key with torsion': [
    'bad-key',
    (one, choice) => crafted({ ...one, publicKey: choice.pick(one.mixed) }, choice, anyScalar(choice)),
  ],
  'key and R with torsion': [
    'bad-key',
    (one, choice) => {
      const nonce = anyScalar(choice)
      const r = basePoint(nonce).add(torsionPoint(choice.below(8)))
      return crafted({ ...one, publicKey: choice.pick(one.mixed) }, choice, nonce, r.toBytes())
    },
  ],
  'key the identity': ['bad-key', (_, choice) => forged(IDENTITY, choice)],
  'key of small order': ['bad-key', (_, choice) => forged(choice.pick(SMALL_POINTS), choice)],
  'key with the sign of x = 0': ['bad-key', (_, choice) => forged(choice.pick(SIGNED_ZEROS), choice)],
  'key with y not below p': ['bad-key', (_, choice) => forged(choice.pick(LARGE_YS), choice)],
  'R the identity': ['bad-signature', (one, choice) => crafted(one, choice, 0n, IDENTITY)],
  'R of small order': ['bad-signature', (one, choice) => crafted(one, choice, 0n, choice.pick(SMALL_POINTS))],
  'R with the sign of x = 0': ['bad-signature', (one, choice) => crafted(one, choice, 0n, choice.pick(SIGNED_ZEROS))],
  'R with y not below p': [
    'bad-signature',
    (one, choice) => crafted(one, choice, 0n, choice.pick(choice.pick([LARGE_YS, LARGE_IDENTITIES]))),
  ],
  'length of the signature': [
    'bad-signature',
    (one, choice) => {
      const good = honest(one, choice)
      const longer = concatBytes(good.signature, choice.bytes(2))
      return { ...good, signature: longer.slice(0, choice.pick([0, 32, 63, 65, 66])) }
    },
  ],
  'length of the key': [
    'bad-key',
    (one, choice) => {
      const good = honest(one, choice)
      const longer = concatBytes(good.publicKey, choice.bytes(2))
      return { ...good, publicKey: longer.slice(0, choice.pick([0, 31, 33, 34])) }
    },
  ],
}

export const SIGNATURE_CLASSES: readonly string[] = Object.keys(CLASSES)

export interface SignatureReport {
  /** Inputs on which all paths were asked. */
  readonly cases: number
  readonly byClass: ReadonlyMap<string, number>
  /** By the step at which the judge decided. */
  readonly byStep: ReadonlyMap<SignatureStep, number>
  /** Inputs on which anybody differs: class → one sentence each. */
  readonly disagreements: ReadonlyMap<string, readonly string[]>
}

/** Asks the paths and the judge about `perClass` inputs of each class, in turns. */
export function compareSignaturePaths(
  components: {
    readonly paths: readonly (readonly [name: string, verify: SignatureVerifier['verify']])[]
    readonly judge: SignatureJudge
    readonly choice: SeededChoice
  },
  perClass: number,
): SignatureReport {
  const { paths, judge, choice } = components
  const people = Array.from({ length: 12 }, () => anyPerson(choice))
  const byClass = new Map<string, number>()
  const byStep = new Map<SignatureStep, number>()
  const disagreements = new Map<string, string[]>()
  let cases = 0
  for (let round = 0; round < perClass; round++) {
    for (const [name, [expected, make]] of Object.entries(CLASSES)) {
      const { publicKey, message, signature } = make(choice.pick(people), choice)
      const judged = judge(publicKey, message, signature)
      const answers = paths.map(([path, verify]) => [path, verify(publicKey, message, signature)] as const)
      cases++
      byClass.set(name, (byClass.get(name) ?? 0) + 1)
      byStep.set(judged.step, (byStep.get(judged.step) ?? 0) + 1)
      const right = expected === undefined ? judged.reason : expected
      if (judged.reason === right && answers.every(([, answer]) => answer === right)) continue
      const said = answers.map(([path, answer]) => `${path} ${answer}`).join(', ')
      const bytes = [publicKey, message, signature].map(toHex).join(' ')
      const text = `${name}: ${said}, judge ${judged.reason} by ${judged.step}, expected ${expected}: ${bytes}`
      disagreements.set(name, [...(disagreements.get(name) ?? []), text])
    }
  }
  return { cases, byClass, byStep, disagreements }
}

function anyPerson(choice: SeededChoice): Person {
  const secret = anyScalar(choice)
  const point = basePoint(secret)
  const mixed = Array.from({ length: 7 }, (_, i) => point.add(torsionPoint(i + 1)).toBytes())
  return { secret, publicKey: point.toBytes(), mixed }
}

/** 1 … L − 1 */
function anyScalar(choice: SeededChoice): bigint {
  return 1n + (fromLittleEndian(choice.bytes(32)) % (ORDER - 1n))
}

function honest(one: Person, choice: SeededChoice): Input {
  return crafted(one, choice, anyScalar(choice))
}

/** S as an honest signer would make it, for an R that nobody honest would write. */
function crafted(
  { secret, publicKey }: Pick<Person, 'secret' | 'publicKey'>,
  choice: SeededChoice,
  nonce: bigint,
  r?: Uint8Array,
): Input {
  const message = choice.bytes(1 + choice.below(60))
  const signature = craftSignature({ secret, publicKey, nonce, message, ...(r === undefined ? {} : { r }) })
  return { publicKey, message, signature }
}

/** Holds for a key of small order wherever the challenge is a multiple of that order: anybody can make it. */
function forged(publicKey: Uint8Array, choice: SeededChoice): Input {
  return crafted({ secret: 0n, publicKey }, choice, anyScalar(choice))
}

function changed(input: Input, place: keyof Input, choice: SeededChoice): Input {
  return { ...input, [place]: flipBit(input[place], choice) }
}
