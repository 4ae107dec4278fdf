import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { type RenderResult, render } from 'vitest-browser-react'

/** Renders into the page, where it stands with its effects run by the time that this resolves. */
export async function renderNow(node: ReactNode): Promise<RenderResult> {
  return await flushSync(() => render(node))
}
