import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { forgetAll, openFakeApp } from './fake-app.tsx'

beforeEach(forgetAll)
afterEach(forgetAll)

const field = () => page.getByRole('textbox', { name: 'What do you have to say?' })
const postButton = () => page.getByRole('dialog').getByRole('button', { name: /^Post/ })

async function openComposer() {
  await page.getByRole('button', { name: 'Write a post' }).first().click()
  await expect.element(field()).toBeVisible()
}

/** A picture of one colour, encoded by the browser itself. */
async function drawPicture(width: number, height: number, type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = '#35672c'
  context.fillRect(0, 0, width, height)
  return await canvas.convertToBlob({ type })
}

function chooseFiles(files: readonly File[]): void {
  const input = document.querySelector<HTMLInputElement>('[role="dialog"] input[type="file"]')
  if (!input) throw new Error('no file input')
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  input.files = transfer.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

describe('composer', () => {
  it('counts bytes that are left and characters as readers see them', async () => {
    await openFakeApp()
    await openComposer()
    await expect.element(page.getByText('3,000 left')).toBeVisible()
    await field().fill('été 👨‍👩‍👧')
    await expect.element(page.getByText('5 characters')).toBeInTheDocument()
    await expect.element(page.getByText('2,976 left')).toBeVisible()
  })

  it('refuses a text over the limit, says by how much, and keeps it', async () => {
    await openFakeApp()
    await openComposer()
    await field().fill('a'.repeat(2_850))
    await expect.element(page.getByText('150 left')).toBeVisible()
    await field().fill('a'.repeat(3_112))
    await expect.element(page.getByText('112 too long').first()).toBeVisible()
    await expect.element(page.getByText(/112 bytes over the limit of 3,000/)).toBeVisible()
    await expect.element(postButton()).toHaveAttribute('aria-disabled', 'true')
  })

  it('posts with Ctrl and Enter, and the post stands on top of home', async () => {
    const { square } = await openFakeApp()
    const before = square.posts.size
    await openComposer()
    await field().fill('Réunion jeudi à 18 h 30.')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect
      .element(
        page
          .getByRole('article')
          .first()
          .getByText(/Réunion jeudi à 18 h 30\./),
      )
      .toBeVisible()
    await expect.element(page.getByText('on this computer only')).toBeVisible()
    expect(square.posts.size).toBe(before + 1)
  })

  it('keeps the text when posting fails, says why, and posts on the next try', async () => {
    const { controls } = await openFakeApp()
    await openComposer()
    await field().fill('Ne te perds pas.')
    await expect.element(postButton()).not.toHaveAttribute('aria-disabled', 'true')
    controls.fail('posts.create', 'disk-full')
    await postButton().click()
    await expect.element(page.getByText(/The disk is full\./)).toBeVisible()
    await expect.element(field()).toHaveValue('Ne te perds pas.')
    await postButton().click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  it('does not claim that nothing was posted when the line broke before the answer', async () => {
    const { controls } = await openFakeApp()
    await openComposer()
    await field().fill('Peut-être déjà là.')
    controls.fail('posts.create', 'connection-lost')
    await postButton().click()
    await expect.element(page.getByText(/may stand all the same/)).toBeVisible()
    await expect.element(field()).toHaveValue('Peut-être déjà là.')
  })

  it('keeps a draft over a reload, with the description of its picture', async () => {
    const first = await openFakeApp()
    await openComposer()
    await field().fill('Un brouillon qui reste.')
    chooseFiles([new File([await drawPicture(40, 30, 'image/png')], 'a.png', { type: 'image/png' })])
    await page.getByRole('textbox', { name: 'Describe this picture' }).fill('Un carré vert')
    // A picture that is still being read isn't kept yet.
    await expect.element(page.getByRole('dialog').getByRole('img', { name: 'Un carré vert' })).toBeVisible()
    await expect.element(page.getByText(/^Draft saved/)).toBeVisible()
    await first.screen.unmount()

    await openFakeApp()
    await openComposer()
    await expect.element(field()).toHaveValue('Un brouillon qui reste.')
    await expect.element(page.getByRole('textbox', { name: 'Describe this picture' })).toHaveValue('Un carré vert')
    await expect.element(page.getByRole('dialog').getByRole('img', { name: 'Un carré vert' })).toBeVisible()
  })

  it('reminds of a missing description and does not insist', async () => {
    const { square } = await openFakeApp()
    await openComposer()
    chooseFiles([new File([await drawPicture(3_000, 20, 'image/jpeg')], 'wide.jpg', { type: 'image/jpeg' })])
    await expect.element(page.getByText('One picture has no description.')).toBeVisible()
    await postButton().click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    const [posted] = square.postsNewestFirst((post) => post.author === square.me)
    expect(posted?.media).toHaveLength(1)
  })

  it('sends pixels only: turned upright, at most 2,048 long, nothing of the camera', async () => {
    const { square } = await openFakeApp()
    await openComposer()
    const plain = new Uint8Array(await (await drawPicture(3_000, 1_500, 'image/jpeg')).arrayBuffer())
    chooseFiles([new File([withExif(plain)], 'phone.jpg', { type: 'image/jpeg' })])
    await expect.element(page.getByRole('dialog').getByRole('img', { name: 'Picture 1' })).toBeVisible()
    await postButton().click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    const [posted] = square.postsNewestFirst((post) => post.author === square.me)
    const file = square.files.get(posted?.media[0]?.cid ?? '')
    expect(file?.type).toBe('image/jpeg')
    expect(new TextDecoder('latin1').decode(file?.bytes)).not.toContain('GPS-SECRET')
    const bitmap = await createImageBitmap(new Blob([file?.bytes ?? new Uint8Array()]))
    expect([bitmap.width, bitmap.height]).toEqual([1_024, 2_048])
  })

  it('names a picture that can’t be read, and takes the others', async () => {
    await openFakeApp()
    await openComposer()
    chooseFiles([
      new File(['no picture'], 'broken.png', { type: 'image/png' }),
      new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'drawing.svg', { type: 'image/svg+xml' }),
      new File([await drawPicture(20, 20, 'image/webp')], 'fine.webp', { type: 'image/webp' }),
    ])
    await expect.element(page.getByText(/broken\.png cannot be read/)).toBeVisible()
    await expect.element(page.getByText(/drawing\.svg is no picture that can be posted/)).toBeVisible()
    await expect.element(page.getByRole('textbox', { name: 'Describe this picture' })).toBeVisible()
  })

  it('takes pictures that are pasted and dropped', async () => {
    await openFakeApp()
    await openComposer()
    const carry = async (name: string) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([await drawPicture(20, 20, 'image/png')], name, { type: 'image/png' }))
      return transfer
    }
    const target = field().element()
    const init = { bubbles: true, cancelable: true }
    target.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: await carry('pasted.png') }))
    await expect.poll(() => page.getByRole('textbox', { name: 'Describe this picture' }).elements()).toHaveLength(1)
    target.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: await carry('dropped.png') }))
    await expect.poll(() => page.getByRole('textbox', { name: 'Describe this picture' }).elements()).toHaveLength(2)
  })

  it('takes eight pictures and says so at the ninth', async () => {
    await openFakeApp()
    await openComposer()
    const blob = await drawPicture(16, 16, 'image/png')
    chooseFiles(Array.from({ length: 9 }, (_, i) => new File([blob], `${i}.png`, { type: 'image/png' })))
    await expect.element(page.getByText('A post carries 8 pictures at most.')).toBeVisible()
    await expect.poll(() => page.getByRole('textbox', { name: 'Describe this picture' }).elements()).toHaveLength(8)
  })
})

/** The same JPEG with an EXIF block that turns it by 90° and carries a text that must not travel. */
function withExif(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode('GPS-SECRET')
  const tiff = [
    ...[0x4d, 0x4d, 0x00, 0x2a, 0, 0, 0, 8, 0, 1],
    // Orientation (0x0112), SHORT, one value: 6
    ...[0x01, 0x12, 0x00, 0x03, 0, 0, 0, 1, 0x00, 0x06, 0, 0, 0, 0, 0, 0],
  ]
  const body = [...new TextEncoder().encode('Exif'), 0, 0, ...tiff, ...text]
  const length = body.length + 2
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 0xff, ...body, ...jpeg.slice(2)])
}
