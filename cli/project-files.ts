import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folder of package.json, above the sources as well as above the built files. */
export function findProjectRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) throw new Error(`no package.json above ${import.meta.dirname}`)
    folder = dirname(folder)
  }
  return folder
}

/** Folder of the built window; it need not exist. */
export function rendererDir(): string {
  return join(findProjectRoot(), 'dist', 'renderer')
}

export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(findProjectRoot(), 'package.json'), 'utf8')) as { version: string }
  return version
}
