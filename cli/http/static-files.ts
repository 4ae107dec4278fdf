import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'

export interface StaticFile {
  readonly type: string
  readonly size: number
  /** Its name carries a hash of its content. */
  readonly isImmutable: boolean
  open(): Readable
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const HASHED = /^\/assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/

/**
 * The files of the built window, by exact path. What isn't in the list when it is read doesn't exist: a request's path
 * is looked up and never becomes the name of a file. Read again when the window has been built anew.
 */
export class StaticFiles {
  readonly #root: string
  #files = new Map<string, StaticFile>()
  #builtAtMs: number | undefined

  /** `root` is the folder of the built window; it need not exist. */
  constructor(root: string) {
    this.#root = root
  }

  /** The page itself; undefined while the window isn't built. */
  async findPage(): Promise<StaticFile | undefined> {
    const builtAtMs = await stat(join(this.#root, 'index.html')).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    )
    if (builtAtMs !== this.#builtAtMs) {
      this.#files = builtAtMs === undefined ? new Map() : await readFolder(this.#root)
      this.#builtAtMs = builtAtMs
    }
    return this.#files.get('/index.html')
  }

  /** `path` as it stands in the request, undecoded. */
  async find(path: string): Promise<StaticFile | undefined> {
    if (this.#builtAtMs === undefined) await this.findPage()
    return this.#files.get(path)
  }
}

async function readFolder(root: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const place = join(entry.parentPath, entry.name)
    const path = `/${relative(root, place).split(sep).join('/')}`
    const { size } = await stat(place)
    files.set(path, { type, size, isImmutable: HASHED.test(path), open: () => createReadStream(place) })
  }
  return files
}
