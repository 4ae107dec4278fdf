import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { isVaultUnprotected, openVault, sealVault, type VaultContent } from '../../../core/identity/vault.ts'
import { VaultDamagedError, VaultLockedError, VaultNewerError } from '../../../core/identity/vault-errors.ts'
import { concatBytes, toHex, utf8 } from '../../../core/util/bytes.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const CONTENT: VaultContent = {
  deviceSeed: new Uint8Array(32).fill(1),
  sealSeed: new Uint8Array(32).fill(2),
  address: null,
  wordsEntropy: new Uint8Array(32).fill(3),
}
const random = seededRandom('vault')
const VAULT = sealVault(CONTENT, { random })

describe('sealVault and openVault', () => {
  it('are each other’s inverse (VLT4)', () => {
    expect(openVault(VAULT)).toMatchObject(CONTENT)
    const full = { ...CONTENT, address: new Uint8Array(32).fill(4), wordsEntropy: null }
    expect(openVault(sealVault(full))).toMatchObject(full)
  })

  it('begin with a name and a version that stay (VLT1)', () => {
    expect(Buffer.from(VAULT.subarray(0, 14)).toString()).toBe('palabre-vault\n')
    expect(VAULT[14]).toBe(1)
  })

  it('show no secret of the content in the bytes, and give away the data key: the slot is open (VLT3)', () => {
    const opened = openVault(VAULT)
    expect(toHex(VAULT)).not.toContain(toHex(CONTENT.deviceSeed))
    expect(toHex(VAULT)).not.toContain('deviceSeed')
    expect(toHex(VAULT)).toContain(toHex(opened.lock?.dataKey ?? CONTENT.sealSeed))
    expect(isVaultUnprotected(opened)).toBe(true)
  })

  it('take a new nonce and keep the data key when a vault is written again (VLT2)', () => {
    const opened = openVault(VAULT)
    const again = sealVault(opened, { random })
    expect(again).not.toEqual(VAULT)
    expect(openVault(again).lock).toEqual(opened.lock)
  })

  it('keep slots and content of other versions (VLT3, VLT4)', () => {
    const opened = openVault(VAULT)
    const passphrase = { type: 'passphrase', salt: new Uint8Array(16), memoryKiB: 65_536 }
    const slots = [passphrase, ...(opened.lock?.slots ?? [])]
    const lock = { dataKey: opened.lock?.dataKey ?? new Uint8Array(), slots }
    const extras = { backups: [1, { at: 2 }], note: 'kept' }
    const again = openVault(sealVault(openVault(sealVault({ ...opened, lock, extras }))))
    expect(again.lock?.slots[0]).toEqual(passphrase)
    expect(again.extras).toEqual(extras)
    expect(isVaultUnprotected({ ...again, lock: { ...lock, slots: [passphrase] } })).toBe(false)
  })

  it('say that a vault without a slot for this version is locked', () => {
    const lock = { dataKey: new Uint8Array(32), slots: [{ type: 'passphrase' }] }
    expect(() => openVault(sealVault({ ...CONTENT, lock }))).toThrow(VaultLockedError)
  })
})

describe('openVault', () => {
  it('finds every flipped bit', () => {
    for (let bit = 0; bit < VAULT.length * 8; bit++) {
      const damaged = VAULT.with(bit >> 3, (VAULT[bit >> 3] as number) ^ (1 << (bit & 7)))
      const error = errorOf(() => openVault(damaged))
      // A flipped version says that the vault is newer; a flipped name of the one slot, that there is none to open.
      const expected = bit >> 3 === 14 ? /vault-(newer|damaged)/ : /vault-(damaged|locked)/
      expect((error as { code?: string })?.code, `bit ${bit}`).toMatch(expected)
    }
  })

  it('finds every cut', () => {
    for (let length = 0; length < VAULT.length; length++) {
      expect(() => openVault(VAULT.slice(0, length))).toThrow(VaultDamagedError)
    }
    expect(() => openVault(concatBytes(VAULT, Uint8Array.of(0)))).toThrow(VaultDamagedError)
  })

  it('refuses a newer vault by its version alone (VLT1)', () => {
    const error = errorOf(() => openVault(concatBytes(utf8('palabre-vault\n'), Uint8Array.of(2, 0xff, 0xff))))
    expect(error).toBeInstanceOf(VaultNewerError)
    expect(error).toMatchObject({ code: 'vault-newer', data: { version: 2, known: 1 } })
  })

  it.each([
    ['more than a mebibyte', new Uint8Array(1_048_577)],
    ['seventeen slots', wrap([new Array(17).fill({ type: 'open' }), new Uint8Array(24), new Uint8Array(40)])],
    ['a slot without a type', wrap([[{ key: new Uint8Array(32) }], new Uint8Array(24), new Uint8Array(40)])],
    ['a short nonce', wrap([[], new Uint8Array(12), new Uint8Array(40)])],
    ['no array', wrap({ slots: [] })],
  ])('refuses %s', (_, bytes) => {
    expect(() => openVault(bytes)).toThrow(VaultDamagedError)
  })
})

function wrap(value: Parameters<typeof encodeCbor>[0]): Uint8Array {
  return concatBytes(utf8('palabre-vault\n'), Uint8Array.of(1), encodeCbor(value))
}

function errorOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
