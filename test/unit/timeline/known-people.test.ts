import { describe, expect, it } from 'vitest'
import { parseCid } from '../../../core/codec/cid.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import type { MediaEntry } from '../../../core/record/kinds/media-entry.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const CID_TEXT = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const PICTURE = {
  cid: parseCid(CID_TEXT),
  type: 'image/png',
  size: 9,
  width: 3,
  height: 3,
  alt: 'a tree',
} as MediaEntry

function stateOf(operations: readonly IdentityOperation[]) {
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  return state
}

function village() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ me })
  test.ingest({ operations: [ben.genesis], records: [me.follow(ben), ben.post('hello')] })
  const name = () => test.square.home({ limit: 1 }).items[0]?.name
  return { ben, test, name }
}

describe('KnownPeople', () => {
  it('calls people by the profile that counts now, on every page (REC11)', () => {
    const { ben, test, name } = village()
    expect(name()).toBe('')
    test.ingest({ records: [ben.describe({ name: 'Ben' })] })
    expect(name()).toBe('Ben')
    test.ingest({ records: [ben.describe({ name: 'Benjamin' })] })
    expect([name(), test.square.profile(ben.profile).name]).toEqual(['Benjamin', 'Benjamin'])
  })

  it('calls people as before when what a thief said is taken out (IDN18)', () => {
    const { ben, test, name } = village()
    const thief = ben.another('phone')
    const linked = linkDevice(stateOf([ben.operation]), thief.entry, ben.device)
    test.ingest({ operations: [encodeOperation(linked)], records: [ben.describe({ name: 'Ben' })] })
    const { seal } = thief
    test.ingest({ records: [thief.describe({ name: 'Nobody' }, { ts: (ben.records.at(-1)?.header.ts ?? 0) + 1 })] })
    expect(name()).toBe('Nobody')
    const revoked = revokeDevice(stateOf([ben.operation, linked]), { key: thief.device.publicKey, seal }, [ben.words])
    test.ingest({ operations: [encodeOperation(revoked)] })
    expect(name()).toBe('Ben')
  })

  it('shows the picture that a profile names as soon as it does', () => {
    const { ben, test } = village()
    const avatar = () => test.square.home({ limit: 1 }).items[0]?.avatar
    expect(avatar()).toBeNull()
    test.ingest({ records: [ben.describe({ name: 'Ben', avatar: PICTURE })] })
    expect(avatar()).toMatchObject({ cid: CID_TEXT, alt: 'a tree' })
    test.ingest({ records: [ben.describe({ name: 'Ben' })] })
    expect(avatar()).toBeNull()
  })
})
