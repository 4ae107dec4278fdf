import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { PostPage, PostView } from '../../core/contract/views.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { JsonProcess } from '../harness/json-process.ts'
import { noisePng } from '../harness/media/noise-png.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'

/** From its own files, as others run it. */
const STOCK = new URL('../harness/media/stock-helia-process.ts', import.meta.url).pathname

/** A node of the command line in a process of its own, restarted on the same data directory. */
class Person {
  readonly dataDir: string
  readonly #args: readonly string[]
  #host: HostProcess | null = null

  constructor(root: string, name: string, args: readonly string[]) {
    this.dataDir = join(root, name)
    this.#args = [...args, '--data', this.dataDir]
  }

  async start(): Promise<HostProcess> {
    this.#host = await HostProcess.start(this.#args)
    return this.#host
  }

  /** A clean end, as Ctrl-C makes it. */
  async stop(): Promise<void> {
    if (this.#host === null) return
    expect(await this.#host.stop(), this.#host.stderr).toBe(0)
    this.#host = null
  }

  async kill(): Promise<void> {
    await this.#host?.stop('SIGKILL')
  }

  /** @throws Error with what the command printed when the call fails */
  async call<T>(method: string, parameters: object = {}): Promise<T> {
    const { code, stdout, stderr } = await runPalabre([
      'call',
      method,
      JSON.stringify(parameters),
      '--data',
      this.dataDir,
    ])
    if (code !== 0) throw new Error(`${method}: ${code} ${stdout}${stderr}`)
    return JSON.parse(stdout) as T
  }

  async seesAtHome(text: string): Promise<PostView> {
    return await eventually(`"${text}" at home`, async () =>
      (await this.call<PostPage>('timeline.home')).items.find((post) => post.text === text),
    )
  }
}

describe('three processes: a seed and two people who know only it', () => {
  let root: string
  let seed: Person
  let nour: Person
  let aya: Person
  let nourAddress: string
  let seedAddress: string

  beforeEach(async () => {
    root = makeTempDir()
    seed = new Person(root, 'seed', ['seed'])
    seedAddress = (await seed.start()).ready.addresses[0] ?? ''
    nour = new Person(root, 'nour', ['start', '--name', 'Nour', '--peer', seedAddress])
    aya = new Person(root, 'aya', ['start', '--name', 'Aya', '--peer', seedAddress])
    const [nourHost] = await Promise.all([nour.start(), aya.start()])
    nourAddress = nourHost.ready.addresses[0] ?? ''
    onTestFinished(async () => {
      await Promise.all([seed, nour, aya].map((person) => person.kill()))
    })
  })

  it('carries a post with its picture, also to who was away, and a deletion to all', async () => {
    const { profile } = await nour.call<{ profile: string }>('account.get')
    await aya.call('follows.add', { profile })

    const picture = join(root, 'tree.png')
    const bytes = noisePng(640, 600)
    await writeFile(picture, bytes)
    const media = await nour.call<{ cid: string; type: string }>('media.add', { path: picture, alt: 'a tree' })
    await nour.call('posts.create', { text: 'the first picture', media: [media] })
    const seen = await aya.seesAtHome('the first picture')
    expect(seen).toMatchObject({ author: profile, name: 'Nour', media: [{ ...media, alt: 'a tree' }] })
    const out = join(root, 'received.png')
    await aya.call('media.get', { cid: media.cid, out })
    expect((await readFile(out)).equals(bytes)).toBe(true)

    // Somebody with none of our code, by nothing but the CID and an address.
    const stranger = new JsonProcess(STOCK, [])
    onTestFinished(() => stranger.stop())
    await stranger.next()
    const { base64 } = await stranger.ask({ do: 'cat', address: nourAddress, cid: media.cid })
    expect(Buffer.from(String(base64), 'base64').equals(bytes)).toBe(true)

    // The reader is away while it is written, the writer has gone when the reader returns.
    await aya.stop()
    const second = join(root, 'second.png')
    const secondBytes = noisePng(40, 30, 2)
    await writeFile(second, secondBytes)
    const other = await nour.call<{ cid: string }>('media.add', { path: second, alt: '' })
    const { id } = await nour.call<{ id: string }>('posts.create', { text: 'while you slept', media: [other] })
    await eventually('the seed has the picture', async () => {
      const { media: found } = await seed.call<PostView>('posts.get', { id }).catch(() => ({ media: [] }))
      return found[0]?.state === 'here'
    })
    await nour.stop()
    await aya.start()
    await aya.seesAtHome('while you slept')
    const late = join(root, 'late.png')
    await aya.call('media.get', { cid: other.cid, out: late })
    expect((await readFile(late)).equals(secondBytes)).toBe(true)

    // A deletion, and nothing of the text is left anywhere.
    await nour.start()
    await nour.call('posts.delete', { id })
    for (const person of [nour, seed, aya]) {
      await eventually(
        'the deletion',
        async () => (await person.call<PostView>('posts.get', { id })).state === 'deleted',
      )
      expect((await person.call<PostView>('posts.get', { id })).text).toBe('')
      expect((await person.call<PostPage>('search.posts', { query: 'slept' })).items).toEqual([])
    }
    for (const person of [aya, nour, seed]) await person.stop()
  }, 240_000)
})
