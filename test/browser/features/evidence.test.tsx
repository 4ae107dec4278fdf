import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { fakeEvidence } from '../../harness/fake/fake-evidence.ts'
import { fakePeerId } from '../../harness/fake/ids.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const path = '/network'
const rows = (name: string) => page.getByRole('region', { name }).getByRole('listitem')
const says = (list: ReturnType<typeof rows>, row: number, text: string) =>
  expect.poll(() => list.nth(row).query()?.textContent).toContain(text)

describe('what peers owe', () => {
  it('stands on the Network page with the peer, and with who sent it instead', async () => {
    await renderWindow({ path, prepare: ({ controls }) => controls.setEvidence() })
    const owed = rows('What peers owe')
    await says(owed, 0, 'Harbour')
    await says(owed, 0, 'Offered 3 records of Awa Ndiaye and did not send them.')
    await says(owed, 0, 'Not here yet. Every other peer that connects is asked.')
    await says(owed, 1, 'Offered 1 record of Marguerite Leduc and did not send it.')
    await says(owed, 1, 'Seed of the mill sent it instead.')
    await says(owed, 2, 'Keeps the records of Awa Ndiaye, and lacks the newest 60.')
    await says(owed, 2, 'Seed of the mill sent them.')
    await says(owed, 3, 'Lacked 2 records of Marguerite Leduc between the others.Nothing is lacking there any more.')
    await says(owed, 4, 'Keeps the records of Tom Hallworth, and lacks the newest 4 that the device announces.')
    await says(owed, 4, 'Not here yet, and no known peer has them. Every other peer that connects is asked.')
    const forks = rows('Signed twice')
    await says(forks, 0, 'Tom Hallworth')
    await says(forks, 0, 'signed number 12 of its records twice. Both versions are kept.')
    await says(forks, 0, 'The second came from Bibliothèque.')
    const author = owed.nth(0).getByRole('link', { name: 'Awa Ndiaye' })
    await expect.element(author).toHaveAttribute('href', expect.stringContaining(fakePeerId('awa')))
  })

  it('tells a tail that another peer had from one that the seed has caught up with', async () => {
    const tail = fakeEvidence(Date.now(), () => 'Awa').find(({ kind }) => kind === 'tail')
    if (tail === undefined) throw new Error('no sample')
    const from = { peerId: fakePeerId('seed-library'), profile: null, name: 'Bibliothèque' }
    const items = [
      { ...tail, state: 'repaired', from } as const,
      { ...tail, state: 'settled', from: tail.peers[0] ?? null } as const,
    ]
    await renderWindow({ path, prepare: ({ controls }) => controls.setEvidence(items) })
    const owed = rows('What peers owe')
    await says(owed, 0, 'Lacked the newest 4 records of Awa.Bibliothèque sent them.')
    await says(owed, 1, 'Lacked the newest 4 records of Awa.It has caught up.')
  })

  it('is not there where there is none, and comes and goes by itself', async () => {
    const { node } = await renderWindow({ path })
    await expect.element(page.getByText('Bibliothèque')).toBeVisible()
    await expect.element(page.getByText('What peers owe')).not.toBeInTheDocument()
    await expect.element(page.getByText('Signed twice')).not.toBeInTheDocument()
    node.controls.setEvidence(fakeEvidence(Date.now(), () => 'Awa').slice(0, 1))
    await expect.element(page.getByText('What peers owe')).toBeVisible()
    await expect.element(page.getByText('Signed twice')).not.toBeInTheDocument()
    node.controls.setEvidence([])
    await expect.element(page.getByText('What peers owe')).not.toBeInTheDocument()
  })

  it('says so in French, and names peers without a name by their short ID', async () => {
    const [first] = fakeEvidence(Date.now(), () => 'Awa Ndiaye')
    if (first === undefined) throw new Error('no sample')
    const peers = [{ peerId: fakePeerId('nameless'), profile: null, name: '' }]
    await renderWindow({
      path,
      language: 'fr',
      prepare: ({ controls }) => controls.setEvidence([{ ...first, peers }]),
    })
    const owed = rows('Ce que des pairs doivent')
    await says(owed, 0, 'A proposé 3 enregistrements signés par Awa Ndiaye sans les envoyer.')
    const id = fakePeerId('nameless')
    await says(owed, 0, `${id.slice(-8, -4)}·${id.slice(-4)}`)
  })

  it.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
    await renderWindow({ path, theme, prepare: ({ controls }) => controls.setEvidence() })
    await expect.element(page.getByText('What peers owe')).toBeVisible()
    await expect.element(page.getByText('Signed twice')).toBeVisible()
    expect(await findFaults()).toEqual([])
  })
})
