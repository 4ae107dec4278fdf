import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import { changeByAuthority, linkDevice, proveAuthority, proveDevice, setGuardians } from '../../core/identity/change.ts'
import { createIdentity } from '../../core/identity/genesis.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair, keyPairFromSeed } from '../../core/identity/keys.ts'
import { makeNotice, type NoticeContent } from '../../core/identity/notice.ts'
import { encodeOperation, type IdentityOperation } from '../../core/identity/operation.ts'
import { wordsKeyPair } from '../../core/identity/words.ts'
import type { SquareAccount } from '../../core/node/square-calls.ts'
import { utf8 } from '../../core/util/bytes.ts'
import { seededRandom } from './seeded-random.ts'

/** A person whose words have set three guardians, two of whom can bring the account back: ann, ben and cleo. */
export class GuardedAuthor {
  readonly address: Uint8Array
  readonly #device: KeyPair
  readonly #words: KeyPair
  readonly #operations: IdentityOperation[]

  constructor(name: string) {
    const random = seededRandom(`guarded ${name}`)
    this.#device = generateKeyPair(random)
    const device = { keyPair: this.#device, sealKey: generateSealKeyPair(random).publicKey, name: 'laptop' }
    const { address, operation, wordsEntropy } = createIdentity({ device, random })
    this.address = address
    this.#words = wordsKeyPair(wordsEntropy)
    this.#operations = [operation]
    this.#operations.push(this.#guardians('ann', 'ben', 'cleo'))
  }

  /** As the store takes it: this author writes on the node under test. */
  get account(): SquareAccount {
    const { publicKey, secretKey } = this.#device
    return { author: this.address, device: publicKey, secretKey, operations: this.chain }
  }

  get state(): IdentityState {
    return resolveChain(this.#operations) as IdentityState
  }

  /** On the wire, genesis first. */
  get chain(): Uint8Array[] {
    return this.#operations.map(encodeOperation)
  }

  /** 'device' is the author's own; a guardian's name; anything else is a stranger. */
  keyOf(name: string): KeyPair {
    return name === 'device' ? this.#device : keyPairFromSeed(sha256(utf8(`guarded author: ${name}`)))
  }

  notice(by: string, ts: number, content: NoticeContent = { word: 'rehearse' }): Uint8Array {
    return encodeOperation(makeNotice(this.state, { content, ts }, this.keyOf(by)))
  }

  /** A further device, which stays in this author's own view of the chain. */
  link(name: string): Uint8Array {
    const entry = proveDevice({ keyPair: this.keyOf(name), sealKey: this.#device.publicKey, name }, this.address)
    const operation = linkDevice(this.state, entry, this.#device)
    this.#operations.push(operation)
    return encodeOperation(operation)
  }

  replaceGuardians(...names: string[]): Uint8Array {
    return encodeOperation(this.#guardians(...names))
  }

  /** What these guardians sign, each with a signature of their own on the same operation. */
  guardiansAgree(change: { readonly without: readonly string[] }, ...by: string[]): Uint8Array {
    const without = change.without.map((name) => this.keyOf(name).publicKey)
    const signers = by.map((name) => this.keyOf(name))
    return encodeOperation(changeByAuthority(this.state, { without }, signers, { isPartial: true }))
  }

  #guardians(...names: string[]): IdentityOperation {
    const keys = names.map((name) => proveAuthority(this.keyOf(name), this.address))
    return setGuardians(this.state, { threshold: 2, keys }, [this.#words])
  }
}
