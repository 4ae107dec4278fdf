import { describe, expect, it } from 'vitest'
import { listPetnames, setPetname } from '../../../core/node/petnames.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'

function desk() {
  const [me, ben, cleo] = ['Me', 'Ben', 'Cleo'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const said = new Map<string, unknown>()
  const book = {
    list: async (edge: string) =>
      [...said].flatMap(([subject, value], at) =>
        edge === 'petname' && value !== null ? [{ subject, value, at }] : [],
      ),
    put: async (edge: string, subject: string, value: unknown) => {
      expect(edge).toBe('petname')
      said.set(subject, value)
    },
  }
  return { me, ben, cleo, said, book }
}

describe('petnames', () => {
  it('are private records by person, and are taken back by an empty one', async () => {
    const { me, ben, book } = desk()
    const call = (name: string) => setPetname(book, { me: me.profile, profile: ben.profile, name })
    expect(await call('  Grandpa ')).toEqual({ profile: ben.profile, name: 'Grandpa' })
    expect(await listPetnames(book)).toEqual({ items: [{ profile: ben.profile, name: 'Grandpa' }] })
    await call('')
    expect(await listPetnames(book)).toEqual({ items: [] })
  })

  it('refuse oneself, no account, what is no profile and what is too long', async () => {
    const { me, ben, book } = desk()
    const call = (profile: string, name: string, who: string | null = me.profile) =>
      setPetname(book, { me: who, profile, name })
    await expect(call(me.profile, 'Boss')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(call('nobody', 'Ben')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(call(ben.profile, 'é'.repeat(65))).rejects.toMatchObject({ code: 'too-long' })
    await expect(call(ben.profile, 'Ben', null)).rejects.toMatchObject({ code: 'no-account' })
  })

  it('pass over what another program wrote', async () => {
    const { ben, cleo, said, book } = desk()
    said.set('ff', 'short')
    said.set(toHex(ben.address), { name: 'Ben' })
    said.set(toHex(cleo.address), 'Aunt')
    expect(await listPetnames(book)).toEqual({ items: [{ profile: cleo.profile, name: 'Aunt' }] })
  })
})
