import { describe, expect, it } from 'vitest'
import type { CborMap } from '../../../core/codec/dag-cbor.ts'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import type { PassphraseCost, PassphraseKdf } from '../../../core/identity/passphrase.ts'
import { referenceKdf } from '../../../core/identity/passphrase.ts'
import {
  hasSameSlots,
  isVaultUnprotected,
  listVaultSlots,
  openVault,
  protectVault,
  sealVault,
  unprotectVault,
  type VaultContent,
  withWordsSlot,
  wordsKeyOf,
} from '../../../core/identity/vault.ts'
import {
  VaultDamagedError,
  VaultLockedError,
  WrongPassphraseError,
  WrongWordsError,
} from '../../../core/identity/vault-errors.ts'
import {
  knownKeyOpener,
  passphraseOpener,
  type VaultOpener,
  wordsOpener,
  wordsSlotKey,
} from '../../../core/identity/vault-slots.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const WORDS = new Uint8Array(32).fill(3)
const WORDS_KEY = wordsSlotKey(WORDS)
const CONTENT: VaultContent = {
  deviceSeed: new Uint8Array(32).fill(1),
  sealSeed: new Uint8Array(32).fill(2),
  address: new Uint8Array(32).fill(4),
  wordsEntropy: WORDS,
}
const random = seededRandom('slots')
const CHEAP: PassphraseCost = { memoryKiB: 16, passes: 1, lanes: 1 }
const opener = (passphrase: string) => passphraseOpener(passphrase, referenceKdf)
const protect = (content: VaultContent, passphrase: string) =>
  protectVault(content, { passphrase, kdf: referenceKdf, cost: CHEAP }, random)
const SEALED = sealVault(protect(CONTENT, 'lime tree'), { random })

describe('a vault with a passphrase', () => {
  it('opens with it, however it is typed, and with nothing else (VLT6)', () => {
    const bytes = sealVault(protect(CONTENT, 'forêt'), { random })
    const opened = openVault(bytes, [opener('fore\u0302t')])
    expect(opened).toMatchObject(CONTENT)
    expect(isVaultUnprotected(opened)).toBe(false)
    expect(() => openVault(bytes, [opener('Forêt')])).toThrow(WrongPassphraseError)
    expect(() => openVault(bytes)).toThrow(VaultLockedError)
    expect(toHex(bytes)).not.toContain(toHex(opened.lock?.dataKey ?? WORDS))
  })

  it('says what its slot asked of the KDF (VLT6)', () => {
    expect(listVaultSlots(SEALED)[0]).toMatchObject({ type: 'passphrase', kdf: 'argon2id', ...CHEAP })
    expect(listVaultSlots(SEALED)[0]?.salt).toHaveLength(16)
  })

  it('takes a fresh data key whenever the passphrase is set, changed or removed (VLT9)', () => {
    const open = openVault(sealVault(CONTENT, { random }))
    const states = [open]
    states.push(protect(open, 'one'))
    states.push(protect(states[1] as VaultContent, 'two'))
    states.push(unprotectVault(states[2] as VaultContent, random))
    const keys = states.map(({ lock }) => toHex(lock?.dataKey ?? WORDS))
    expect(new Set(keys).size).toBe(4)
    const last = sealVault(states[2] as VaultContent, { random })
    for (const { lock } of states.slice(0, 2)) {
      const old = { handles: () => true, open: () => lock?.dataKey, mismatch: () => new WrongPassphraseError() }
      expect(() => openVault(last, [old])).toThrow(VaultDamagedError)
    }
    expect(() => openVault(last, [opener('one')])).toThrow(WrongPassphraseError)
    expect(isVaultUnprotected(states[3] as VaultContent)).toBe(true)
    expect(openVault(sealVault(states[3] as VaultContent))).toMatchObject(CONTENT)
  })

  it('keeps its data key and slots when the content changes, without the passphrase (VLT2)', () => {
    const opened = openVault(SEALED, [opener('lime tree')])
    const { dataKey, slots } = opened.lock ?? { dataKey: WORDS, slots: [] }
    const again = sealVault({ ...opened, wordsEntropy: null }, { random })
    expect(hasSameSlots(listVaultSlots(again), listVaultSlots(SEALED))).toBe(true)
    expect(openVault(again, [knownKeyOpener(dataKey, slots)]).wordsEntropy).toBeNull()
    expect(openVault(again, [opener('lime tree')]).wordsEntropy).toBeNull()
    const other = sealVault(protect(opened, 'other'), { random })
    expect(() => openVault(other, [knownKeyOpener(dataKey, slots)])).toThrow(VaultLockedError)
  })

  it('finds every flipped bit, and says of none that the passphrase was wrong (VLT5)', () => {
    const derived = new Map<string, Uint8Array>()
    const once: PassphraseKdf = (passphrase, salt, cost) => {
      const name = `${toHex(salt)} ${JSON.stringify(cost)}`
      const key = derived.get(name) ?? referenceKdf(passphrase, salt, cost)
      derived.set(name, key)
      return key
    }
    const key = [passphraseOpener('lime tree', once)]
    const counts: Record<string, number> = {}
    for (let bit = 0; bit < SEALED.length * 8; bit++) {
      const damaged = SEALED.with(bit >> 3, (SEALED[bit >> 3] as number) ^ (1 << (bit & 7)))
      const code = codeOf(() => openVault(damaged, key))
      counts[code] = (counts[code] ?? 0) + 1
      // A flipped version says that the vault is newer; a flipped type of the slot, that there is none to open.
      const expected = bit >> 3 === 14 ? /^vault-(newer|damaged)$/ : /^vault-(damaged|locked)$/
      expect(code, `bit ${bit}`).toMatch(expected)
    }
    expect(counts['vault-damaged']).toBeGreaterThan(SEALED.length * 7)
  })

  it.each([
    ['memory', { memoryKiB: 262_145 }],
    ['passes', { passes: 11 }],
    ['lanes', { lanes: 5 }],
  ])('refuses to compute with more than the cap of %s (VLT6)', (_, change) => {
    const calls: PassphraseCost[] = []
    const counting = passphraseOpener('x', (_passphrase, _salt, cost) => {
      calls.push(cost)
      return new Uint8Array(32)
    })
    expect(() => openVault(withSlot(change), [counting])).toThrow(VaultLockedError)
    expect(calls).toEqual([])
    const most = { memoryKiB: 262_144, passes: 10, lanes: 4 }
    expect(() => openVault(withSlot(most), [counting])).toThrow(WrongPassphraseError)
    expect(calls).toEqual([most])
  })

  it.each([
    ['another KDF', { kdf: 'later' }, 'vault-locked'],
    ['no memory', { memoryKiB: 0 }, 'vault-damaged'],
    ['less memory than the lanes need', { memoryKiB: 31, lanes: 4 }, 'vault-damaged'],
    ['a short salt', { salt: new Uint8Array(8) }, 'vault-damaged'],
    ['a short key', { key: new Uint8Array(47) }, 'vault-damaged'],
    ['a count in letters', { passes: '3' }, 'vault-damaged'],
  ])('names a slot with %s', (_, change, code) => {
    expect(codeOf(() => openVault(withSlot(change), [opener('x')]))).toBe(code)
  })
})

describe('the slot of the words', () => {
  it('opens a sealed vault, and other words do not (VLT7)', () => {
    expect(openVault(SEALED, [wordsOpener(WORDS)])).toMatchObject(CONTENT)
    expect(() => openVault(SEALED, [wordsOpener(new Uint8Array(32).fill(9))])).toThrow(WrongWordsError)
    expect(openVault(SEALED, [opener('wrong'), wordsOpener(WORDS)])).toMatchObject(CONTENT)
  })

  it('is made again for a new passphrase when the words are no longer here (VLT7, VLT9)', () => {
    const open = openVault(
      sealVault(withWordsSlot(openVault(sealVault(CONTENT, { random })), WORDS_KEY, random), { random }),
    )
    const confirmed = { ...open, wordsEntropy: null }
    const sealed = sealVault(protect(protect(confirmed, 'one'), 'two'), { random })
    expect(openVault(sealed, [wordsOpener(WORDS)]).deviceSeed).toEqual(CONTENT.deviceSeed)
    expect(toHex(sealed)).not.toContain(toHex(WORDS))
  })

  it('is added once, under the same data key, and stands in for one of other words (VLT7)', () => {
    const open = openVault(sealVault(CONTENT, { random }))
    const added = withWordsSlot(open, WORDS_KEY, random)
    expect(added.lock?.dataKey).toEqual(open.lock?.dataKey)
    expect(added.lock?.slots.map(({ type }) => type)).toEqual(['open', 'words'])
    expect(withWordsSlot(added, WORDS_KEY, random)).toBe(added)
    const others = wordsSlotKey(new Uint8Array(32).fill(9))
    const changed = withWordsSlot(added, others, random)
    expect(changed.lock?.slots.map(({ type }) => type)).toEqual(['open', 'words'])
    expect(wordsKeyOf(changed)).toEqual(others)
  })

  it('is refused when it is incomplete', () => {
    const words = listVaultSlots(SEALED)[1] as CborMap
    const bytes = sealVault({
      ...CONTENT,
      lock: { dataKey: WORDS, slots: [summed({ ...words, once: WORDS.slice(1) })] },
    })
    expect(() => openVault(bytes, [wordsOpener(WORDS)])).toThrow(VaultDamagedError)
  })
})

describe('slots of other kinds', () => {
  it('stay in their place, and open with an opener of their own (VLT3, VLT8)', () => {
    const keychain = { type: 'os-keychain', name: 'palabre' }
    const held = protect(CONTENT, 'one')
    const lock = { dataKey: held.lock?.dataKey ?? WORDS, slots: [keychain, ...(held.lock?.slots ?? [])] }
    const bytes = sealVault({ ...held, lock }, { random })
    const system: VaultOpener = {
      handles: (slot) => slot.type === 'os-keychain',
      open: () => lock.dataKey,
      mismatch: () => new VaultLockedError([]),
    }
    expect(openVault(bytes, [system])).toMatchObject(CONTENT)
    expect(openVault(bytes, [opener('one')]).lock?.slots[0]).toEqual(keychain)
  })

  it('are left out under a fresh data key, which they do not hold (VLT9)', () => {
    const lock = { dataKey: WORDS, slots: [{ type: 'later' }] }
    expect(protect({ ...CONTENT, lock }, 'one').lock?.slots.map(({ type }) => type)).toEqual(['passphrase', 'words'])
  })
})

/** A sealed vault whose passphrase slot was changed and summed again; its content doesn't match any more. */
function withSlot(change: CborMap): Uint8Array {
  const slot = summed({ ...(listVaultSlots(SEALED)[0] as CborMap), ...change })
  return sealVault({ ...CONTENT, lock: { dataKey: WORDS, slots: [slot] } }, { random })
}

function summed({ sum: _sum, ...fields }: CborMap): CborMap {
  return { ...fields, sum: sha256(encodeCbor(fields)).slice(0, 8) }
}

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'opened'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
