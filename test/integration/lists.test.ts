import { afterEach, describe, expect, it } from 'vitest'
import { TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

let square: TestSquare
afterEach(() => square.close())

describe('own lists', () => {
  it('are made, renamed, filled, read and deleted (REC16)', async () => {
    square = new TestSquare()
    const aya = await square.add({ name: 'Aya' })
    const nour = await square.add({ name: 'Nour', peers: [await aya.address()] })
    await aya.api.posts.create({ text: 'from Aya' })
    await nour.follow(aya)
    const profile = await aya.profile()
    const { lists, timeline } = nour.api
    const { id } = await lists.create({ name: 'Village' })
    await lists.add({ id, profile })
    await lists.add({ id, profile })
    expect((await lists.get({ id })).people.map((person) => person.profile)).toEqual([profile])
    expect((await lists.list({ member: profile })).items).toMatchObject([
      { id, name: 'Village', members: 1, has: true },
    ])
    const read = async () => (await timeline.list({ profile: await nour.profile(), list: id })).items
    await eventually('the post on the list', async () => (await read()).some(({ text }) => text === 'from Aya'))
    await lists.rename({ id, name: 'Quartier' })
    await lists.drop({ id, profile })
    expect((await lists.list()).items).toMatchObject([{ name: 'Quartier', members: 0, has: false }])
    expect(await read()).toEqual([])
    await lists.remove({ id })
    expect((await lists.list()).items).toEqual([])
    await expect(lists.get({ id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(lists.add({ id, profile })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('keep their names within the limit of the record', async () => {
    square = new TestSquare()
    const nour = await square.add({ name: 'Nour' })
    await expect(nour.api.lists.create({ name: 'é'.repeat(65) })).rejects.toMatchObject({ code: 'too-long' })
    await expect(nour.api.lists.create({ name: '  ' })).rejects.toMatchObject({ code: expect.stringMatching(/bad-/i) })
  })
})
