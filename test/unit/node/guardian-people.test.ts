import { describe, expect, it } from 'vitest'
import { GuardianPeople } from '../../../core/node/guardian-people.ts'
import { silentLogger } from '../../../core/util/logger.ts'

/** What all devices of an account share. */
function sharedBook() {
  const items: { subject: string; value: unknown; at: number }[] = []
  return {
    items,
    list: async (edge: string) => (edge === 'guardian' ? items : []),
    put: async (_edge: string, subject: string, value: unknown) => void items.push({ subject, value, at: 0 }),
  }
}

function onDevice(shared: Pick<ReturnType<typeof sharedBook>, 'list' | 'put'>) {
  const states = new Map<string, unknown>()
  const book = {
    getState: async (key: string) => states.get(key) ?? null,
    setState: async (key: string, value: unknown) => void states.set(key, value),
  }
  return { people: new GuardianPeople({ book, shared, logger: silentLogger }), states }
}

const BEN = { key: new Uint8Array(32).fill(1), profile: '12D3KooWBen', name: 'Ben' }
const NAMED = new Map([['01'.repeat(32), { profile: '12D3KooWBen', name: 'Ben' }]])

describe('GuardianPeople', () => {
  it('tells every device of the account whose key is whose', async () => {
    const shared = sharedBook()
    await onDevice(shared).people.set([BEN])
    expect(await onDevice(shared).people.get()).toEqual(NAMED)
    // The control: another account's devices share nothing with this one.
    expect(await onDevice(sharedBook()).people.get()).toEqual(new Map())
  })

  it('keeps them here when the other devices can not be told', async () => {
    const { people } = onDevice({
      list: async () => [],
      put: async () => {
        throw new Error('no device in use')
      },
    })
    await people.set([BEN])
    expect(await people.get()).toEqual(NAMED)
  })

  it('passes over what it can not read', async () => {
    const shared = sharedBook()
    shared.items.push({ subject: 'ff', value: { profile: 3 }, at: 0 }, { subject: 'fe', value: 'Ben', at: 0 })
    const { people, states } = onDevice(shared)
    states.set('guardian-people', { ab: 7 })
    expect(await people.get()).toEqual(new Map())
  })
})
