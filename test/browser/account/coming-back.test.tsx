import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { callerOf, type FakeNode } from '../harness/fake-node.ts'
import { findFaults, renderWindow, type WindowInit } from '../harness/window.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 })
const step = (node: FakeNode) => node.controls.accounts.course.step()

async function openWay(way: RegExp, init: WindowInit = {}) {
  const { node } = await renderWindow({ sample: 'newcomer', ...init })
  await userEvent.click(button(/^I already have an account/))
  await expect.element(heading('You are back.')).toHaveFocus()
  await userEvent.click(button(way))
  return node
}

describe('linking this computer', () => {
  const openLink = () => openWay(/^I have a device at hand/)
  const paste = async (link: string) => {
    await userEvent.fill(page.getByLabelText('Link from the other device'), link)
    await userEvent.keyboard('{Enter}')
  }

  it('takes a link, compares the digits, and leads to what comes back', async () => {
    const node = await openLink()
    await expect.element(heading('Link this computer.')).toHaveFocus()
    await paste(' palabre:link?d=x&t=y ')
    await expect.element(heading('Looking for the other device.')).toHaveFocus()
    step(node)
    await expect.element(page.getByText('481 905')).toBeVisible()
    await expect.element(page.getByText('Inès Carpentier')).toBeVisible()
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('It is the same'))
    await expect.element(heading('Now the other one.')).toBeVisible()
    step(node)
    await expect.element(heading('Your account is coming over.')).toBeVisible()
    step(node)
    await expect.element(heading('Your account is here.')).toHaveFocus()
    await userEvent.click(button('Enter the square'))
    await expect.element(heading('Home')).toBeVisible()
    expect((await callerOf(node).account.get()).name).toBe('Inès Carpentier')
  })

  it('says what a link is, before anything is asked of the node', async () => {
    await openLink()
    await paste('palabre:12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
    await expect.element(page.getByText(/not a link for a new device/)).toBeVisible()
    await userEvent.clear(page.getByLabelText('Link from the other device'))
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText(/The link is missing/)).toBeVisible()
  })

  it('hands nothing over when the digits differ, and says so', async () => {
    const node = await openLink()
    await paste('palabre:link?d=x&t=y')
    await expect.element(heading('Looking for the other device.')).toBeVisible()
    step(node)
    await userEvent.click(button('It is not'))
    await expect.element(page.getByText(/Somebody said that the digits differ/)).toBeVisible()
    await expect.element(heading('Link this computer.')).toBeVisible()
    await expect(callerOf(node).account.get()).rejects.toMatchObject({ code: 'no-account' })
  })

  it.each([
    ['unreachable', /could not be reached/],
    ['expired', /opens nothing any more/],
    ['other-network', /different networks/],
    ['something-new', /The connection broke/],
  ])('says why it ended: %s', async (failure, words) => {
    const node = await openLink()
    await paste('palabre:link?d=x&t=y')
    await expect.element(heading('Looking for the other device.')).toBeVisible()
    node.controls.accounts.devices.fail(failure)
    await expect.element(page.getByText(words)).toBeVisible()
  })

  it('goes on where it was when the window is opened again', async () => {
    await renderWindow({
      sample: 'newcomer',
      prepare: (node) => {
        void callerOf(node).link.join({ link: 'palabre:link?d=x' })
      },
    })
    await expect.element(heading('Looking for the other device.')).toBeVisible()
    await userEvent.click(button('Cancel'))
    await expect.element(heading('Sit down under the tree.')).toBeVisible()
  })
})

describe('coming back by the words', () => {
  const openWords = () => openWay(/^I have the 24 words/)
  const field = () => page.getByLabelText('The 24 words, or the paper key')

  it('takes all words at once as a numbered list, and shows what comes back', async () => {
    const node = await openWords()
    const { words } = node.controls.accounts.secrets
    await userEvent.fill(field(), words.map((word, index) => `${index + 1}. ${word.toUpperCase()},`).join('\n'))
    await expect.element(page.getByText('24 words of 24')).toBeVisible()
    await userEvent.click(button('Look for my account'))
    await expect.element(heading('Looking for your account.')).toHaveFocus()
    step(node)
    await expect.element(page.getByText('4 peers were asked, and none of them holds it.')).toBeVisible()
    for (let count = 0; count < 4; count++) step(node)
    await expect.element(page.getByText('1,026 of 1,204')).toBeVisible()
    await expect.element(page.getByRole('progressbar', { name: 'Posts, and all else that you signed' })).toBeVisible()
    await expect.element(page.getByText(/never left the old computer cannot return/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('Enter the square'))
    const line = page.getByText(/Your account is coming back: 1,026 of 1,204/)
    await expect.element(line).toBeVisible()
    await userEvent.click(page.getByRole('link', { name: 'See how far' }))
    await expect.element(page.getByRole('heading', { name: 'Your account is coming back.' })).toBeVisible()
    for (let count = 0; count < 2; count++) step(node)
    await expect.element(page.getByRole('heading', { name: 'Your account is back.' })).toBeVisible()
    expect(localStorage.length).toBeLessThanOrEqual(1)
    expect(JSON.stringify({ ...localStorage })).not.toContain(words[7] as string)
  })

  it('says which place is wrong without saying the word, and sends nothing', async () => {
    const node = await openWords()
    const { words } = node.controls.accounts.secrets
    await userEvent.fill(field(), words.with(6, 'palabre').join(' '))
    await userEvent.click(button('Look for my account'))
    const alert = page.getByRole('alert')
    await expect.element(alert.getByText(/Word 7 is not in the list/)).toBeVisible()
    await expect.element(alert.getByText(/palabre/)).not.toBeInTheDocument()
    await expect.element(field()).toHaveAttribute('aria-invalid', 'true')
    await userEvent.fill(field(), words.slice(1).join(' '))
    await userEvent.click(button('Look for my account'))
    await expect.element(page.getByText('There are 23 words, there must be 24.')).toBeVisible()
    await userEvent.fill(field(), words.with(0, words[1] as string).join(' '))
    await userEvent.click(button('Look for my account'))
    await expect.element(page.getByText(/together they are not right/)).toBeVisible()
    expect(node.controls.accounts.recovery.status.step).toBe('none')
  })

  it('counts a paper key that was cut', async () => {
    await openWords()
    await userEvent.fill(field(), 'PALABRE-PAPER-1-A7QK-22ZD')
    await userEvent.click(button('Look for my account'))
    await expect.element(page.getByText(/72 characters; here are 8/)).toBeVisible()
  })

  it.each([
    ['not-found', /Nobody who was asked holds an account with these words/],
    ['not-an-authority', /this opens it no more/],
    ['contested', /Only the paper key settles that/],
    ['made-up', /It did not come to an end/],
  ])('says why it did not come back: %s', async (failure, words) => {
    const node = await openWords()
    await userEvent.fill(field(), node.controls.accounts.secrets.words.join(' '))
    await userEvent.click(button('Look for my account'))
    await expect.element(heading('Looking for your account.')).toBeVisible()
    node.controls.accounts.recovery.fail(failure)
    await expect.element(page.getByText(words)).toBeVisible()
    await expect.element(field()).toHaveValue('')
  })

  it('asks for the address of a seed where nobody is known, and tries another while it looks', async () => {
    const node = await openWay(/^I have the 24 words/, { prepare: (fake) => fake.controls.setNetwork('offline') })
    const seed = page.getByLabelText('Address of a seed, if you know one')
    await userEvent.fill(field(), node.controls.accounts.secrets.words.join(' '))
    await userEvent.fill(seed, 'seed.example')
    await userEvent.click(button('Look for my account'))
    await expect.element(page.getByText(/not an address of the network/)).toBeVisible()
    await userEvent.clear(seed)
    await userEvent.click(button('Look for my account'))
    await expect.element(heading('Looking for your account.')).toBeVisible()
    await userEvent.fill(seed, '/ip4/192.0.2.7/tcp/4001')
    await userEvent.click(button('Connect'))
    await expect.element(page.getByText('It could not be reached.')).toBeVisible()
    await userEvent.click(button('Cancel'))
    await expect.element(heading('Bring your account back.')).toBeVisible()
  })
})

describe('coming back by guardians', () => {
  const ME = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
  const ask = async () => {
    const node = await openWay(/^I have guardians/)
    await userEvent.fill(page.getByLabelText('Your profile address, or its link'), `palabre:${ME}`)
    await userEvent.click(button('Make the request'))
    await expect.element(heading('Send this to your guardians.')).toHaveFocus()
    return node
  }

  it('shows the link, its code and the digits to read aloud, then who agreed and when the delay ends', async () => {
    const node = await ask()
    await expect.element(page.getByRole('img', { name: 'QR code: Request for your guardians' })).toBeVisible()
    await expect.element(page.getByText('731 204')).toBeVisible()
    await expect.element(page.getByText(/None of your guardians has agreed yet/)).toBeVisible()
    step(node)
    await expect.element(page.getByText(/^Guardian ....·.... has agreed, and signs (on|today)/)).toBeVisible()
    await expect.poll(() => page.getByText(/has not answered this request/).elements()).toHaveLength(2)
    await expect.element(page.getByText('Last sign of life 2 days ago')).toBeVisible()
    await expect.element(page.getByText('No sign of life ever')).toBeVisible()
    step(node)
    await expect.element(page.getByText(/The delay ends/)).toBeVisible()
    step(node)
    await expect.element(page.getByText(/^Guardian ....·.... has signed/)).toBeVisible()
    expect(await findFaults()).toEqual([])
    step(node)
    await expect.element(heading('Your account is coming back.')).toBeVisible()
    await expect.element(page.getByText(/guardians hold no key to them/)).toBeVisible()
  })

  it('refuses what is no address', async () => {
    await openWay(/^I have guardians/)
    await userEvent.fill(page.getByLabelText('Your profile address, or its link'), 'me@example.org')
    await userEvent.click(button('Make the request'))
    await expect.element(page.getByText(/neither a peer ID nor a palabre: link/)).toBeVisible()
  })

  it('says what a veto means', async () => {
    const node = await ask()
    node.controls.accounts.recovery.fail('vetoed')
    await expect.element(page.getByText(/One of your devices said no/)).toBeVisible()
    await userEvent.click(button('Back'))
    await expect.element(heading('You are back.')).toBeVisible()
    await expect.poll(() => node.controls.accounts.recovery.status.step).toBe('none')
  })

  it('shows in French that the private lists stay behind', async () => {
    const { node } = await renderWindow({ sample: 'newcomer', language: 'fr', width: 390, height: 844 })
    await userEvent.click(button(/^J’ai déjà un compte/))
    await userEvent.click(button(/^J’ai des gardiens/))
    await userEvent.fill(page.getByLabelText('L’adresse de votre profil, ou son lien'), ME)
    await userEvent.click(button('Faire la demande'))
    await expect.element(page.getByText('731 204')).toBeVisible()
    node.controls.accounts.recovery.restore('guardians')
    await expect.element(page.getByText(/les gardiens n’en ont pas la clé/)).toBeVisible()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390)
  })
})
