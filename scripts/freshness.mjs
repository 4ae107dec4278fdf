/**
 * Whether what was built is what the sources say. Plain JavaScript: every command asks first, and before Node.js could
 * read TypeScript it would have to load what strips the types, which costs more than the answer.
 *
 * The facts of the files (place, size, both times, inode) are compared, in some milliseconds; only where these differ, or
 * where a file is so young that it could change again within the same tick of the file system's clock, what stands in
 * them is. `ctime` is among the facts: no program sets that one back.
 */
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * @typedef {object} Sources
 * @property {string} root - absolute; the others are below it
 * @property {readonly string[]} folders - everything in them counts
 * @property {readonly string[]} files
 *
 * @typedef {object} Stamp - what stands in the file of a build
 * @property {string} content - hash of all files
 * @property {string} facts - hash of the facts about them
 * @property {number} newestMs - when the youngest of them changed
 * @property {number} takenMs - when the facts were looked at
 */

// An import would load all of Web Crypto.
const { createHash } = process.getBuiltinModule('node:crypto')

/** Coarser clocks than this are not to be found below a file system. */
const TICK_MS = 2_100

/** What editors put beside a file while it is open. */
const ASIDE = /^\.|~$/

/** What lies in the project's root and decides about every build. */
export const COMMON_FILES = [
  'package.json',
  'package-lock.json',
  // npm writes it with every installation.
  'node_modules/.package-lock.json',
  'scripts/build.ts',
  'scripts/node-bundles.ts',
  'scripts/freshness.mjs',
  'scripts/kept-builds.ts',
  'vite.config.ts',
]

const root = join(import.meta.dirname, '..')

/**
 * A build: where its stamp lies, a file that is there when it has been built, and what it is made of.
 *
 * @param {{ readonly name: string, readonly proof: string, readonly folders: readonly string[] }} init
 */
export function describeBuild({ name, proof, folders }) {
  return {
    name,
    stamp: join(root, 'dist', '.stamps', name.replaceAll(' ', '-')),
    proof: pathToFileURL(join(root, 'dist', proof)),
    sources: { root, folders, files: COMMON_FILES },
  }
}

export const COMMAND_LINE = describeBuild({ name: 'command line', proof: 'cli/main.js', folders: ['cli', 'core'] })
export const WINDOW = describeBuild({
  name: 'window',
  proof: 'renderer/index.html',
  folders: ['renderer', 'core/util', 'core/codec', 'core/identity', 'core/record', 'core/contract'],
})

/**
 * True when the build that `stamp` is of was made of these sources as they are now.
 *
 * @param {{ readonly stamp: string, readonly proof: URL, readonly sources: Sources }} build
 */
export function isFresh({ stamp, proof, sources }) {
  if (!existsSync(proof)) return false
  const known = readStamp(stamp)
  if (known === null) return false
  const now = lookAt(sources)
  if (known.facts === now.facts && now.newestMs < known.takenMs - TICK_MS) return true
  if (known.content !== hashContent(sources)) return false
  writeStamp(stamp, { ...now, content: known.content })
  return true
}

/**
 * Builds it where it isn't fresh, in a process of its own: a node keeps as long as it runs what it has loaded.
 *
 * @param {{ readonly name: string, readonly stamp: string, readonly proof: URL, readonly sources: Sources }} build
 */
export function bringUpToDate(build) {
  if (isFresh(build)) return
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  // Nothing of it goes to stdout, which may belong to somebody's script.
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts'), build.name], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * The sources as they are now. Two that are alike, with a build between them, say that it is a build of this.
 *
 * @param {Sources} sources
 * @returns {Stamp}
 */
export function takeStamp(sources) {
  const facts = lookAt(sources)
  return { ...facts, content: hashContent(sources) }
}

/**
 * @param {string} path
 * @param {Stamp} stamp
 */
export function writeStamp(path, stamp) {
  const aside = `${path}.${process.pid}`
  try {
    writeFileSync(aside, JSON.stringify(stamp))
    renameSync(aside, path)
  } catch {
    // Where nothing may be written the next one looks at the content again.
  }
}

/** @param {string} path @returns {Stamp | null} */
function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** @param {Sources} sources @returns {Omit<Stamp, 'content'>} */
function lookAt(sources) {
  const takenMs = Date.now()
  const hash = createHash('sha256')
  let newestMs = 0
  for (const file of listFiles(sources)) {
    const facts = statSync(join(sources.root, file), { throwIfNoEntry: false })
    if (facts === undefined) continue
    const { size, mtimeMs, ctimeMs, ino } = facts
    newestMs = Math.max(newestMs, ctimeMs)
    hash.update(`${file}\0${size}\0${mtimeMs}\0${ctimeMs}\0${ino}\n`)
  }
  return { facts: hash.digest('hex'), newestMs, takenMs }
}

/** @param {Sources} sources */
function hashContent(sources) {
  const hash = createHash('sha256')
  for (const file of listFiles(sources)) {
    hash
      .update(`${file}\0`)
      .update(readIfThere(join(sources.root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Whatever happens to a file meanwhile shows in its facts. @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path)
  } catch {
    return ''
  }
}

/** @param {Sources} sources @returns {string[]} */
function listFiles({ root, folders, files }) {
  const found = files.filter((file) => existsSync(join(root, file)))
  for (const folder of folders) listFolder(root, folder, found)
  return found.sort()
}

/** @param {string} root @param {string} folder @param {string[]} found */
function listFolder(root, folder, found) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) listFolder(root, path, found)
    else if (!ASIDE.test(entry.name)) found.push(path)
  }
}
