import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addGuarded, approve } from '../harness/guarded-square.ts'
import { TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** Needs stores that admit the devices of the resolved chain, not those of the genesis alone. */
describe('a computer to which guardians gave an account', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  it('writes as the person it belongs to, for those who followed before (IDN12)', async () => {
    const { seed, ana, guardians, profile } = await addGuarded(square, 1_000)
    const [ben, cleo, dora] = guardians
    await dora.api.follows.add({ profile })
    await eventually('Dora follows Ana', async () => (await dora.api.follows.list()).items[0]?.state === 'following')
    await ana.stop()
    const fresh = await square.add({ peers: [seed] })
    const { guardians: asked } = await fresh.api.recovery.askGuardians({ profile, addresses: [] })
    for (const guardian of [ben, cleo]) await approve(guardian, asked?.link ?? '')
    await eventually('the account is here', async () =>
      ['restoring', 'done'].includes((await fresh.api.recovery.status()).step),
    )
    const { id } = await fresh.api.posts.create({ text: 'back' })
    const post = await dora.holdsPost(id)
    expect(post).toMatchObject({ text: 'back', author: profile })
    await dora.seesAtHome('back')
  })
})
