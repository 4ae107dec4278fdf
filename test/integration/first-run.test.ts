import { afterEach, describe, expect, it } from 'vitest'
import { WELCOME_MADE_AT } from '../../core/node/welcome/pack-data.ts'
import { TestSquare } from '../harness/square.ts'

let square: TestSquare
afterEach(() => square.close())

describe('a first run without any network', () => {
  it('has a filled feed below home at once, of people whom nobody follows', async () => {
    square = new TestSquare()
    const peer = await square.add({ name: 'Nour' })
    const startedAt = performance.now()
    const page = await peer.api.timeline.beyond({ rung: 'welcome', language: 'fr', limit: 100 })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(page.items).toHaveLength(25)
    expect(page.madeAt).toBe(WELCOME_MADE_AT)
    expect(page.items[0]?.text).toMatch(/^Bienvenue\./)
    expect(new Set(page.items.map(({ lang }) => lang))).toEqual(new Set(['fr']))
    const voice = page.items[0]?.author as string
    expect(await peer.api.follows.list()).toEqual({ items: [] })
    expect((await peer.api.timeline.home()).items).toEqual([])
    expect((await peer.api.timeline.beyond({ rung: 'others' })).items).toEqual([])
    expect((await peer.api.profiles.get({ profile: voice })).name).toBe('Palabre\u00a0: premiers pas')
  })

  it('shows nothing of a voice that is muted', async () => {
    square = new TestSquare()
    const peer = await square.add({ name: 'Nour' })
    const read = () => peer.api.timeline.beyond({ rung: 'welcome', limit: 100 })
    const voice = (await read()).items[0]?.author as string
    await peer.api.moderation.mute({ profile: voice })
    expect((await read()).items.map(({ author }) => author)).not.toContain(voice)
    expect((await read()).items).toHaveLength(20)
  })

  it('is not carried by a seed', async () => {
    square = new TestSquare()
    const seed = await square.add({ role: 'seed' })
    expect((await seed.api.timeline.beyond({ rung: 'welcome' })).items).toEqual([])
  })
})
