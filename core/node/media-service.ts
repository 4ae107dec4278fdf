import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Media, MediaView } from '../contract/media.ts'
import { addMedia } from '../media/add.ts'
import { parseMediaCid } from '../media/dag.ts'
import { UnsupportedMediaError } from '../media/errors.ts'
import type { MediaFetcher } from '../media/fetcher.ts'
import { MAX_IMAGE_BYTES } from '../media/limits.ts'
import { readMedia } from '../media/read.ts'
import type { MediaTables } from '../media/register.ts'
import { MAX_ALT_BYTES } from '../record/limits.ts'
import { BadRequestError, NotFoundError, PalabreError } from '../util/errors.ts'
import type { AbortOptions } from '../util/startable.ts'
import type { MediaCalls } from './api/services.ts'
import { checkText } from './limits.ts'
import type { MediaKeeper } from './publish/writing.ts'

export interface MediaServiceComponents extends MediaTables {
  readonly fetcher: Pick<MediaFetcher, 'fetch' | 'noteHere' | 'stateOf'>
}

/** Pictures as the API hands them in and out. */
export class MediaService implements MediaCalls, MediaKeeper {
  readonly #tables: MediaTables
  readonly #fetcher: MediaServiceComponents['fetcher']

  constructor(components: MediaServiceComponents) {
    this.#tables = { index: components.index, blocks: components.blocks }
    this.#fetcher = components.fetcher
  }

  /** @throws UnsupportedMediaError with the reason, BadRequestError when the file can't be read */
  async addFile(path: string, alt: string, options: AbortOptions): Promise<Media> {
    return await this.#add(await readSmallFile(path, options), { alt })
  }

  async addBlob(
    blob: Blob,
    init: { alt: string; thumbhash?: string | undefined },
    _options: AbortOptions,
  ): Promise<Media> {
    if (blob.size > MAX_IMAGE_BYTES) throw tooLarge(blob.size)
    return await this.#add(new Uint8Array(await blob.arrayBuffer()), init)
  }

  /** Replaces a file that is there, at once and whole. @throws NotFoundError when nobody sends it in time */
  async writeTo(
    cid: string,
    out: string,
    options: AbortOptions,
  ): Promise<{ cid: string; type: string; size: number; out: string }> {
    const { type, bytes } = await this.#require(cid, options)
    const path = resolve(out)
    await writeWhole(path, bytes)
    return { cid, type, size: bytes.length, out: path }
  }

  async fetch(cid: string): Promise<{ state: MediaView['state'] }> {
    checkCid(cid)
    return { state: await this.#fetcher.fetch(cid) }
  }

  /** The file as it lies here, null when it isn't here whole. */
  async read(cid: string, options: AbortOptions = {}): Promise<{ type: string; bytes: Uint8Array } | null> {
    return await readMedia(this.#tables, cid, options)
  }

  async keepForRecord(cid: string): Promise<{ readonly type: string; readonly size: number } | null> {
    if (parseMediaCid(cid) === undefined) return null
    const dag = await this.#tables.index.getDag(cid)
    if (dag === null) return null
    const { blocks, type, size } = dag
    await this.#tables.index.putDag({ root: cid, blocks, type, size, isPending: true })
    return { type, size }
  }

  async #add(bytes: Uint8Array, init: { alt: string; thumbhash?: string | undefined }): Promise<Media> {
    checkText('alt text', init.alt, MAX_ALT_BYTES)
    const media = await addMedia(this.#tables, bytes, init)
    this.#fetcher.noteHere(media.cid)
    return media
  }

  async #require(cid: string, options: AbortOptions): Promise<{ type: string; bytes: Uint8Array }> {
    checkCid(cid)
    const here = await this.read(cid, options)
    if (here !== null) return here
    const state = await this.#fetcher.fetch(cid)
    options.signal?.throwIfAborted()
    const fetched = state === 'here' ? await this.read(cid, options) : null
    if (fetched !== null) return fetched
    throw new NotFoundError(
      state === 'missing'
        ? `nobody connected sent the picture ${cid} in time`
        : `the picture ${cid} is not here, and no post that is held here names it`,
    )
  }
}

function checkCid(cid: string): void {
  if (parseMediaCid(cid) === undefined)
    throw new BadRequestError(`expected the CID of a picture, got ${cid.slice(0, 80)}`)
}

function tooLarge(size: number): UnsupportedMediaError {
  const limit = MAX_IMAGE_BYTES.toLocaleString('en-US')
  return new UnsupportedMediaError('too-large', `the picture is ${size.toLocaleString('en-US')} bytes, limit ${limit}`)
}

async function readSmallFile(path: string, options: AbortOptions): Promise<Uint8Array> {
  try {
    const facts = await stat(path)
    if (!facts.isFile()) throw new BadRequestError(`${path} is not a file`)
    if (facts.size > MAX_IMAGE_BYTES) throw tooLarge(facts.size)
    const handle = await open(path, 'r')
    try {
      options.signal?.throwIfAborted()
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof PalabreError) throw error
    options.signal?.throwIfAborted()
    throw new BadRequestError(`the file ${path} can't be read (${codeOf(error)})`, { cause: error })
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const facts = await stat(path).catch(() => null)
    if (facts !== null && !facts.isFile()) throw new BadRequestError(`${path} is not a file`)
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    if (error instanceof PalabreError) throw error
    throw new BadRequestError(`the file ${path} can't be written (${codeOf(error)})`, { cause: error })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason'
}
