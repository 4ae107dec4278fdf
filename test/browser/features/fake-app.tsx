import { createRouterClient } from '@orpc/server'
import { render } from 'vitest-browser-react'
import { App } from '../../../renderer/app/app.tsx'
import type { Connection, Transport } from '../../../renderer/rpc/transport.ts'
import { createFakeNode, type FakeNode, type FakeNodeInit } from '../../harness/fake-node.ts'
import '../../../renderer/styles/fonts.css'
import '../../../renderer/styles/tokens.css'
import '../../../renderer/styles/base.css'

type Procedure = (input: unknown, options: unknown) => Promise<unknown>

/** Calls the sample node in the page itself, without anything that carries. */
class DirectTransport implements Transport {
  readonly connection: Connection = 'open'
  readonly #client: unknown

  constructor(node: FakeNode) {
    this.#client = createRouterClient(node.router, { context: { carrier: 'web' as const } })
  }

  call(path: readonly string[], input: unknown, options: unknown): Promise<unknown> {
    let at = this.#client as Record<string, unknown>
    for (const name of path) at = at[name] as Record<string, unknown>
    return (at as unknown as Procedure)(input, options)
  }

  subscribe(): () => void {
    return () => undefined
  }

  retry(): void {}
  close(): void {}
}

export interface FakeAppInit extends FakeNodeInit {
  /** Page to open, without the `#`. */
  path?: string
  theme?: 'light' | 'dark'
  language?: 'en' | 'fr'
  prepare?: (node: FakeNode) => void
}

/** The whole window over a sample node of its own. */
export async function openFakeApp(init: FakeAppInit = {}) {
  const { path = '/', theme = 'light', language = 'en', prepare, ...nodeInit } = init
  const node = createFakeNode({ nowMs: Date.now(), ...nodeInit })
  const transport = new DirectTransport(node)
  await transport.call(['settings', 'update'], { theme, language }, {})
  prepare?.(node)
  location.hash = path
  window.scrollTo(0, 0)
  const screen = await render(<App transport={transport} />)
  return { node, screen, controls: node.controls, square: node.controls.square() }
}

/** Everything that one test leaves in the page for the next. */
export function forgetAll(): void {
  localStorage.clear()
  location.hash = ''
}
