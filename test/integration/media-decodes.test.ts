import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stripMetadata } from '../../core/media/strip.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { gifFromEditor, jpegFromPhone, pngFromEditor, webpFromEditor } from '../harness/media/pictures.ts'

const chromium = await findChromium()
const reason = 'missing' in chromium ? ` (skipped: ${chromium.missing})` : ''

describe.skipIf('missing' in chromium)(`a picture without its metadata, in a browser${reason}`, () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launchBrowser()
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser?.close()
  })

  /** Size and pixels as the browser shows them. */
  async function decode(bytes: Uint8Array, type: string): Promise<{ width: number; height: number; pixels: number[] }> {
    return await page.evaluate(`(async () => {
      const data = Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (char) => char.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([data], { type: '${type}' }))
      const { width, height } = bitmap
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context.drawImage(bitmap, 0, 0)
      return { width, height, pixels: [...context.getImageData(0, 0, width, height).data] }
    })()`)
  }

  it.each([
    ['JPEG', jpegFromPhone(1)],
    ['JPEG on its side', jpegFromPhone(6)],
    ['PNG', pngFromEditor(1)],
    ['PNG on its side', pngFromEditor(8)],
    ['WebP', webpFromEditor(1)],
    ['WebP that says it lies on its side, which browsers ignore', webpFromEditor(5)],
    ['GIF', gifFromEditor()],
  ])('shows the same pixels in the size that was measured: %s (MED5)', async (_, input) => {
    const output = stripMetadata(input)
    const after = await decode(output.bytes, output.type)
    expect(after).toEqual(await decode(input, output.type))
    expect(after).toMatchObject({ width: output.width, height: output.height })
  })
})
