import { join } from 'node:path'
import { type PersonKey, people } from './community.ts'
import { SquareProcess } from './square-process.ts'
import { pictureOf, Story } from './story.ts'

/** The community of the demo on real nodes: a seed, and a peer for everybody, all on loopback. */
export class DemoSquare {
  readonly seed: SquareProcess
  readonly nodes: ReadonlyMap<PersonKey, SquareProcess>
  readonly story: Story

  private constructor(seed: SquareProcess, nodes: ReadonlyMap<PersonKey, SquareProcess>) {
    this.seed = seed
    this.nodes = nodes
    this.story = new Story(nodes)
  }

  /**
   * Starts everybody; they say who they are and follow one another, and have written nothing yet.
   * @param folder - holds their data directories, and is the caller's to remove
   */
  static async start(folder: string): Promise<DemoSquare> {
    const running: SquareProcess[] = []
    const start = async (command: 'seed' | 'start', name: string, options: readonly string[]) => {
      const node = await SquareProcess.start({ command, dataDir: join(folder, name), options })
      running.push(node)
      return node
    }
    try {
      const seed = await start('seed', 'seed', ['--name', 'La Remise'])
      const options = ['--peer', seed.ready.addresses[0] as string, '--no-open']
      const nodes = await Promise.all(
        people.map(async ({ key, name }): Promise<[PersonKey, SquareProcess]> => {
          return [key, await start('start', key, ['--name', name, ...options])]
        }),
      )
      const square = new DemoSquare(seed, new Map(nodes))
      await Promise.all(people.map(({ key, bio }) => square.#introduce(key, bio)))
      return square
    } catch (error) {
      await Promise.all(running.map((node) => node.stop()))
      throw error
    }
  }

  person(key: PersonKey): SquareProcess {
    return this.nodes.get(key) as SquareProcess
  }

  async stop(): Promise<void> {
    await Promise.all([...this.nodes.values(), this.seed].map((node) => node.stop()))
  }

  async #introduce(key: PersonKey, bio: string): Promise<void> {
    const { client, ready } = this.person(key)
    const avatar = await client.media.add({ path: pictureOf(`avatar-${key}.webp`), alt: '' })
    await client.profiles.update({ bio, avatar })
    for (const other of this.nodes.values()) {
      const { profile } = other.ready
      if (profile !== null && profile !== ready.profile) await client.follows.add({ profile })
    }
  }
}
