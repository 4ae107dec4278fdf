import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { findFaults } from '../harness/window.tsx'
import { addPost, fakePeerId, fakeRecordId, forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const PATH = `/thread/${fakeRecordId('root')}`
type Controls = Parameters<typeof addPost>[0]

/** Somebody who is followed answers, and two strangers, one with a picture that isn't here. */
function prepare(controls: Controls) {
  const root = addPost(controls, 'root', { text: 'Who is here?' })
  addPost(controls, 'strange', { author: fakePeerId('nobody'), text: 'A stranger.', reply: root, ts: Date.now() - 900 })
  const media = [
    {
      cid: 'bafkpicture',
      type: 'image/png',
      size: 2_048,
      width: 40,
      height: 30,
      alt: 'a tree',
      state: 'waiting' as const,
    },
  ]
  addPost(controls, 'shown', { author: fakePeerId('unknown'), text: 'Look.', reply: root, media, ts: Date.now() - 800 })
  addPost(controls, 'near', { author: fakePeerId('awa'), text: 'I am.', reply: root, ts: Date.now() - 100 })
}

const strangers = () => page.getByText(/replies by people you don’t know/)

describe('a thread', () => {
  it('shows who is near, and folds strangers under one row until they are asked for', async () => {
    await openFakeApp({ prepare, path: PATH })
    await expect.element(page.getByText('I am.')).toBeVisible()
    await expect.element(page.getByText('2 replies by people you don’t know')).toBeVisible()
    expect(page.getByText('A stranger.').elements()).toEqual([])
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect.element(page.getByText('A stranger.')).toBeVisible()
    await expect.element(page.getByRole('button', { name: /^Fetch/ })).toBeVisible()
    expect(await findFaults()).toEqual([])
    await page.getByRole('button', { name: 'Hide', exact: true }).click()
    await expect.poll(() => page.getByText('A stranger.').elements().length).toBe(0)
  })

  it('folds them in French', async () => {
    await openFakeApp({ prepare, path: PATH, language: 'fr' })
    await expect.element(page.getByText('2 réponses de personnes que vous ne connaissez pas')).toBeVisible()
    await page.getByRole('button', { name: 'Afficher', exact: true }).click()
    await expect.element(page.getByText('A stranger.')).toBeVisible()
  })

  it('says why strangers could not be read, and asks again', async () => {
    const { controls } = await openFakeApp({ prepare, path: PATH })
    await expect.element(strangers()).toBeVisible()
    controls.fail('threads.get', 'disk-full', 'made to fail', 9)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect.element(page.getByText(/The disk is full/)).toBeVisible()
  })

  it('says how many answers are here and how many parents are missing', async () => {
    await openFakeApp({
      prepare: (controls) => {
        prepare(controls)
        controls.square().missingParents = 2
      },
      path: PATH,
    })
    await expect.element(page.getByText('3 replies are here')).toBeVisible()
    await expect.element(page.getByText(/^2 posts that are referred to are not here/)).toBeVisible()
  })

  it('reads a long thread page by page', async () => {
    await openFakeApp({
      prepare: (controls) => {
        const root = addPost(controls, 'root', { text: 'Count.' })
        for (let i = 0; i < 60; i++)
          addPost(controls, `n${i}`, { text: `Number ${i}.`, reply: root, ts: Date.now() - 900 + i })
      },
      path: PATH,
    })
    await expect.element(page.getByText('Number 49.')).toBeInTheDocument()
    expect(page.getByText('Number 50.').elements()).toEqual([])
    await page.getByRole('button', { name: 'Show more replies' }).click()
    await expect.element(page.getByText('Number 59.')).toBeInTheDocument()
    await expect.poll(() => page.getByRole('button', { name: 'Show more replies' }).elements().length).toBe(0)
  })
})
