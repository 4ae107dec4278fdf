import type { MessageEvent, MessagePortMain, ParentPort } from 'electron'
import type { NodeCommand, NodeReport } from './app-origin.ts'
import { readDesktopConfig } from './desktop-config.ts'
import { runDesktopNode } from './desktop-node.ts'

/** Entry of the utility process: one node, ports handed in by main, pictures handed out to main. */
const parent: ParentPort = process.parentPort

function report(message: NodeReport): void {
  parent.postMessage(message)
}

/** Takes the passphrase while one is asked for. */
let answer: ((passphrase: string | null) => void) | null = null

function ask(): Promise<string | null> {
  return new Promise((resolve) => {
    answer = resolve
    report({ type: 'locked' })
  })
}

function settle(passphrase: string | null): void {
  const waiting = answer
  answer = null
  waiting?.(passphrase)
}

const running = runDesktopNode(readDesktopConfig(process.env), ask)
running.then(
  (node) => {
    report({ type: 'ready', dataDir: node.dataDir })
    node.failed.then((error) => fail(error)).catch(() => undefined)
  },
  (error: unknown) => fail(error),
)

/** Says why; main ends this process when it has heard it, and decides whether another start can help. */
function fail(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
  report({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) })
}

async function obey(command: NodeCommand, ports: readonly MessagePortMain[]): Promise<void> {
  if (command.type === 'unlock') return settle(command.passphrase)
  // A stop doesn't wait for somebody to type.
  if (command.type === 'stop') settle(null)
  const node = await running.catch((error: unknown) => {
    if (command.type === 'stop') process.exit(0)
    throw error
  })
  if (command.type === 'connect') {
    const port = ports[0]
    if (port !== undefined) node.connect(port)
  } else if (command.type === 'media') {
    const media = await node.readMedia(command.cid).catch(() => null)
    report({ type: 'media', id: command.id, media })
  } else {
    await node.stop()
    process.exit(0)
  }
}

parent.on('message', (event: MessageEvent) => {
  obey(event.data as NodeCommand, event.ports).catch(() => undefined)
})
