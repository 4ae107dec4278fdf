import { describe, expect, it } from 'vitest'
import { listRecordDevices, resolveChain } from '../../../core/identity/chain.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../../core/identity/operation.ts'
import { adding, device, following, genesisOf, keyOf, paperHash, sealAt, slot, statuses } from '../../harness/chains.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const genesis = genesisOf()
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

function resolve(...operations: IdentityOperation[]) {
  return resolveChain([genesis, ...operations])
}

describe('ranks', () => {
  it('lets a device add a device (IDN15)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const tablet = adding(phone, 'phone', device('tablet'))
    const state = resolve(phone, tablet)
    expect(statuses(state)).toEqual({ laptop: 'active', phone: 'active', tablet: 'active' })
    expect(state?.unapplied).toBe(0)
    const added = state?.devices.find(({ name }) => name === 'tablet')
    expect(added?.addedBy).toEqual([keyOf('phone').publicKey])
    expect(state?.heads.map(({ id }) => id)).toEqual([tablet.id])
    expect(state?.base?.id).toEqual(tablet.id)
  })

  it('applies nothing whose signer has no rank, nor what builds on it (IDN15)', () => {
    const strange = adding(genesis, 'thief', device('thief'))
    const onIt = adding(strange, 'words', device('phone'))
    const byMute = adding(adding(genesis, 'laptop', device('mute', { capabilities: 1 })), 'mute', device('phone'))
    expect(statuses(resolve(strange, onIt))).toEqual({ laptop: 'active' })
    expect(resolve(strange, onIt)?.unapplied).toBe(2)
    expect(resolve(byMute)?.unapplied).toBe(1)
  })

  it('holds a device to adding and to retiring itself (IDN17)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const refused = [
      adding(phone, 'phone', device('laptop', { seal: sealAt(1) })),
      following(phone, { by: ['phone'], devices: [device('phone')] }),
      following(phone, { by: ['phone'], paper: paperHash('thief') }),
      following(phone, { by: ['phone'], slots: [slot(1, 'thief')] }),
      adding(phone, 'phone', { ...device('laptop'), name: 'renamed' }),
      adding(phone, 'phone', device('tablet', { capabilities: 7 })),
      adding(phone, 'phone', device('tablet', { seal: sealAt(0) })),
    ]
    for (const one of refused) {
      expect(resolve(phone, one)?.unapplied).toBe(1)
      expect(statuses(resolve(phone, one))).toEqual({ laptop: 'active', phone: 'active' })
    }
    const retired = adding(phone, 'phone', device('phone', { seal: sealAt(7) }))
    expect(statuses(resolve(phone, retired))).toEqual({ laptop: 'active', phone: 'retired 7' })
    const again = adding(retired, 'phone', device('tablet'))
    expect(resolve(phone, retired, again)?.unapplied).toBe(1)
  })

  it('counts guardians by threshold (IDN16)', () => {
    const guarded = genesisOf({ slots: [slot(2, 'ann', 'ben', 'cleo')] })
    const one = following(guarded, { by: ['ann'], devices: [device('new')] })
    const two = following(guarded, {
      by: ['ann', 'cleo'],
      devices: [device('new'), device('laptop', { seal: sealAt(4) })],
    })
    expect(resolveChain([guarded, one])?.unapplied).toBe(1)
    expect(statuses(resolveChain([guarded, two]))).toEqual({ laptop: 'sealed 4', new: 'active' })
  })

  it('takes a paper key by the hash in the state before (IDN16)', () => {
    const recovered = following(genesis, {
      by: ['paper'],
      paper: paperHash('paper 2'),
      devices: [device('new'), device('laptop', { seal: sealAt(0, new Uint8Array(32)) })],
    })
    expect(statuses(resolve(recovered))).toEqual({ laptop: 'sealed 0', new: 'active' })
    expect(resolve(recovered, following(recovered, { by: ['paper'], devices: [device('thief')] }))?.unapplied).toBe(1)
  })

  it('seals at nothing what an authority leaves out (IDN18)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const without = following(phone, { by: ['words'], devices: [device('phone')] })
    expect(statuses(resolve(phone, without))).toEqual({ laptop: 'sealed 0', phone: 'active' })
    expect(resolve(phone, without, adding(without, 'phone', device('laptop')))?.unapplied).toBe(1)
    const back = adding(without, 'words', device('laptop'))
    expect(statuses(resolve(phone, without, back))).toEqual({ laptop: 'active', phone: 'active' })
  })

  it('raises a seal by an equal or higher rank only (IDN18)', () => {
    const byWords = adding(genesis, 'words', device('laptop', { seal: sealAt(3) }))
    const byPaper = adding(genesis, 'paper', device('laptop', { seal: sealAt(3) }))
    const raise = (prev: IdentityOperation, by: string) => adding(prev, by, device('laptop'))
    expect(statuses(resolve(byWords, raise(byWords, 'words')))).toEqual({ laptop: 'active' })
    expect(statuses(resolve(byWords, raise(byWords, 'paper')))).toEqual({ laptop: 'active' })
    expect(statuses(resolve(byPaper, raise(byPaper, 'words')))).toEqual({ laptop: 'sealed 3' })
    expect(statuses(resolve(byPaper, raise(byPaper, 'paper')))).toEqual({ laptop: 'active' })
    const endorsed = adding(byWords, 'paper', device('phone'))
    expect(statuses(resolve(byWords, endorsed, raise(endorsed, 'words'))).laptop).toBe('sealed 3')
    const moved = adding(byWords, 'words', device('laptop', { seal: sealAt(9) }))
    expect(statuses(resolve(byWords, moved))).toEqual({ laptop: 'sealed 9' })
  })

  it('counts the signatures of all that came under one id (IDN19)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const sealed = adding(phone, 'words', device('laptop', { seal: sealAt(3) }))
    const stripped = signOperation(sealed, [keyOf('phone')])
    expect(stripped.id).toEqual(sealed.id)
    for (const set of [
      [stripped, sealed],
      [sealed, stripped],
    ]) {
      expect(statuses(resolve(phone, ...set))).toEqual({ laptop: 'sealed 3', phone: 'active' })
    }
    expect(resolve(phone, stripped)?.unapplied).toBe(1)
    expect(statuses(resolve(phone, signOperation(phone, [keyOf('thief')])))).toEqual({
      laptop: 'active',
      phone: 'active',
    })
  })

  it('lists nobody who has not proved to hold the key (IDN8)', () => {
    const listed = { ...device('stranger'), proof: device('laptop').proof }
    const forged = adding(genesis, 'laptop', listed)
    expect(checkOperation(encodeOperation(forged), verifier).verdict).toEqual({
      verdict: 'reject',
      reason: 'bad-signature',
    })
  })
})

describe('forks', () => {
  it('unites what devices added beside each other (IDN21)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const tablet = adding(genesis, 'laptop', device('tablet'))
    const watch = adding(phone, 'phone', device('watch', { capabilities: 1 }))
    const state = resolve(phone, tablet, watch)
    expect(statuses(state)).toEqual({ laptop: 'active', phone: 'active', tablet: 'active', watch: 'active' })
    expect(state?.isContested).toBe(false)
    expect(state?.heads.map(({ id }) => id)).toEqual([watch.id, tablet.id])
  })

  it('keeps what a device in use added while an authority wrote without knowing of it (IDN21)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const guarded = following(genesis, { by: ['words'], slots: [slot(1, 'words'), slot(1, 'ann', 'ben')] })
    expect(statuses(resolve(phone, guarded))).toEqual({ laptop: 'active', phone: 'active' })
  })

  it('removes with a sealed device what it added beside the line, however that was passed on (IDN21)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const thief = adding(phone, 'laptop', device('thief'))
    const second = adding(thief, 'thief', device('second thief'))
    const unaware = adding(phone, 'phone', device('thief'), device('tablet'))
    const sealed = adding(phone, 'words', device('laptop', { seal: sealAt(5) }))
    const state = resolve(phone, thief, second, unaware, sealed)
    expect(statuses(state)).toEqual({
      laptop: 'sealed 5',
      phone: 'active',
      'second thief': 'sealed 0',
      tablet: 'active',
      thief: 'sealed 0',
    })
    expect(state === null ? [] : listRecordDevices(state).map(({ key }) => key)).toContainEqual(
      keyOf('thief').publicKey,
    )
    const back = adding(sealed, 'phone', device('thief'))
    expect(statuses(resolve(phone, thief, sealed, back)).thief).toBe('active')
  })

  it('keeps what a device added, whatever a thief builds on it (IDN21)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const stolen = following(phone, { by: ['words'], devices: [device('thief')] })
    const onIt = adding(stolen, 'thief', device('second'))
    const owner = following(genesis, { by: ['paper'], slots: [slot(1, 'words 2')] })
    const state = resolve(phone, stolen, onIt, owner)
    expect(statuses(state)).toEqual({
      laptop: 'active',
      phone: 'active',
      second: 'sealed 0',
      thief: 'sealed 0',
    })
    expect(state?.heads.map(({ id }) => id)).toEqual([owner.id, phone.id])
  })

  it('keeps what a device added, though a thief of the words signs it too (IDN21)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const tablet = adding(phone, 'phone', device('tablet'))
    const owner = following(genesis, { by: ['paper'], slots: [slot(1, 'words 2')] })
    const expected = { laptop: 'active', phone: 'active', tablet: 'active' }
    expect(statuses(resolve(phone, tablet, owner))).toEqual(expected)
    const signedToo = signOperation(phone, [keyOf('words')])
    expect(statuses(resolve(phone, signedToo, tablet, owner))).toEqual(expected)
  })

  it('lets the higher rank win, by the authorities of the fork (IDN20)', () => {
    const stolen = following(genesis, { by: ['words'], devices: [device('thief')], slots: [slot(1, 'theirs')] })
    const ownPaper = following(stolen, { by: ['theirs'], paper: paperHash('their paper') })
    const deep = following(ownPaper, { by: ['their paper'], devices: [device('thief'), device('second')] })
    const owner = following(genesis, { by: ['paper'], paper: paperHash('paper 2'), slots: [slot(1, 'words 2')] })
    const state = resolve(stolen, ownPaper, deep, owner)
    expect(statuses(state)).toEqual({ laptop: 'active', second: 'sealed 0', thief: 'sealed 0' })
    expect(state?.isContested).toBe(false)
    expect(state?.base?.id).toEqual(owner.id)
  })

  it('lets the paper key, once it spoke, hold against forks further up (IDN20)', () => {
    const guarded = following(genesis, { by: ['words'], slots: [slot(1, 'words'), slot(1, 'ann')] })
    const owner = following(guarded, { by: ['paper'], slots: [slot(1, 'words 2')], paper: paperHash('paper 2') })
    const backdated = following(genesis, { by: ['words'], devices: [device('thief')] })
    expect(statuses(resolve(guarded, owner, backdated))).toEqual({ laptop: 'active', thief: 'sealed 0' })
  })

  it('settles nothing between equal ranks until a higher one speaks (IDN22)', () => {
    const one = adding(genesis, 'words', device('laptop', { seal: sealAt(2) }), device('new'))
    const other = adding(genesis, 'words', device('phone'))
    const state = resolve(one, other)
    expect(statuses(state)).toEqual({ laptop: 'active!', new: 'active!', phone: 'active!' })
    expect(state).toMatchObject({ isContested: true, contestedRank: 1 })
    expect(state?.base?.id).toEqual(genesis.id)
    expect(state?.heads).toHaveLength(2)
    const third = adding(one, 'words', device('laptop'))
    expect(resolve(one, other, third)?.isContested).toBe(true)
    const settled = following(genesis, { by: ['paper'], devices: [device('laptop'), device('phone')] })
    expect(statuses(resolve(one, other, settled))).toEqual({ laptop: 'active', new: 'sealed 0', phone: 'active' })
    const inBranch = adding(one, 'paper', device('new'))
    expect(statuses(resolve(one, other, inBranch))).toEqual({ laptop: 'sealed 2', new: 'active', phone: 'sealed 0' })
  })

  it('keeps the seal that leaves most while two of one rank stand (IDN22)', () => {
    const seals = [2, 9, 5].map((seq) => adding(genesis, 'words', device('laptop', { seal: sealAt(seq) })))
    expect(statuses(resolve(...seals))).toEqual({ laptop: 'sealed 9!' })
  })

  it('leaves open who is right about devices that a retired device added unseen (IDN23)', () => {
    const phone = adding(genesis, 'laptop', device('phone'))
    const retired = adding(genesis, 'laptop', device('laptop', { seal: sealAt(5) }))
    const tablet = adding(phone, 'phone', device('tablet'))
    expect(statuses(resolve(phone, retired, tablet))).toEqual({
      laptop: 'retired 5',
      phone: 'active!',
      tablet: 'active!',
    })
    const seen = adding(phone, 'laptop', device('laptop', { seal: sealAt(5) }))
    expect(statuses(resolve(phone, seen, tablet))).toEqual({ laptop: 'retired 5', phone: 'active', tablet: 'active' })
    const spoken = following(seen, { by: ['words'] })
    const oldDisk = adding(genesis, 'laptop', device('thief'))
    expect(statuses(resolve(phone, seen, tablet, oldDisk)).thief).toBe('active!')
    expect(statuses(resolve(phone, seen, spoken, oldDisk))).toEqual({
      laptop: 'retired 5',
      phone: 'active',
      thief: 'sealed 0',
    })
  })

  it('takes the lower of two retirements (IDN23)', () => {
    const late = adding(genesis, 'laptop', device('laptop', { seal: sealAt(9) }))
    const early = adding(genesis, 'laptop', device('laptop', { seal: sealAt(5) }))
    expect(statuses(resolve(late, early))).toEqual({ laptop: 'retired 5' })
    const raised = adding(late, 'words', device('laptop'))
    expect(statuses(resolve(late, early, raised))).toEqual({ laptop: 'active' })
  })

  it('keeps at most 256 devices beside those that lost their place (IDN24)', () => {
    const additions = Array.from({ length: 3 }, (_, batch) =>
      adding(genesis, 'laptop', ...Array.from({ length: 100 }, (__, i) => device(`device ${batch} ${i}`))),
    )
    const state = resolve(...additions)
    expect(state?.devices.filter(({ status }) => status === 'active')).toHaveLength(256)
    expect(state?.devices).toHaveLength(301)
    expect(statuses(state).laptop).toBe('active')
  })
})
