import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectLocal } from '../../core/node/local-client.ts'
import { buildDesktop, buildRenderer } from '../../scripts/build.ts'
import { StandinApp } from '../electron-standin/run-app.ts'
import { findChromium } from '../harness/chromium.ts'

const chromium = await findChromium()
const reason = 'missing' in chromium ? chromium.missing : ''

/** Suite "electron-standin": the built main, preload, node process and renderer; only the Electron binary is stood in for. */
describe.skipIf(reason !== '')(`electron-standin${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let app: StandinApp

  beforeAll(async () => {
    await buildRenderer()
    await buildDesktop()
    app = await StandinApp.start()
  }, 180_000)

  afterAll(async () => {
    await app?.dispose()
  })

  it('opens a window that makes an account over its message port', async () => {
    const page = await app.page()
    await page.getByRole('button', { name: /^I am new here/u }).click()
    await page.getByRole('textbox').first().fill('Desktop Person')
    await page.getByRole('textbox').first().press('Enter')
    const local = await connectLocal(app.dataDir)
    try {
      await expect
        .poll(
          () =>
            local.client.account.get().then(
              (account) => account.name,
              () => '',
            ),
          { timeout: 30_000 },
        )
        .toBe('Desktop Person')
    } finally {
      await local.close()
    }
  })

  it('gives the page nothing but the bridge', async () => {
    const page = await app.page()
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined')
    expect(await page.evaluate(() => typeof (globalThis as { process?: unknown }).process)).toBe('undefined')
    expect(
      await page.evaluate(() =>
        Object.keys((globalThis as unknown as { palabreDesktop: Record<string, unknown> }).palabreDesktop),
      ),
    ).toEqual(['requestPort', 'unlock'])
  })

  it('shows a post that a script writes while the window is open', async () => {
    const page = await app.page()
    const local = await connectLocal(app.dataDir)
    try {
      await local.client.posts.create({ text: 'Written by a script beside the window.' })
    } finally {
      await local.close()
    }
    await page.goto(page.url().replace(/#.*$/, '#/'))
    await page.getByText('Written by a script beside the window.').waitFor({ timeout: 30_000 })
  })

  it('connects again by itself when the node was killed, and has lost nothing', async () => {
    const page = await app.page()
    const from = app.events.length
    app.command({ type: 'kill-node' })
    await app.event((event) => event.type === 'node-started', from)
    const writeAgain = async () => {
      const local = await connectLocal(app.dataDir)
      try {
        return await local.client.posts.create({ text: 'Written after the node came back.' })
      } finally {
        await local.close()
      }
    }
    await expect
      .poll(
        () =>
          writeAgain().then(
            ({ id }) => id,
            () => '',
          ),
        { timeout: 60_000 },
      )
      .not.toBe('')
    await page.getByText('Written by a script beside the window.').waitFor({ timeout: 30_000 })
    await page.reload()
    await page.getByText('Written after the node came back.').first().waitFor({ timeout: 30_000 })
  })

  it('asks before it opens an address outside, and opens no other program', async () => {
    const page = await app.page()
    let from = app.events.length
    app.command({ type: 'answer-dialogs', response: 1 })
    await page.evaluate(
      () => void (globalThis as unknown as { open(url: string): unknown }).open('https://example.org/x'),
    )
    expect(await app.event((event) => event.type === 'dialog', from)).toMatchObject({
      message: expect.stringContaining('example.org'),
    })
    app.command({ type: 'answer-dialogs', response: 0 })
    from = app.events.length
    await page.evaluate(
      () => void (globalThis as unknown as { open(url: string): unknown }).open('https://example.org/y'),
    )
    expect(await app.event((event) => event.type === 'opened-outside', from)).toMatchObject({
      url: 'https://example.org/y',
    })
    await page.evaluate(
      () => void (globalThis as unknown as { open(url: string): unknown }).open('ftp://example.org/x'),
    )
    await page.evaluate(
      () => void (globalThis as unknown as { open(url: string): unknown }).open('https://example.org/z'),
    )
    await app.event((event) => event.type === 'opened-outside' && event.url === 'https://example.org/z', from)
    const outside = app.events.filter((event) => event.type === 'opened-outside').map((event) => event.url)
    expect(outside).toEqual(['https://example.org/y', 'https://example.org/z'])
  })

  it('grants no permission', async () => {
    const from = app.events.length
    app.command({ type: 'ask-permission', permission: 'geolocation' })
    expect(await app.event((event) => event.type === 'permission', from)).toEqual({
      type: 'permission',
      isGranted: false,
      isChecked: false,
    })
  })

  it('shows its window when it is started a second time', async () => {
    const from = app.events.length
    app.command({ type: 'second-instance' })
    await app.event((event) => event.type === 'focused', from)
    const second = await StandinApp.start({ PALABRE_STANDIN_SECOND: '1' })
    try {
      expect(await second.exited()).toBe(0)
    } finally {
      await second.dispose()
    }
  })

  it('has asked for nothing outside and broken no policy', () => {
    expect(app.events.filter((event) => event.type === 'refused-request' || event.type === 'left-the-app')).toEqual([])
    const complaints = app.events.filter((event) => event.type === 'console' && event.level === 'error')
    expect(complaints.map((event) => event.text)).toEqual([])
  })

  it('stops the node cleanly when it is closed', async () => {
    app.command({ type: 'quit' })
    expect(await app.exited()).toBe(0)
  })
})
