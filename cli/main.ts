#!/usr/bin/env node
/** Entry of the command line. Only looks at the version of Node.js; the rest is loaded when that is right. */
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED_MAJOR = 24

function findBundledNode(): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  let folder = dirname(fileURLToPath(import.meta.url))
  while (dirname(folder) !== folder) {
    const place = join(folder, 'node_modules', '.bin', name)
    if (existsSync(place)) return place
    folder = dirname(folder)
  }
  return undefined
}

/** The same command under another Node.js; signals go to it, its end is ours. */
async function handOver(node: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}

const major = Number(process.versions.node.split('.')[0])
if (major >= NEEDED_MAJOR) {
  // Compiled code is kept between runs, beside the program, where nobody writes who may not write the program. Older
  // versions don't know the word.
  const isBuilt = !import.meta.url.endsWith('.ts')
  const compiled = join(import.meta.dirname, isBuilt ? 'compiled' : '../node_modules/.cache/compiled-sources')
  // The store's thread looks for it here.
  process.env.NODE_COMPILE_CACHE ??= compiled
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  const { runCli } = await import('./run.ts')
  await runCli(process.argv.slice(2))
} else {
  const bundled = findBundledNode()
  if (bundled !== undefined && bundled !== process.execPath) await handOver(bundled)
  else {
    process.stderr.write(
      `palabre needs Node.js ${NEEDED_MAJOR} or newer; this is ${process.versions.node}. ` +
        'Install it from your system or from nodejs.org, then try again.\n',
    )
    process.exitCode = 1
  }
}
