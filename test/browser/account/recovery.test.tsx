import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { callerOf, type FakeNode } from '../harness/fake-node.ts'
import { findFaults, renderWindow } from '../harness/window.tsx'

const button = (name: string | RegExp) => page.getByRole('button', { name })
const wordsOf = (node: FakeNode) => node.controls.accounts.secrets.words.join(' ')
const confirmed = (node: FakeNode) => {
  node.controls.accounts.secrets.isPending = false
}

describe('the recovery page', () => {
  it('says whether one could come back, and by what', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery' })
    await expect.element(page.getByRole('heading', { name: 'You could come back today.' })).toBeVisible()
    await expect.element(page.getByText(/Two of your four means would work/)).toBeVisible()
    await expect.element(page.getByText('Not confirmed')).toBeVisible()
    await expect.element(page.getByText('Not made')).toBeVisible()
    await expect.element(page.getByText(/2 of 3 sign together · 2 answered/)).toBeVisible()
    const guardians = page.getByRole('listitem').filter({ hasText: /Answered|Not heard of/ })
    await expect.element(guardians.first()).toHaveTextContent('Awa Ndiaye Answered 2 days ago · iRLS·wHrh')
    await expect.element(guardians.last().getByText('Marguerite Leduc')).toBeVisible()
    await expect.element(guardians.last().getByText(/Not heard of since/)).toBeVisible()
    confirmed(node)
    node.controls.accounts.guardians.state = { ...node.controls.accounts.guardians.state, threshold: 3 }
    node.controls.emit({ type: 'recovery' })
    await expect.element(page.getByText('Not rehearsed')).toBeVisible()
    await expect.element(page.getByText('Too quiet')).toBeVisible()
    await userEvent.click(button('Rehearse'))
    await expect.element(page.getByRole('heading', { name: 'Rehearse the words' })).toBeVisible()
    await userEvent.fill(page.getByLabelText('The 24 words'), wordsOf(node))
    await userEvent.click(button('Compare'))
    await userEvent.click(button('To account and recovery'))
    await expect.element(page.getByText('Not rehearsed')).not.toBeInTheDocument()
  })

  it('says plainly that nothing would work', async () => {
    await renderWindow({ path: '/settings/recovery', sample: 'empty' })
    await expect.element(page.getByRole('heading', { name: 'You could not come back today.' })).toBeVisible()
    await expect.element(page.getByText(/this account is lost with it/)).toBeVisible()
    await expect.element(page.getByText(/Nobody can give it back/)).toBeVisible()
  })

  it('says that one way is one', async () => {
    await renderWindow({ path: '/settings/recovery', sample: 'empty', prepare: confirmed })
    await expect.element(page.getByRole('heading', { name: 'There is one way back.' })).toBeVisible()
  })

  it('shows what is coming back on top', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery' })
    node.controls.accounts.recovery.restore('words')
    await expect.element(page.getByRole('heading', { name: 'Your account is coming back.' })).toBeVisible()
    for (let count = 0; count < 5; count++) node.controls.accounts.course.step()
    await expect.element(page.getByRole('heading', { name: 'Your account is back.' })).toBeVisible()
    await expect.element(page.getByText('1,204 of 1,204')).toBeVisible()
  })
})

describe('rehearsing', () => {
  async function openRehearsal() {
    const { node } = await renderWindow({ path: '/settings/recovery/rehearse', prepare: confirmed })
    const field = page.getByLabelText('The 24 words')
    await expect.element(field).toBeVisible()
    return { node, field }
  }

  it('takes the right words and keeps the day only', async () => {
    const { node, field } = await openRehearsal()
    await userEvent.fill(field, wordsOf(node))
    await userEvent.click(button('Compare'))
    await expect.element(page.getByRole('heading', { name: 'These are the words of this account.' })).toHaveFocus()
    expect(document.body.textContent).not.toContain(node.controls.accounts.secrets.words.slice(0, 3).join(' '))
    await userEvent.click(button('To account and recovery'))
    await expect.element(page.getByText(/rehearsed/).first()).toBeVisible()
    expect((await callerOf(node).recovery.means()).words.rehearsedAt).not.toBeNull()
  })

  it('tells words of another account, and what are no words', async () => {
    const { field } = await openRehearsal()
    await userEvent.fill(field, `${'abandon '.repeat(23)}art`)
    await userEvent.click(button('Compare'))
    await expect.element(page.getByText(/not the ones of this account/)).toBeVisible()
    await userEvent.fill(field, `${'abandon '.repeat(23)}zebra`)
    await userEvent.click(button('Compare'))
    await expect.element(page.getByText(/together they are not right/)).toBeVisible()
  })

  it('says what failed and keeps what was typed', async () => {
    const { node, field } = await openRehearsal()
    node.controls.fail('recovery.rehearse', 'busy')
    await userEvent.fill(field, wordsOf(node))
    await userEvent.click(button('Compare'))
    await expect.element(page.getByText(/Too much is under way at once/)).toBeVisible()
    await expect.element(field).toHaveValue(wordsOf(node))
  })
})

describe('the paper key', () => {
  it('is shown once, printed, and gone when the page is left', async () => {
    const print = vi.spyOn(window, 'print').mockImplementation(() => undefined)
    onTestFinished(() => print.mockRestore())
    const { node } = await renderWindow({ path: '/settings/recovery/paper' })
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), wordsOf(node))
    await userEvent.click(button('Make the paper key'))
    await expect.element(page.getByRole('heading', { name: 'This stands here once.' })).toHaveFocus()
    const groups = (node.controls.accounts.secrets.paper ?? '').split('-').slice(3)
    expect(groups).toHaveLength(18)
    const shown = document.querySelector('main')?.textContent ?? ''
    expect(shown).toContain(groups.join(''))
    expect(shown).toContain('PALABRE-PAPER-1')
    expect(await findFaults()).toEqual([])
    await userEvent.click(button('Print'))
    expect(print).toHaveBeenCalledOnce()
    await userEvent.click(button('I have it on paper'))
    await expect.element(page.getByText('The paper key is with you alone.')).toBeVisible()
    expect(document.body.textContent).not.toContain(groups[4] as string)
    expect(JSON.stringify({ ...localStorage })).not.toContain(groups[4] as string)
    await userEvent.click(button('To account and recovery'))
    await expect.element(button('Make a new one')).toBeVisible()
  })

  it('says that the one before opens nothing any more, and refuses a wrong secret', async () => {
    await renderWindow({
      path: '/settings/recovery/paper',
      prepare: (node) => {
        void callerOf(node).recovery.makePaper({ secret: wordsOf(node) })
      },
    })
    await expect.element(page.getByText(/You have made one before/)).toBeVisible()
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), `${'abandon '.repeat(23)}art`)
    await userEvent.click(button('Make a new one'))
    await expect.element(page.getByText(/neither the words nor the paper key of this account/)).toBeVisible()
  })
})

describe('new words', () => {
  it('are shown once and confirmed as at the start', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/new-words', prepare: confirmed })
    const before = wordsOf(node)
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), before)
    await userEvent.click(button('Make new words'))
    await expect.element(page.getByRole('heading', { name: 'The 24 words, in order' })).toHaveFocus()
    const { words } = node.controls.accounts.secrets
    expect(words.join(' ')).not.toBe(before)
    await userEvent.click(button('I have written them down'))
    const fields = page.getByRole('main').getByRole('textbox')
    await expect.poll(() => fields.elements().length).toBe(3)
    for (const field of fields.elements()) {
      const place = Number(/\d+/.exec((field as HTMLInputElement).labels?.[0]?.textContent ?? '')?.[0])
      await userEvent.fill(field, words[place - 1] ?? '')
    }
    await userEvent.click(button('Confirm'))
    await expect.element(page.getByText('The new words are on paper.')).toBeVisible()
    expect((await callerOf(node).account.get()).wordsPending).toBe(false)
  })

  it('wait in the vault where they are hidden before they are confirmed', async () => {
    const { node } = await renderWindow({ path: '/settings/recovery/new-words', prepare: confirmed })
    await userEvent.fill(page.getByLabelText('The 24 words, or the paper key'), wordsOf(node))
    await userEvent.click(button('Make new words'))
    await userEvent.click(button('Hide them'))
    await expect.element(button('Show the words')).toBeVisible()
  })
})

describe('the passphrase of this computer', () => {
  const fill = async (label: string, text: string) => await userEvent.fill(page.getByLabelText(label), text)

  it('is set, changed and taken away, and says what it does not do', async () => {
    const { node } = await renderWindow({ path: '/settings/computer' })
    await expect.element(page.getByRole('heading', { name: 'Unprotected.' })).toBeVisible()
    await expect.element(page.getByText(/nothing against who sits at this computer/)).toBeVisible()
    await userEvent.click(button('Seal this computer'))
    await expect.element(page.getByText('A passphrase is needed.')).toBeVisible()
    await fill('New passphrase', 'chaise')
    await expect.element(page.getByText(/That is short/)).toBeVisible()
    await fill('The same again', 'chaises')
    await userEvent.click(button('Seal this computer'))
    await expect.element(page.getByText('The two are not the same.')).toBeVisible()
    await fill('The same again', 'chaise')
    await userEvent.click(button('Seal this computer'))
    await expect.element(page.getByRole('heading', { name: 'Sealed with a passphrase.' })).toBeVisible()
    expect(node.controls.accounts.secrets.passphrase).toBe('chaise')

    await fill('New passphrase', 'quatre chaises sous le tilleul')
    await fill('The same again', 'quatre chaises sous le tilleul')
    await userEvent.click(button('Change it'))
    await expect.element(page.getByText('The present passphrase is needed for that.')).toBeVisible()
    await userEvent.fill(page.getByLabelText('Present passphrase').first(), 'table')
    await userEvent.click(button('Change it'))
    await expect.element(page.getByText(/not the passphrase of this computer/)).toBeVisible()
    await userEvent.fill(page.getByLabelText('Present passphrase').first(), 'chaise')
    await userEvent.click(button('Change it'))
    await expect.poll(() => node.controls.accounts.secrets.passphrase).toBe('quatre chaises sous le tilleul')
    await expect.element(page.getByLabelText('New passphrase')).toHaveValue('')

    await userEvent.fill(page.getByLabelText('Present passphrase').last(), 'quatre chaises sous le tilleul')
    await userEvent.click(button('Remove the passphrase'))
    await expect.element(page.getByRole('heading', { name: 'Unprotected.' })).toBeVisible()
    expect(node.controls.accounts.secrets.passphrase).toBeNull()
  })

  it('stands on the settings page as missing', async () => {
    await renderWindow({ path: '/settings' })
    await expect.element(page.getByText('Unprotected')).toBeVisible()
    await userEvent.click(button('Passphrase'))
    await expect.element(page.getByRole('heading', { name: 'Set a passphrase' })).toBeVisible()
  })
})
