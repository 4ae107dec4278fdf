import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { opening, type PersonKey, people } from '../demo/community.ts'
import { SquareProcess } from '../demo/square-process.ts'
import { Story } from '../demo/story.ts'

const ARRIVAL_TIMEOUT_MS = 30_000
const ARRIVAL_POLL_MS = 100

/** The demo's community on real nodes, and a newcomer's node without an account beside it. */
export class PhotoSquare {
  readonly seed: SquareProcess
  readonly nodes: ReadonlyMap<PersonKey, SquareProcess>
  readonly story: Story

  private constructor(seed: SquareProcess, nodes: ReadonlyMap<PersonKey, SquareProcess>) {
    this.seed = seed
    this.nodes = nodes
    this.story = new Story(nodes)
  }

  /** Starts everybody and tells the opening. @param folder holds their data directories, and is the caller's to remove */
  static async start(folder: string): Promise<PhotoSquare> {
    const seed = await SquareProcess.start({
      command: 'seed',
      dataDir: join(folder, 'seed'),
      options: ['--name', 'La Remise'],
    })
    const nodes = new Map<PersonKey, SquareProcess>()
    for (const person of people) {
      const options = ['--name', person.name, '--peer', seed.ready.addresses[0] as string, '--no-open']
      nodes.set(person.key, await SquareProcess.start({ command: 'start', dataDir: join(folder, person.key), options }))
    }
    const square = new PhotoSquare(seed, nodes)
    await square.#introduce()
    for (const step of opening) await square.story.tell(step)
    return square
  }

  person(key: PersonKey): SquareProcess {
    return this.nodes.get(key) as SquareProcess
  }

  /** Waits until the post stands in that state on the node of the person who is photographed. */
  async until(id: string, state: 'shown' | 'deleted'): Promise<void> {
    const { client } = this.person('solene')
    const deadline = Date.now() + ARRIVAL_TIMEOUT_MS
    for (;;) {
      const post = await client.posts.get({ id }).catch(() => null)
      if (post?.state === state) return
      if (Date.now() > deadline) throw new Error(`the post ${id} is not ${state} after ${ARRIVAL_TIMEOUT_MS} ms`)
      await wait(ARRIVAL_POLL_MS)
    }
  }

  /** Stops everybody else, the seed too. */
  async leaveAlone(key: PersonKey): Promise<void> {
    const others = [...this.nodes.entries()].filter(([other]) => other !== key).map(([, node]) => node)
    await Promise.all([this.seed, ...others].map((node) => node.stop()))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.nodes.values(), this.seed].map((node) => node.stop()))
  }

  async #introduce(): Promise<void> {
    for (const { key, bio } of people) {
      const { client, ready } = this.person(key)
      await client.profiles.update({ bio })
      for (const other of this.nodes.values()) {
        const profile = other.ready.profile
        if (profile !== null && profile !== ready.profile) await client.follows.add({ profile })
      }
    }
  }
}
