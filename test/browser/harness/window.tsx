import '../../../renderer/styles/base.css'
import '../../../renderer/styles/fonts.css'
import '../../../renderer/styles/tokens.css'
import axe from 'axe-core'
import type { ReactNode } from 'react'
import { expect, onTestFinished } from 'vitest'
import { page } from 'vitest/browser'
import { App } from '../../../renderer/app/app.tsx'
import { applyTheme } from '../../../renderer/app/theme.ts'
import { I18nProvider } from '../../../renderer/i18n/provider.tsx'
import { DesktopTransport } from '../../../renderer/rpc/desktop-transport.ts'
import { ToastProvider } from '../../../renderer/ui/toast.tsx'
import { callerOf, createFakeNode, type FakeNode, type Sample, serveDesktop } from './fake-node.ts'
import { renderNow } from './render-now.ts'

export type Theme = 'light' | 'dark'
export type Language = 'en' | 'fr'

export interface WindowInit {
  sample?: Sample
  theme?: Theme
  language?: Language
  path?: string
  width?: number
  height?: number
  /** Before the window opens. */
  prepare?: (node: FakeNode) => void
}

export interface TestWindow {
  node: FakeNode
  /** The node's process ends. */
  cut(): void
}

/** The whole window on the sample square, as the desktop app would show it. */
export async function renderWindow(init: WindowInit = {}): Promise<TestWindow> {
  const { sample = 'square', theme = 'light', language = 'en', path = '/', width = 1_280, height = 820 } = init
  await page.viewport(width, height)
  localStorage.setItem('palabre.settings', JSON.stringify({ theme, language, singleKeys: true }))
  location.hash = `#${path}`
  const node = await createFakeNode(sample)
  await callerOf(node).settings.update({ theme, language })
  init.prepare?.(node)
  const cut = serveDesktop(node)
  applyTheme(theme)
  const transport = new DesktopTransport()
  onTestFinished(() => transport.close())
  await renderNow(<App transport={transport} />)
  await document.fonts.ready
  return { node, cut }
}

/** One component with what it needs around it. */
export async function renderPart(part: ReactNode, init: { theme?: Theme; language?: Language } = {}) {
  applyTheme(init.theme ?? 'light')
  await document.fonts.load('16px "Radio Canada Variable"')
  return await renderNow(
    <I18nProvider language={init.language ?? 'en'}>
      <ToastProvider>{part}</ToastProvider>
    </I18nProvider>,
  )
}

/** Waits until nothing loads or moves any more, so that colours are those that stay. */
export async function settle(): Promise<void> {
  await expect.poll(() => document.querySelector('[aria-busy="true"]')).toBeNull()
  await whenStill()
}

/** What comes and goes softly has come or gone; what turns for ever does. */
async function whenStill(): Promise<void> {
  const isEnding = (one: Animation) => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY
  const listMoving = () => document.getAnimations().filter((one) => one.playState === 'running' && isEnding(one))
  await expect.poll(listMoving).toHaveLength(0)
}

/** Faults that axe finds, a line each; a part alone needs no landmarks. Half faded in, nothing has the contrast it gets. */
export async function findFaults(of: 'page' | 'part' = 'page'): Promise<string[]> {
  await whenStill()
  const { violations } = await axe.run(document.body, {
    // The frame of the test runner has no title and no landmarks of its own.
    rules: {
      'document-title': { enabled: false },
      'html-has-lang': { enabled: false },
      region: { enabled: of === 'page' },
    },
  })
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}\n${node.failureSummary}`),
  )
}

/** Key presses in one go, whatever the machine is busy with: sequences have to come within a second. */
export function pressKeys(...keys: readonly string[]): void {
  for (const key of keys) {
    const target = document.activeElement ?? document.body
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true }),
    )
  }
}
