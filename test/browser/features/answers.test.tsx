import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { fakePeerId, forgetAll, openFakeApp, type Square } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

function aPost(square: Square): string {
  const found = [...square.posts.values()].find(({ author }) => author === fakePeerId('awa'))
  return found?.id ?? ''
}

describe('what seeds were asked (INB7)', () => {
  for (const where of ['thread', 'tag'] as const) {
    it(`is said on the page of a ${where}: asking, and then by how many it was answered`, async () => {
      let path = '/tag/palabre'
      const { controls } = await openFakeApp({
        path: '/',
        prepare: ({ square }) => {
          square().answers = { answers: 'asking', seedsAsked: 0 }
          if (where === 'thread') path = `/thread/${aPost(square())}`
        },
      })
      location.hash = `#${path}`
      await expect.element(page.getByText('Asking seeds for answers…')).toBeVisible()
      controls.square().answers = { answers: 'asked', seedsAsked: 2 }
      await expect.element(page.getByText('Answers asked of 2 seeds')).toBeVisible()
    })

    it(`is said on the page of a ${where} where no seed can be reached, in French too`, async () => {
      let path = '/tag/palabre'
      await openFakeApp({
        path: '/',
        language: 'fr',
        prepare: ({ square }) => {
          square().answers = { answers: 'nobody', seedsAsked: 0 }
          if (where === 'thread') path = `/thread/${aPost(square())}`
        },
      })
      location.hash = `#${path}`
      const line = page.getByText('Aucune graine joignable\u00a0: seulement ce qui est sur cet ordinateur.')
      await expect.element(line).toBeVisible()
    })
  }
})
