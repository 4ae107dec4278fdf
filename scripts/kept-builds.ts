/**
 * Builds of the command line, each in a folder of its own below dist/cli, whose main.js names the newest: a node that runs
 * loads parts of its program later, and finds them although a newer one was built meanwhile. Kept are the newest two and
 * those from which something runs.
 */
import { randomBytes } from 'node:crypto'
import { access, chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of a process that runs from this build or puts it in place: an empty file with its number as its name. */
const IN_USE = 'in-use'
const NAME = /^\.\/([0-9a-f]{16})\/main\.js$/

/**
 * Makes `aside` the build that runs from now on. `prepare` is told where its program begins before anybody else starts it.
 * @throws Node's error when it can't be put there
 */
export async function putInUse(aside: string, folder: string, prepare: (main: string) => Promise<void>): Promise<void> {
  const name = randomBytes(8).toString('hex')
  await mkdir(folder, { recursive: true })
  await mkdir(join(aside, IN_USE))
  // No entry names it yet, and another build that ends meanwhile would drop it.
  await writeFile(join(aside, IN_USE, `${process.pid}`), '')
  await rename(aside, join(folder, name))
  try {
    await prepare(join(folder, name, 'main.js'))
    const before = await buildIn(folder)
    await writeEntry(folder, name)
    await dropUnused(folder, [name, ...(before === null ? [] : [before])])
  } finally {
    await rm(join(folder, name, IN_USE, `${process.pid}`), { force: true })
  }
}

async function writeEntry(folder: string, name: string): Promise<void> {
  const entry = join(folder, 'main.js')
  await writeFile(`${entry}.${name}`, toEntry(name))
  await chmod(`${entry}.${name}`, 0o755)
  await rename(`${entry}.${name}`, entry)
}

/** Removes all that isn't `kept`, from which nothing runs, and which main.js doesn't name. */
async function dropUnused(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('main.js') || kept.includes(name)) continue
    const users = await readdir(join(folder, name, IN_USE)).catch(() => [])
    // Last: one whose mark has just gone may have taken our place there.
    if (users.some(isRunning) || (await buildIn(folder)) === name) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    // One of another user, who can't be sent anything.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The build that main.js names; null where there is none. */
async function buildIn(folder: string): Promise<string | null> {
  const entry = await readFile(join(folder, 'main.js'), 'utf8').catch(() => '')
  const name = entry
    .split("'")
    .map((part) => NAME.exec(part)?.[1])
    .find((found) => found !== undefined)
  if (name === undefined) return null
  return access(join(folder, name)).then(
    () => name,
    () => null,
  )
}

/** JavaScript that any Node.js reads: whether this one is new enough the program says itself. */
function toEntry(name: string): string {
  return `#!/usr/bin/env node
import { rmSync, writeFileSync } from 'node:fs'

const mark = new URL('./${name}/${IN_USE}/' + process.pid, import.meta.url)
try {
  writeFileSync(mark, '')
  process.on('exit', () => rmSync(mark, { force: true }))
} catch {
  // Who may not write here can't build either.
}
await import('./${name}/main.js')
`
}
