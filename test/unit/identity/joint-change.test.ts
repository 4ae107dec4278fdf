import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { findJointOperations, guardianThreshold, signJointly } from '../../../core/identity/joint-change.ts'
import { makeNotice } from '../../../core/identity/notice.ts'
import type { DeviceEntry, IdentityOperation } from '../../../core/identity/operation.ts'
import { adding, device, following, genesisOf, keyOf, paperHash, sealAt, slot, statuses } from '../../harness/chains.ts'

const guarded = [slot(1, 'words'), slot(2, 'ann', 'ben', 'cleo')]
const genesis = genesisOf({ slots: guarded })
const phone = adding(genesis, 'laptop', device('phone'))
const entry = device('new')

/** A chain in somebody's hands. */
class View {
  operations: IdentityOperation[]
  constructor(...operations: IdentityOperation[]) {
    this.operations = operations
  }

  get state(): IdentityState {
    return resolveChain(this.operations) as IdentityState
  }

  find(wanted: DeviceEntry = entry) {
    return findJointOperations(this.state, this.operations, wanted)
  }

  /** What this guardian signs, seeing what is here. */
  sign(by: string, wanted: DeviceEntry = entry): IdentityOperation {
    return signJointly(this.state, this.operations, { entry: wanted, joint: this.find(wanted)[0] }, keyOf(by))
  }
}

describe('guardians who sign apart', () => {
  it('make the same operation from the same state, and two of three apply it (GRD9)', () => {
    const [a, b] = [new View(genesis, phone).sign('ann'), new View(genesis, phone).sign('ben')]
    expect(a.id).toEqual(b.id)
    expect(statuses(resolveChain([genesis, phone, a]))).toEqual({ laptop: 'active', phone: 'active' })
    const state = resolveChain([genesis, phone, a, b])
    expect(statuses(state)).toEqual({ laptop: 'active', new: 'active', phone: 'active' })
    expect(state).toMatchObject({ isContested: false, unapplied: 0 })
  })

  it('finish what was begun, also where a device has been added since (GRD9)', () => {
    const begun = new View(genesis).sign('ann')
    const later = new View(genesis, phone, begun)
    expect(later.find()).toMatchObject([{ operation: { id: begun.id } }])
    const both = later.sign('ben')
    expect(both.id).toEqual(begun.id)
    expect(both.signatures).toHaveLength(2)
    expect(statuses(resolveChain([genesis, phone, both]))).toEqual({ laptop: 'active', new: 'active', phone: 'active' })
  })

  it('all choose alike of several that were begun: the one with most signatures, then the lowest id (GRD9)', () => {
    const [one, other] = [new View(genesis).sign('ann'), new View(genesis, phone).sign('cleo')]
    expect(one.id).not.toEqual(other.id)
    const view = new View(genesis, phone, one, other)
    const [first, second] = view.find()
    expect(view.find()).toHaveLength(2)
    view.operations.reverse()
    expect(view.find()[0]?.operation.id).toEqual(first?.operation.id)
    const more = signJointly(view.state, view.operations, { entry, joint: second }, keyOf('ben'))
    expect(new View(genesis, phone, one, other, more).find()).toEqual([])
    expect(statuses(resolveChain([genesis, phone, one, other, more]))).toHaveProperty('new', 'active')
  })

  it('begin anew where an authority has spoken since (GRD9)', () => {
    const begun = new View(genesis, phone).sign('ann')
    const since = following(phone, { by: ['words'], paper: paperHash('second') })
    const view = new View(genesis, phone, begun, since)
    expect(view.find()).toEqual([])
    const anew = view.sign('ann')
    expect(anew.prev).toEqual(since.id)
    expect(new View(genesis, phone, begun, since, anew).sign('ben').id).toEqual(anew.id)
  })

  it('sign nothing that does more than add the device, whoever has begun it (GRD9)', () => {
    const by = ['ann']
    const devices = [...phone.devices, entry]
    const traps = {
      'leaves a device out': following(phone, { by, devices: [device('laptop'), entry] }),
      'seals a device': following(phone, {
        by,
        devices: [device('laptop', { seal: sealAt(1) }), device('phone'), entry],
      }),
      'adds another': following(phone, { by, devices: [...devices, device('thief')] }),
      'takes the words away': following(phone, { by, devices, slots: [slot(2, 'ann', 'ben', 'cleo')] }),
      'lowers the threshold': following(phone, { by, devices, slots: [slot(1, 'words'), slot(1, 'ann', 'ben')] }),
      'names a paper key': following(phone, { by, devices, paper: paperHash('theirs') }),
      'gives the key another name': following(phone, { by, devices: [...phone.devices, { ...entry, name: 'x' }] }),
      'takes capabilities away': following(phone, { by, devices: [...phone.devices, { ...entry, capabilities: 1 }] }),
    }
    for (const [trap, operation] of Object.entries(traps)) {
      expect(new View(genesis, phone, operation).find(), trap).toEqual([])
    }
    const control = following(phone, { by, devices })
    expect(new View(genesis, phone, control).find()).toHaveLength(1)
  })

  it('list what has retired as retired', () => {
    const retired = adding(phone, 'phone', device('phone', { seal: sealAt(4) }))
    const view = new View(genesis, phone, retired)
    view.operations.push(view.sign('ann'))
    view.operations.push(view.sign('cleo'))
    expect(statuses(view.state)).toEqual({ laptop: 'active', new: 'active', phone: 'retired 4' })
  })

  it('find nothing that a stranger or a device has begun', () => {
    const unrightful = (by: string) => following(phone, { by: [by], devices: [...phone.devices, entry], paper: null })
    expect(new View(genesis, phone, unrightful('stranger'), unrightful('laptop')).find()).toEqual([])
  })

  it('cannot speak while words disagree with words, nor to raise a sealed device', () => {
    const one = following(genesis, { by: ['words'], devices: [device('laptop'), device('a')] })
    const other = following(genesis, { by: ['words'], devices: [device('laptop'), device('b')] })
    expect(() => new View(genesis, one, other).sign('ann')).toThrow(expect.objectContaining({ code: 'contested' }))
    const sealed = adding(genesis, 'words', device('new', { seal: sealAt(3) }))
    expect(() => new View(genesis, sealed).sign('ann')).toThrow(expect.objectContaining({ code: 'no-right' }))
  })

  it('are not held up by notices in the chain', () => {
    const { state } = new View(genesis, phone)
    const notice = makeNotice(state, { content: { word: 'rehearse' }, ts: 1 }, keyOf('laptop'))
    const begun = new View(genesis, phone, notice).sign('ann')
    expect(new View(genesis, phone, begun, notice).sign('ben').id).toEqual(begun.id)
  })

  it('know how many of them are asked for', () => {
    const { state } = new View(genesis)
    expect(['ann', 'words', 'stranger'].map((name) => guardianThreshold(state, keyOf(name).publicKey))).toEqual([
      2,
      null,
      null,
    ])
  })
})
