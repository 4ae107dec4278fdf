import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { FakeNode } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const main = () => page.getByRole('main')
const wordsOf = (node: FakeNode) => node.controls.accounts.secrets.words.join(' ')
const answerOf = (name: string) => `palabre:guardian?p=x&k=${name.length}&s=z&g=12D3KooW&n=${encodeURIComponent(name)}`

describe('guardians', () => {
  const addAnswer = async (text: string) => {
    await userEvent.fill(page.getByLabelText('Answer of a guardian'), text)
    await userEvent.keyboard('{Enter}')
  }

  it('are chosen by an invitation, their answers and the words', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/guardians', sample: 'empty' })
    await userEvent.click(button('Make the invitation'))
    await expect.element(page.getByText(/^palabre:guard\?p=/)).toBeVisible()
    await addAnswer('palabre:guard?p=x&n=y')
    await expect.element(page.getByText(/This is the invitation itself/)).toBeVisible()
    await addAnswer('hello')
    await expect.element(page.getByText(/not an answer of a guardian/)).toBeVisible()
    await addAnswer(` “${answerOf('Awa Ndiaye')}” `)
    await expect.element(page.getByRole('listitem').filter({ hasText: 'Awa Ndiaye' }).last()).toBeVisible()
    await addAnswer(answerOf('Awa Ndiaye'))
    await expect.element(page.getByText(/stands in the list already/)).toBeVisible()
    await expect.element(button('Make them guardians')).toHaveAttribute('aria-disabled', 'true')
    await addAnswer(answerOf('Tom Hallworth'))
    await addAnswer(answerOf('Yuki'))
    await userEvent.selectOptions(page.getByLabelText(/How many must sign together/), '3')
    await expect.element(page.getByText(/a single one who is away keeps you out/)).toBeVisible()
    await userEvent.click(button('Take Yuki out'))
    await addAnswer(answerOf('Yuki'))
    await userEvent.selectOptions(page.getByLabelText(/How many must sign together/), '2')
    await userEvent.click(button('Make these 3 guardians'))
    await expect.element(page.getByText('Nothing stands here yet.')).toBeVisible()
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), wordsOf(node))
    await userEvent.click(button('Make these 3 guardians'))
    await expect.element(page.getByText('Your guardians: 2 of 3 sign together')).toBeVisible()
    expect(node.controls.accounts.guardians.state.items.map(({ name }) => name)).toEqual([
      'Awa Ndiaye',
      'Tom Hallworth',
      'Yuki',
    ])
  })

  it('give a sign of life when asked, and who is quiet shows', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/guardians' })
    await expect.element(page.getByText(/Not heard of since/)).toBeVisible()
    node.controls.fail('guardians.check', 'unreachable')
    await userEvent.click(button('Ask for a sign of life'))
    await expect.element(page.getByText('It could not be reached.')).toBeVisible()
    await userEvent.click(button('Ask for a sign of life'))
    await expect.element(page.getByText(/^Answered just now/).first()).toBeVisible()
  })

  it('are taken away with the words', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/guardians' })
    await userEvent.click(button('Have none any more'))
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), wordsOf(node))
    await userEvent.click(button('Take all guardians away'))
    await expect.element(page.getByRole('heading', { name: 'Choose guardians' })).toBeVisible()
    expect(node.controls.accounts.guardians.state.items).toEqual([])
  })
})

describe('guarding somebody', () => {
  it('answers an invitation with a link to send back', async () => {
    await renderWindow({ path: '/settings/recovery/guarding' })
    await userEvent.fill(
      page.getByLabelText('Invitation', { exact: true }),
      'palabre:guard?p=12D3KooWabcdef&n=Noor%20Haddad',
    )
    await expect.element(page.getByText('From Noor Haddad')).toBeVisible()
    await userEvent.click(button('Accept'))
    await expect.element(page.getByText(/^palabre:guardian\?p=12D3KooWabcdef/)).toBeVisible()
    await expect.element(main().getByRole('heading', { name: 'Noor Haddad' })).toBeVisible()
    const keys = main().getByText(/your key for them: ....·..../)
    await expect.element(keys.first()).toBeVisible()
  })

  it('shows who asks, with which device and code, and begins the delay only after a call', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/guarding' })
    const ward = node.controls.accounts.guardians.state.wards[0]?.profile
    const link = `palabre:recover?p=${ward}&d=x&n=Studio%20laptop`
    await userEvent.fill(page.getByLabelText('Link of the request'), link)
    await userEvent.click(button('Look at it'))
    await expect
      .element(page.getByRole('heading', { name: 'Call Kofi Mensah. Is it their voice, and this code?' }))
      .toHaveFocus()
    await expect.element(page.getByText('902 117')).toBeVisible()
    await expect.element(page.getByText('Studio laptop')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('No, or not sure'))
    expect(node.controls.accounts.guardians.state.requests).toEqual([])
    await userEvent.click(button('Look at it'))
    await userEvent.click(button('It is them, with this code'))
    await expect
      .element(page.getByRole('heading', { name: /^You sign on .* unless one of their devices says no\.$/ }))
      .toHaveFocus()
    await expect.element(page.getByRole('heading', { name: 'Kofi Mensah on Studio laptop' })).toBeVisible()
    expect(node.controls.accounts.guardians.state.requests).toHaveLength(1)
  })

  it('says what a link is when it is another, and whom one does not guard', async () => {
    await renderWindow({ path: '/settings/recovery/guarding' })
    const field = page.getByLabelText('Link of the request')
    await userEvent.fill(field, 'palabre:guard?p=x&n=y')
    await userEvent.click(button('Look at it'))
    await expect.element(page.getByText(/an invitation to guard somebody/)).toBeVisible()
    await userEvent.fill(field, 'palabre:recover?p=12D3KooWnobody&d=x&n=y')
    await userEvent.click(button('Look at it'))
    await expect.element(page.getByText('It is no longer here.')).toBeVisible()
  })
})

describe('an alarm', () => {
  it('stands on every page until it is stopped', async () => {
    const { node } = await renderWindow()
    await expect.element(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible()
    node.controls.accounts.guardians.alarm()
    const alarm = page.getByRole('alert').getByRole('heading', { name: /Two of your guardians were asked/ })
    await expect.element(alarm).toBeVisible()
    await expect.element(page.getByText(/They sign on .* If that is not you, stop it\./)).toBeVisible()
    expect(await findFaults()).toEqual([])
    for (const path of ['/network', '/settings', '/profile', '/search']) {
      location.hash = `#${path}`
      await expect.element(alarm).toBeVisible()
    }
    node.controls.fail('guardians.veto', 'unreachable')
    await userEvent.click(button('Stop it'))
    await expect.element(page.getByText('It could not be reached.')).toBeVisible()
    await userEvent.click(button('Stop it'))
    await expect.element(alarm).not.toBeInTheDocument()
    expect(node.controls.accounts.guardians.state.alarms[0]?.state).toBe('vetoed')
  })

  it('leads to the devices when it is too late', async () => {
    const { node } = await renderWindow({ path: '/network' })
    node.controls.accounts.guardians.alarm({ state: 'done' })
    await expect.element(page.getByText(/gave your account to a new computer/)).toBeVisible()
    await userEvent.click(page.getByRole('link', { name: 'To the devices' }))
    await expect.element(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible()
  })
})
