/** Finds, fetches and runs the Electron binary. Never by requiring `electron`: that downloads, and throws where it can't. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildDesktop } from './build.ts'

const root = join(import.meta.dirname, '..')
const electronDir = join(root, 'node_modules', 'electron')
const FETCH_TIMEOUT_MS = 60_000
const PROGRESS_INTERVAL_MS = 5_000

type Desktop = { readonly binary: string } | { readonly missing: string }

/**
 * Environment of the desktop host for these options; undefined where one of them has no meaning there.
 */
export function readDesktopOptions(args: readonly string[]): Record<string, string> | undefined {
  const text = { type: 'string' } as const
  const texts = { type: 'string', multiple: true } as const
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { data: text, network: text, listen: texts, peer: texts },
      strict: true,
    })
    return {
      ...(values.data && { PALABRE_DATA: values.data }),
      ...(values.network && { PALABRE_NETWORK: values.network }),
      ...(values.listen && { PALABRE_LISTEN: values.listen.join(' ') }),
      ...(values.peer && { PALABRE_PEERS: values.peer.join(' ') }),
    }
  } catch {
    return undefined
  }
}

/**
 * Opens the window, where nothing stands against that from the outset (why-no-desktop.mjs). Doesn't return when it was
 * open; otherwise why there is none, in a few words.
 */
export async function openDesktop(args: readonly string[]): Promise<string> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const options = readDesktopOptions(args)
  if (options === undefined) return 'these options are for the command line'
  const desktop = await findDesktop({ say })
  if ('missing' in desktop) return desktop.missing
  await buildDesktop({ say })
  const code = await runDesktop(desktop.binary, options)
  if (code === 0) process.exit(0)
  return `Electron ended with code ${code}`
}

/** The binary, fetched if that is possible within a minute; otherwise why there is none, in a few words. */
async function findDesktop(init: { readonly say: (line: string) => void }): Promise<Desktop> {
  const found = await installedBinary()
  if (found !== undefined) return { binary: found }
  const { env } = process
  if (env.CI || env.PALABRE_NETWORK === 'local')
    return { missing: 'Electron is not installed, and nothing is fetched here' }
  await fetchBinary(init.say)
  const fetched = await installedBinary()
  return fetched === undefined ? { missing: 'Electron could not be fetched' } : { binary: fetched }
}

/** Runs until the window is closed. @returns its exit code */
export async function runDesktop(binary: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(binary, [root], { stdio: 'inherit', env: { ...process.env, ...environment } })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1))
  return Promise.race([ended, once(child, 'error').then(() => 1)])
}

/** Path of the installed binary; undefined where there is none. */
export async function installedBinary(): Promise<string | undefined> {
  try {
    const name = (await readFile(join(electronDir, 'path.txt'), 'utf8')).trim()
    const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronDir, 'dist'), name)
    await access(binary)
    return binary
  } catch {
    return undefined
  }
}

async function fetchBinary(say: (line: string) => void): Promise<void> {
  say(`Fetching Electron (about 110 MB, for at most ${FETCH_TIMEOUT_MS / 1_000} s) …`)
  const startedAt = Date.now()
  const child = spawn(process.execPath, [join(electronDir, 'install.js')], { stdio: 'ignore', cwd: electronDir })
  const progress = setInterval(
    () => say(`… still fetching, ${Math.round((Date.now() - startedAt) / 1_000)} s`),
    PROGRESS_INTERVAL_MS,
  )
  const deadline = setTimeout(() => child.kill('SIGKILL'), FETCH_TIMEOUT_MS)
  try {
    await Promise.race([once(child, 'exit'), once(child, 'error')])
  } finally {
    clearInterval(progress)
    clearTimeout(deadline)
  }
}
