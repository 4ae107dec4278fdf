import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { Button } from '../../../renderer/ui/button.tsx'
import { Dialog, Sheet } from '../../../renderer/ui/dialog.tsx'
import { TextField } from '../../../renderer/ui/field.tsx'
import { IconButton } from '../../../renderer/ui/icon-button.tsx'
import { Menu } from '../../../renderer/ui/menu.tsx'
import { Segment } from '../../../renderer/ui/segment.tsx'
import { Switch } from '../../../renderer/ui/switch.tsx'
import { useToast } from '../../../renderer/ui/toast.tsx'
import { findFaults, renderPart } from '../harness/window.tsx'

describe('Button', () => {
  it('keeps its width and does nothing while it is busy', async () => {
    const press = vi.fn()
    function Example() {
      const [isBusy, setBusy] = useState(false)
      const send = () => {
        press()
        setBusy(true)
      }
      return (
        <Button {...(isBusy ? { busy: 'Posting' } : {})} onClick={send}>
          Post this now
        </Button>
      )
    }
    await renderPart(<Example />)
    const button = page.getByRole('button')
    const width = button.element().getBoundingClientRect().width
    await userEvent.click(button)
    await expect.element(button).toHaveAccessibleName('Posting')
    expect(button.element().getBoundingClientRect().width).toBeCloseTo(width, 0)
    await userEvent.click(button, { force: true })
    expect(press).toHaveBeenCalledOnce()
  })

  it('says why it cannot be used, and stays reachable by keyboard for that', async () => {
    const press = vi.fn()
    await renderPart(
      <Button disabled disabledReason="The text is empty." onClick={press}>
        Post
      </Button>,
    )
    const button = page.getByRole('button', { name: 'Post' })
    button.element().focus()
    await expect.element(button).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(button).toHaveAccessibleDescription('The text is empty.')
    expect(press).not.toHaveBeenCalled()
  })
})

describe('TextField', () => {
  it('ties label, help and error to the field', async () => {
    await renderPart(<TextField label="Address" help="Begins with 12D3Koo." error="Too short." defaultValue="12D" />)
    const field = page.getByLabelText('Address')
    await expect.element(field).toHaveAccessibleDescription('Begins with 12D3Koo. Too short.')
    await expect.element(field).toBeInvalid()
    await expect.element(field).toHaveValue('12D')
  })
})

describe('Dialog', () => {
  function Example() {
    const [isOpen, setOpen] = useState(false)
    return (
      <>
        <Button onClick={() => setOpen(true)}>Open</Button>
        <Dialog open={isOpen} onClose={() => setOpen(false)} title="Follow" footer={<Button>Done</Button>}>
          <TextField label="Address" />
        </Dialog>
      </>
    )
  }

  it('takes the focus to its content, keeps it, and gives it back', async () => {
    await renderPart(<Example />)
    const open = page.getByRole('button', { name: 'Open' })
    await userEvent.click(open)
    await expect.element(page.getByRole('dialog', { name: 'Follow' })).toBeVisible()
    await expect.element(page.getByLabelText('Address')).toHaveFocus()
    for (let press = 0; press < 5; press++) {
      await userEvent.keyboard('{Tab}')
      const dialog = page.getByRole('dialog').element()
      await expect.poll(() => dialog.contains(document.activeElement)).toBe(true)
    }
    expect(await findFaults('part')).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(open).toHaveFocus()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  it('fills a narrow window', async () => {
    await page.viewport(390, 800)
    await renderPart(<Example />)
    await userEvent.click(page.getByRole('button', { name: 'Open' }))
    const dialog = page.getByRole('dialog')
    await expect.element(dialog).toBeVisible()
    await expect.poll(() => dialog.element().getBoundingClientRect().height).toBeGreaterThanOrEqual(800)
    await page.viewport(1_280, 820)
  })
})

describe('Sheet', () => {
  it('leaves the page beside it usable', async () => {
    const press = vi.fn()
    await renderPart(
      <>
        <Button onClick={press}>Beside</Button>
        <Sheet open onClose={() => undefined} title="Share">
          words
        </Sheet>
      </>,
    )
    await userEvent.click(page.getByRole('button', { name: 'Beside' }))
    expect(press).toHaveBeenCalledOnce()
  })
})

describe('Menu', () => {
  it('opens, walks and chooses by keyboard, and gives the focus back', async () => {
    const chosen: string[] = []
    await renderPart(
      <Menu
        trigger={<IconButton label="More" icon="…" />}
        items={[
          { label: 'Copy link', onSelect: () => chosen.push('copy') },
          { label: 'Share', onSelect: () => chosen.push('share') },
          { label: 'Delete', danger: true, onSelect: () => chosen.push('delete') },
        ]}
      />,
    )
    const more = page.getByRole('button', { name: 'More' })
    more.element().focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('menuitem', { name: 'Copy link' })).toHaveFocus()
    await userEvent.keyboard('{End}')
    await expect.element(page.getByRole('menuitem', { name: 'Delete' })).toHaveFocus()
    await userEvent.keyboard('{Home}{ArrowDown}')
    await expect.element(page.getByRole('menuitem', { name: 'Share' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    expect(chosen).toEqual(['share'])
    await expect.element(more).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard('d')
    await expect.element(page.getByRole('menuitem', { name: 'Delete' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(more).toHaveFocus()
  })
})

describe('Switch and Segment', () => {
  it('are pressed by their words and moved by the keyboard', async () => {
    const switched: boolean[] = []
    const chosen: string[] = []
    function Example() {
      const [theme, setTheme] = useState('light')
      return (
        <>
          <Switch label="Single keys" help="j and k" checked={false} onChange={(on) => switched.push(on)} />
          <Segment
            label="Theme"
            value={theme}
            options={['light', 'dark', 'system'].map((value) => ({ value, label: value }))}
            onChange={(value) => {
              chosen.push(value)
              setTheme(value)
            }}
          />
        </>
      )
    }
    await renderPart(<Example />)
    await userEvent.click(page.getByText('Single keys'))
    expect(switched).toEqual([true])
    await expect.element(page.getByRole('switch')).toHaveAccessibleDescription('j and k')
    await userEvent.click(page.getByText('dark'))
    await userEvent.keyboard('{ArrowRight}')
    expect(chosen).toEqual(['dark', 'system'])
    await expect.element(page.getByRole('group', { name: 'Theme' })).toBeVisible()
    expect(await findFaults('part')).toEqual([])
  })
})

describe('toasts', () => {
  it('are said politely and offer their action', async () => {
    const undo = vi.fn()
    function Example() {
      const toast = useToast()
      return (
        <Button onClick={() => toast({ text: 'Post deleted', action: { label: 'Undo', onSelect: undo } })}>Go</Button>
      )
    }
    await renderPart(<Example />)
    await userEvent.click(page.getByRole('button', { name: 'Go' }))
    await expect.element(page.getByText('Post deleted')).toBeVisible()
    expect(page.getByText('Post deleted').element().closest('[aria-live="polite"]')).not.toBeNull()
    await expect.element(page.getByRole('group')).not.toHaveAttribute('aria-modal')
    // Once it has come in: axe takes the colours on the way for the colours.
    await expect.poll(() => document.getAnimations().length).toBe(0)
    expect(await findFaults('part')).toEqual([])
    await userEvent.click(page.getByRole('button', { name: 'Undo' }))
    expect(undo).toHaveBeenCalledOnce()
    await expect.element(page.getByText('Post deleted')).not.toBeInTheDocument()
  })
})
