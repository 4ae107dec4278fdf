import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import { ChangeRefusedError, changeByAuthority, linkDevice, revokeDevice } from '../../core/identity/change.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { toHex } from '../../core/util/bytes.ts'
import {
  adding,
  device,
  following,
  genesisOf,
  keyOf,
  paperHash,
  sealAt,
  slot,
  statuses,
  textOf,
} from '../harness/chains.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const SETS = 40
const ORDERS = 25

const genesis = genesisOf()
const phone = adding(genesis, 'laptop', device('phone'))
const THIEVES = ['thief 1', 'thief 2', 'thief 3']

/** What whoever holds these keys may think of, anywhere in the tree. */
function anyOperation(choice: SeededChoice, held: readonly IdentityOperation[], keys: readonly string[]) {
  const prev = choice.pick(held)
  const by = choice.pick(keys)
  const name = choice.pick(THIEVES)
  const seal = choice.below(2) === 0 ? sealAt(choice.below(9)) : null
  switch (choice.below(7)) {
    case 0:
    case 1:
      return adding(prev, by, device(name))
    case 2:
      return adding(prev, by, device(choice.pick(['laptop', 'phone', ...THIEVES]), { seal }))
    case 3:
      return following(prev, { by: [by], devices: [device(name)] })
    case 4:
      return following(prev, { by: [by], slots: [slot(1, name)], paper: paperHash(name) })
    case 5:
      return adding(prev, by, device('phone'), device(name))
    default:
      // The payload of somebody else's operation under another signature.
      return prev.prev === null ? adding(prev, by, device(name)) : signOperation(prev, [keyOf(by)])
  }
}

function grow(choice: SeededChoice, held: IdentityOperation[], keys: readonly string[], count: number): void {
  for (let i = 0; i < count; i++) held.push(anyOperation(choice, held, keys))
}

function stateOf(operations: readonly IdentityOperation[]): IdentityState {
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  return state
}

function shuffled<T>(choice: SeededChoice, list: readonly T[]): T[] {
  const rest = [...list]
  return Array.from({ length: rest.length }, () => rest.splice(choice.below(rest.length), 1)[0] as T)
}

function activeOf(state: IdentityState): string[] {
  return state.devices.flatMap(({ name, status, contested }) => (status === 'active' && !contested ? [name] : []))
}

/** A set with theft of a device, of the words or of both, two branches, a thief's devices, revocation and recovery. */
function story(choice: SeededChoice): { operations: IdentityOperation[]; isOfWords: boolean } {
  const operations = [genesis, phone]
  const isOfWords = choice.below(2) === 0
  const stolen = isOfWords ? ['laptop', 'words', ...THIEVES] : ['laptop', ...THIEVES]
  grow(choice, operations, stolen, 3 + choice.below(5))
  const sealed = { key: keyOf('laptop').publicKey, seal: sealAt(7) }
  const lost = THIEVES.map((name) => keyOf(name).publicKey)
  // The owner answers, with the state that this owner sees: all of it, or what was there before.
  const answerFrom = (seen: readonly IdentityOperation[]) =>
    isOfWords
      ? changeByAuthority(
          stateOf(seen),
          {
            seals: [sealed, { key: keyOf('phone').publicKey, seal: null }],
            without: lost,
            slots: [slot(1, 'words 2')],
            paperHash: paperHash('paper 2'),
          },
          [keyOf('paper')],
        )
      : revokeDevice(stateOf(seen), { ...sealed, keep: [keyOf('phone').publicKey] }, [keyOf('words')])
  let answer: IdentityOperation
  try {
    answer = answerFrom(choice.below(2) === 0 ? operations : [genesis, phone])
  } catch (error) {
    // Where branches are contested the owner's client refuses to build on them.
    if (!(error instanceof ChangeRefusedError)) throw error
    answer = answerFrom([genesis, phone])
  }
  operations.push(answer)
  grow(choice, operations, stolen, 3 + choice.below(5))
  operations.push(linkDevice(stateOf([genesis, phone, answer]), device('tablet'), keyOf('phone')))
  return { operations, isOfWords }
}

describe('a set of identity operations', () => {
  it(
    'has one outcome in 1,000 orders of delivery, duplicates and all, and forgets no device on the way (IDN10, IDN24)',
    () => {
      const choice = new SeededChoice(fuzzSeed('identity chain orders'))
      for (let set = 0; set < fuzzCases(SETS); set++) {
        const { operations } = story(choice)
        const outcome = textOf(stateOf(operations))
        const known = new Set(stateOf(operations).devices.map(({ key }) => toHex(key)))
        for (let order = 0; order < ORDERS; order++) {
          const delivered = shuffled(choice, [...operations, choice.pick(operations), choice.pick(operations)])
          expect(textOf(stateOf(delivered)) === outcome, `set ${set}, order ${order}`).toBe(true)
          const some = resolveChain(delivered.slice(0, choice.below(delivered.length)))
          expect((some?.devices ?? []).filter(({ key }) => !known.has(toHex(key)))).toEqual([])
        }
      }
    },
    FUZZ_TIMEOUT_MS,
  )

  it(
    'comes to the same with notices anywhere in it, by whomever, and with what is built on them (IDN25)',
    () => {
      const choice = new SeededChoice(fuzzSeed('identity chain notices'))
      const keys = ['laptop', 'phone', 'words', 'words 2', 'paper', ...THIEVES]
      for (let set = 0; set < fuzzCases(SETS); set++) {
        const { operations } = story(choice)
        // What hangs on a notice counts as not applied, as what hangs on nothing does.
        const outcomeOf = (all: readonly IdentityOperation[]) => textOf({ ...stateOf(all), unapplied: 0 })
        const outcome = outcomeOf(operations)
        const noisy = [...operations]
        for (let i = 0; i < 6; i++) {
          const loud = { ...anyOperation(choice, operations, keys), extras: { notice: choice.pick(['veto', '', 1]) } }
          const notice = signOperation(
            loud,
            [keyOf(choice.pick(keys)), keyOf(choice.pick(keys))].slice(choice.below(2)),
          )
          noisy.push(notice, adding(notice, choice.pick(keys), device(choice.pick(THIEVES))))
        }
        expect(outcomeOf(shuffled(choice, noisy)) === outcome, `set ${set}`).toBe(true)
      }
    },
    FUZZ_TIMEOUT_MS,
  )

  it(
    'leaves a thief nothing once the owner has spoken, and the owner everything (IDN20, IDN21)',
    () => {
      const choice = new SeededChoice(fuzzSeed('identity chain theft'))
      for (let set = 0; set < fuzzCases(4 * SETS); set++) {
        const { operations } = story(choice)
        const state = stateOf(operations)
        const shown = JSON.stringify(statuses(state))
        expect(activeOf(state).sort(), shown).toEqual(['phone', 'tablet'])
        expect(state.isContested, shown).toBe(false)
        // Whoever stole the laptop may have retired it at that very place, which comes to the same.
        expect(statuses(state).laptop, shown).toMatch(/^(sealed|retired) 7$/)
      }
    },
    FUZZ_TIMEOUT_MS,
  )

  it("lists nobody's key without its holder (IDN8)", () => {
    const verifier = createSignatureVerifier()
    const choice = new SeededChoice(fuzzSeed('identity chain proofs'))
    for (let i = 0; i < fuzzCases(60); i++) {
      const borrowed = device(choice.pick(['laptop', 'phone', ...THIEVES]))
      const stranger = { ...borrowed, key: keyOf(`stranger ${i}`).publicKey }
      const forged = adding(choice.pick([genesis, phone]), choice.pick(['laptop', 'words', 'paper']), stranger)
      const { verdict } = checkOperation(encodeOperation(forged), verifier)
      expect(verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    }
  })
})
