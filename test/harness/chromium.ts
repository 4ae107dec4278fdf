/**
 * Finds a Chromium for the browser tests, in this order: PALABRE_CHROMIUM, an installed Chromium, Chrome or Edge, the
 * build that @sparticuz/chromium carries (linux-x64 only; unpacked once into the temp folder with the libraries that a
 * small machine lacks). Where there is none, tests that need it are skipped with the reason, unless
 * PALABRE_REQUIRE_BROWSER=1 says that a skip is a failure.
 */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, lstat, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'

export interface FoundChromium {
  readonly executablePath: string
  /** Flags for a closed network; with --no-sandbox only for root. Web security stays on. */
  readonly args: string[]
  readonly env: Record<string, string>
}

/** Why there is no browser, in one sentence. */
export interface MissingChromium {
  readonly missing: string
}

const UNPACK_TIMEOUT_MS = 120_000
const CLOSED_NETWORK_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--font-render-hinting=none',
]
const NAMES_IN_PATH = [
  'chromium',
  'google-chrome-stable',
  'google-chrome',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]

/** @throws Error where none is found and PALABRE_REQUIRE_BROWSER=1 */
export async function findChromium(): Promise<FoundChromium | MissingChromium> {
  const found = await search()
  if ('missing' in found && process.env.PALABRE_REQUIRE_BROWSER === '1') {
    throw new Error(`a browser is required here (PALABRE_REQUIRE_BROWSER=1) and there is none: ${found.missing}`)
  }
  return found
}

/** A running headless browser; the caller closes it. @throws Error with the reason where there is none */
export async function launchBrowser(extraArgs: readonly string[] = []): Promise<Browser> {
  const found = await findChromium()
  if ('missing' in found) throw new Error(found.missing)
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args, ...extraArgs],
    env: found.env,
    chromiumSandbox: true,
  })
}

async function search(): Promise<FoundChromium | MissingChromium> {
  const named = process.env.PALABRE_CHROMIUM
  if (named !== undefined && named !== '') {
    return (await isExecutable(named))
      ? describeBrowser(named)
      : { missing: `PALABRE_CHROMIUM names no program: ${named}` }
  }
  for (const place of installedPlaces()) {
    if ((await isExecutable(place)) && !(await isSnapWrapper(place))) return describeBrowser(place)
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `no Chromium, Chrome or Edge on this ${process.platform} machine; name one in PALABRE_CHROMIUM` }
  }
  try {
    return await unpackPackagedChromium()
  } catch (error) {
    return { missing: `no browser is installed and the packaged Chromium did not unpack: ${String(error)}` }
  }
}

function installedPlaces(): string[] {
  if (process.platform === 'darwin') {
    const apps = ['Chromium', 'Google Chrome', 'Microsoft Edge']
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    )
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return roots
      .filter((root) => root !== undefined)
      .flatMap((root) => [
        join(root, 'Chromium', 'Application', 'chrome.exe'),
        join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ])
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  return NAMES_IN_PATH.flatMap((name) => folders.map((folder) => join(folder, name)))
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** A snap is confined and cannot read the profile that a test hands to it. */
async function isSnapWrapper(path: string): Promise<boolean> {
  if (path.startsWith('/snap/')) return true
  if ((await lstat(path)).size > 65_536) return false
  const text = await readFile(path, 'latin1')
  return text.startsWith('#!') && text.includes('/snap/')
}

function describeBrowser(executablePath: string, env: Record<string, string> = {}): FoundChromium {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const isRoot = process.getuid?.() === 0
  return {
    executablePath,
    args: isRoot ? [...CLOSED_NETWORK_FLAGS, '--no-sandbox'] : [...CLOSED_NETWORK_FLAGS],
    env: { ...Object.fromEntries(inherited), ...env },
  }
}

/** Unpacks into a fresh folder and renames it into place, so that two runs at once never see half a browser. */
async function unpackPackagedChromium(): Promise<FoundChromium> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const packageRoot = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  const uid = process.getuid?.() ?? 0
  const home = join(tmpdir(), `palabre-chromium-${version}-${uid}`)
  if (!(await isExecutable(join(home, 'chromium')))) {
    const fresh = await mkdtemp(join(tmpdir(), 'palabre-chromium-unpack-'))
    try {
      await inflateInto(fresh, entry, join(packageRoot, 'bin'))
      await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontConfig(home))
      await rename(fresh, home).catch(async (error: unknown) => {
        // Another run was faster; its folder is as good as this one.
        if (!(await isExecutable(join(home, 'chromium')))) throw error
      })
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  }
  if ((await lstat(home)).uid !== uid) throw new Error(`${home} belongs to somebody else`)
  const libraries = join(home, 'al2023', 'lib')
  const known = process.env.LD_LIBRARY_PATH
  return describeBrowser(join(home, 'chromium'), {
    LD_LIBRARY_PATH: known ? `${libraries}:${known}` : libraries,
    FONTCONFIG_FILE: join(home, 'fonts', 'fonts.conf'),
  })
}

/** The package's own unpacking writes into the temp folder, so it runs in a process that has another one. */
async function inflateInto(folder: string, entry: string, bin: string): Promise<void> {
  const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((name) => join(bin, name))
  const program = `
    const [entry, ...archives] = JSON.parse(process.argv[1])
    const { inflate } = await import(entry)
    await Promise.all(archives.map((archive) => inflate(archive)))`
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program, '--', JSON.stringify([entry, ...archives])],
    { env: { ...process.env, TMPDIR: folder }, timeout: UNPACK_TIMEOUT_MS },
  )
}

function fontConfig(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`
}
