import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { parsePeerId } from '../../../core/identity/peer-id.ts'
import { decodeInvitation, MAX_QR_INVITATION_LENGTH } from '../../../core/record/invitation.ts'
import { callerOf } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'
import { fakePeerId } from './fake-app.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')

const REFUSED = 'Nobody listens there'

async function openFollowDialog() {
  await button('Follow somebody').first().click()
  return dialog()
}

describe('inviting somebody', () => {
  it('suggests whom one chooses, and gives a link, its code and a file', async () => {
    await renderWindow({ path: '/' })
    await button('Invite somebody').first().click()
    await expect.element(dialog().getByText('Seed of the mill')).toBeVisible()
    await expect.element(dialog().getByText(/graine\.moulin\.example/u)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await dialog()
      .getByRole('checkbox', { name: /Tom Hallworth/u })
      .click()
    await dialog().getByRole('button', { name: 'Make the invitation' }).click()
    await expect.element(dialog().getByRole('img', { name: 'QR code of the invitation' })).toBeVisible()
    await expect.element(dialog().getByText('With you and 1 person, and 2 seeds')).toBeVisible()
    const text =
      dialog()
        .getByText(/^palabre:join\?/u)
        .element().textContent ?? ''
    expect(text.length).toBeLessThanOrEqual(MAX_QR_INVITATION_LENGTH)
    const decoded = decodeInvitation(text)
    expect(decoded.ok && decoded.invitation.people.map(({ name }) => name)).toEqual(['Tom Hallworth'])
    await expect.element(dialog().getByRole('button', { name: 'Save file' })).toBeVisible()
    expect(await findFaults()).toEqual([])
  })

  it('is offered where the own profile is shared, and says when no seed is known', async () => {
    const { node } = await renderWindow({
      path: '/profile',
      prepare: ({ controls }) => (controls.invitations.seeds = []),
    })
    await button('Share').click()
    await dialog().getByRole('button', { name: 'Invite somebody' }).click()
    await expect.element(page.getByText(/^Neither a seed nor an address/u)).toBeVisible()
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    await expect.element(page.getByText('With nobody but you, and no seed')).toBeVisible()
    expect((await callerOf(node).invitations.seeds()).items).toEqual([])
  })

  it('says why the seeds could not be read, and tries again', async () => {
    const { node } = await renderWindow({ path: '/' })
    node.controls.fail('invitations.seeds', 'not-found')
    await button('Invite somebody').first().click()
    await expect.element(dialog().getByText('The seeds could not be read.')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await dialog().getByRole('button', { name: 'Try again' }).click()
    await expect.element(dialog().getByText('Seed of the mill')).toBeVisible()
  })
})

describe('joining by an invitation', () => {
  it('shows what it names, does what is chosen, and says how far it is', async () => {
    const { node } = await renderWindow({ path: '/' })
    const { invitations } = node.controls
    await openFollowDialog()
    await userEvent.fill(dialog().getByRole('textbox', { name: 'Peer ID or link' }), invitations.sample())
    await expect.element(dialog().getByText('This is an invitation.')).toBeVisible()
    await dialog().getByRole('button', { name: 'Look at it' }).click()
    await expect.element(page.getByRole('dialog', { name: 'Awa Ndiaye invites you.' })).toBeVisible()
    await expect.element(dialog().getByText('Made on November 19, 2026.', { exact: false })).toBeVisible()
    await expect.element(dialog().getByRole('checkbox', { name: /Awa Ndiaye/u })).toBeDisabled()
    await expect.element(dialog().getByText('called so by the inviter')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await dialog()
      .getByRole('checkbox', { name: /bibliotheque\.example/u })
      .click()
    await dialog().getByRole('button', { name: 'Join', exact: true }).click()
    await expect.element(dialog().getByText('being dialled')).toBeVisible()
    await expect.element(dialog().getByText('being looked for')).toBeVisible()
    const { join } = await callerOf(node).invitations.status()
    expect(join?.seeds.map(({ address }) => address.split('/')[2])).toEqual(['graine.moulin.example'])
    invitations.settle()
    await expect.element(dialog().getByText('connected')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await dialog().getByRole('button', { name: 'Done' }).click()
    await expect.element(dialog()).not.toBeInTheDocument()
  })

  it('says which seed does not answer', async () => {
    const { node } = await renderWindow({ path: '/' })
    await openFollowDialog()
    await userEvent.fill(dialog().getByRole('textbox'), node.controls.invitations.sample())
    await dialog().getByRole('button', { name: 'Look at it' }).click()
    await dialog().getByRole('button', { name: 'Join', exact: true }).click()
    await expect.element(dialog().getByText('being dialled').first()).toBeVisible()
    node.controls.invitations.settle('ECONNREFUSED')
    await expect.element(dialog().getByText('no answer, tried again').first()).toBeVisible()
    await expect.element(dialog().getByText(REFUSED).first()).toBeVisible()
  })

  it.each([
    ['for another network', { network: 'elsewhere' }, /for another network, “elsewhere”/u],
    ['changed on its way', {}, /not as it was signed/u],
    ['cut short', {}, /The invitation is damaged/u],
  ])('refuses one that is %s', async (kind, change, sentence) => {
    const { node } = await renderWindow({ path: '/' })
    const text = node.controls.invitations.sample(change)
    const changed = kind.startsWith('changed')
      ? text.replace('Tom', 'Eve')
      : kind.startsWith('cut')
        ? text.slice(0, -9)
        : text
    await openFollowDialog()
    await dialog().getByRole('button', { name: 'Join by invitation' }).click()
    await dialog().getByRole('button', { name: 'Look at it' }).click()
    await expect.element(dialog().getByText('Paste the invitation here, or open its file.')).toBeVisible()
    await userEvent.fill(dialog().getByRole('textbox', { name: 'Invitation' }), changed)
    await dialog().getByRole('button', { name: 'Look at it' }).click()
    await expect.element(dialog().getByText(sentence)).toBeVisible()
    expect((await callerOf(node).invitations.status()).join).toBeNull()
  })

  it('takes a file, and refuses one that is too long', async () => {
    const { node } = await renderWindow({ path: '/' })
    await openFollowDialog()
    await dialog().getByRole('button', { name: 'Join by invitation' }).click()
    const input = page.getByTestId('invitation-file')
    await userEvent.upload(input, new File(['x'.repeat(20_000)], 'long.palabre-invitation'))
    await expect.element(dialog().getByText('This is longer than any invitation.')).toBeVisible()
    await userEvent.upload(input, new File([`${node.controls.invitations.sample()}\n`], 'Awa.palabre-invitation'))
    await expect.element(page.getByRole('dialog', { name: 'Awa Ndiaye invites you.' })).toBeVisible()
  })
})

describe('the first run with an invitation', () => {
  it('keeps it until there is an account, and shows how far it is', async () => {
    const { node } = await renderWindow({ sample: 'newcomer' })
    await button(/^I have an invitation/u).click()
    await userEvent.fill(page.getByRole('textbox', { name: 'Invitation' }), node.controls.invitations.sample())
    await button('Look at it').click()
    await expect.element(page.getByRole('heading', { name: 'Awa Ndiaye invites you.' })).toBeVisible()
    expect(await findFaults()).toEqual([])
    await button('Join').click()
    await expect.element(page.getByText(/^Reaching the seeds\. The people are followed as soon as/u)).toBeVisible()
    await userEvent.fill(page.getByLabelText('What are you called here?'), 'Ibou')
    await button('Sit down').click()
    const progress = page.getByRole('region', { name: 'How far the invitation is' })
    await expect.element(progress.getByText('Awa Ndiaye')).toBeVisible()
    node.controls.invitations.settle()
    await expect.element(progress.getByText('connected', { exact: true })).toBeVisible()
    expect(await findFaults()).toEqual([])
  })

  it('speaks only of what was chosen while there is no account', async () => {
    const { node } = await renderWindow({ sample: 'newcomer' })
    const caller = callerOf(node)
    const text = node.controls.invitations.sample()
    const { invitation } = await caller.invitations.read({ text })
    const seeds = invitation?.seeds.map(({ address }) => address) ?? []
    const people = invitation?.people.map(({ profile }) => profile) ?? []
    await caller.invitations.accept({ text, seeds: [], people: people.slice(0, 1) })
    await button(/^I am new here/u).click()
    const says = (text: string) => expect.element(page.getByText(text, { exact: true })).toBeVisible()
    await says('The person is followed as soon as you have a name here.')
    await caller.invitations.accept({ text, seeds: seeds.slice(0, 1), people: [] })
    node.controls.emit({ type: 'account' })
    await says('Reaching the seed. It goes on by itself.')
  })

  it('looks at what was pasted among the links once: back leads to the field, and another one shows itself', async () => {
    const { node } = await renderWindow({ sample: 'newcomer' })
    const { sample } = node.controls.invitations
    await button(/^I am new here/u).click()
    await userEvent.fill(page.getByLabelText('What are you called here?'), 'Ibou')
    await button('Sit down').click()
    const paste = async (text: string) => {
      await userEvent.fill(page.getByLabelText('Link or peer ID'), text)
      await button('Follow').click()
    }
    await paste(sample())
    await expect.element(page.getByRole('heading', { name: 'Awa Ndiaye invites you.' })).toBeVisible()
    await button('Back').click()
    await expect.element(page.getByRole('heading', { name: 'You are invited.' })).toHaveFocus()
    await expect.element(page.getByRole('textbox', { name: 'Invitation' })).toHaveValue(sample())
    await button('Look at it').click()
    await button('Join').click()
    await expect.element(page.getByRole('region', { name: 'How far the invitation is' })).toBeVisible()
    const inviter = parsePeerId(fakePeerId('tom'))
    await paste(sample({ name: 'Tom Hallworth', people: [], ...(inviter && { inviter }) }))
    await expect.element(page.getByRole('heading', { name: 'Tom Hallworth invites you.' })).toBeVisible()
  })

  it('says without anybody that there are no public seeds, and opens an invitation where people are asked for', async () => {
    const { node } = await renderWindow({ sample: 'empty', path: '/network' })
    node.controls.patchNetwork({ peers: [], seeds: 0 })
    await expect.element(page.getByText(/^There are no public seeds yet/u)).toBeVisible()
    await expect.element(page.getByText('palabre seed')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await button('Join by invitation').click()
    await expect.element(page.getByRole('dialog', { name: 'Join by invitation' })).toBeVisible()
  })
})
