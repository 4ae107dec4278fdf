import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRenderer } from '../../scripts/build.ts'
import { launchBrowser } from './chromium.ts'
import { PersonWindow, RealNode } from './person-window.ts'

/** One window in a browser of its own, on a node of its own that nobody has used yet. */
export interface OpenedWindow {
  /** A folder for what else the test writes, removed at the end. */
  readonly root: string
  readonly dataDir: string
  readonly person: PersonWindow
  close(): Promise<void>
}

/** @param album - folder below artifacts/ for the pictures. @throws Error where there is no browser */
export async function openOnNode(album: string): Promise<OpenedWindow> {
  await buildRenderer()
  const root = await mkdtemp(join(tmpdir(), `palabre-${album}-`))
  const node = new RealNode(join(root, 'node'), ['start'])
  const browser = await launchBrowser()
  const close = async () => {
    await browser.close()
    await node.kill()
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const { ready } = await node.start()
    const person = await PersonWindow.open({ browser, album })
    await person.page.goto(ready.url as string)
    return { root, dataDir: node.dataDir, person, close }
  } catch (error) {
    await close()
    throw error
  }
}
