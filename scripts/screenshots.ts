/**
 * `npm run screenshots`: every screen of the window on the real nodes of the demo's community, into
 * artifacts/screenshots/ as name-theme-width-language.png, to be looked at beside the design. Home and thread come in
 * every theme, width and language, the others in a few. What needs another machine or days is taken on the sample node.
 * Arguments name the screens to take, all without one.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../test/harness/chromium.ts'
import { serveFakeNode } from '../test/harness/serve-fake.ts'
import { buildRenderer } from './build.ts'
import { SquareProcess } from './demo/square-process.ts'
import { ACCOUNT_SCREENS } from './screenshots/account-screens.ts'
import { Camera, LANGUAGES } from './screenshots/camera.ts'
import { INVITE_SCREENS } from './screenshots/invite-screens.ts'
import { MODERATION_SCREENS } from './screenshots/moderation-screens.ts'
import { NETWORK_SCREENS } from './screenshots/network-screens.ts'
import { READING_SCREENS } from './screenshots/reading-screens.ts'
import { FIRST_RUN, LAST_SCREENS, SCREENS } from './screenshots/screens.ts'
import { PhotoSquare } from './screenshots/square.ts'

const OUT = join(import.meta.dirname, '..', 'artifacts', 'screenshots')
const ON_SAMPLE = {
  ...ACCOUNT_SCREENS,
  ...INVITE_SCREENS,
  ...MODERATION_SCREENS,
  ...NETWORK_SCREENS,
  ...READING_SCREENS,
}
const wanted = process.argv.slice(2)
const say = (line: string): void => void process.stderr.write(`${line}\n`)

await buildRenderer()
const folder = await mkdtemp(join(tmpdir(), 'palabre-screenshots-'))
const endings: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
let hasFailed = false
try {
  const browser = await launchBrowser()
  endings.push(() => browser.close())
  await takeOnSample(browser)
  if (wanted.length === 0 || wanted.some((name) => !(name in ON_SAMPLE))) await takeOnCommunity(browser)
} finally {
  for (const end of endings.toReversed()) await end()
}
if (hasFailed) process.exitCode = 1

async function takeOnCommunity(browser: Browser): Promise<void> {
  say('The community is gathering …')
  const square = await PhotoSquare.start(join(folder, 'square'))
  endings.push(() => square.stop())
  const newcomer = await SquareProcess.start({ command: 'start', dataDir: join(folder, 'new'), options: ['--no-open'] })
  endings.push(() => newcomer.stop())
  await takeAll(browser, square, newcomer)
}

/** Each screen on a node of its own. */
async function takeOnSample(browser: Browser): Promise<void> {
  for (const [name, { sample, take }] of Object.entries(ON_SAMPLE)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const language of LANGUAGES) {
      const fake = await serveFakeNode({ sample, nowMs: Date.now() })
      const camera = await Camera.open(browser, language, OUT)
      await camera.page.goto(fake.link())
      await attempt(name, camera, () => take({ camera, fake }))
      await camera.close()
      await fake.stop()
    }
  }
}

async function takeAll(browser: Browser, square: PhotoSquare, newcomer: SquareProcess): Promise<void> {
  const cameras = await openCameras(browser, square.person('solene').ready.url as string)
  const arrivals = await openCameras(browser, newcomer.ready.url as string)
  for (const [screens, set] of [
    [SCREENS, cameras],
    [FIRST_RUN, arrivals],
    [LAST_SCREENS, cameras],
  ] as const) {
    for (const [name, take] of Object.entries(screens)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      for (const camera of set) await attempt(name, camera, () => take({ camera, square, newcomer }))
    }
  }
}

/** One screen that cannot be taken doesn't keep the others from being taken. */
async function attempt(name: string, camera: Camera, take: () => Promise<void>): Promise<void> {
  try {
    await take()
    say(`${name} (${camera.language})`)
  } catch (error) {
    hasFailed = true
    say(`${name} (${camera.language}) was not taken: ${String(error)}`)
    await camera.shoot(`failed-${name}`).catch(() => undefined)
  }
}

/** The one-time link is used by the first camera; the others get its cookie. */
async function openCameras(browser: Browser, url: string): Promise<Camera[]> {
  const cameras: Camera[] = []
  for (const language of LANGUAGES) {
    const state = await cameras[0]?.context.storageState()
    const camera = await Camera.open(browser, language, OUT, state)
    await camera.page.goto(state === undefined ? url : new URL('/', url).href)
    cameras.push(camera)
  }
  return cameras
}
