import { setTimeout as wait } from 'node:timers/promises'
import { opening, type PersonKey } from '../demo/community.ts'
import { DemoSquare } from '../demo/demo-square.ts'
import type { SquareProcess } from '../demo/square-process.ts'
import type { Story } from '../demo/story.ts'

const ARRIVAL_TIMEOUT_MS = 30_000
const ARRIVAL_POLL_MS = 100

/** The demo's community when the opening has been told, with what photographs need besides. */
export class PhotoSquare {
  readonly #square: DemoSquare

  private constructor(square: DemoSquare) {
    this.#square = square
  }

  /** Starts everybody and tells the opening. @param folder holds their data directories, and is the caller's to remove */
  static async start(folder: string): Promise<PhotoSquare> {
    const square = await DemoSquare.start(folder)
    for (const step of opening) await square.story.tell(step)
    return new PhotoSquare(square)
  }

  get seed(): SquareProcess {
    return this.#square.seed
  }

  get story(): Story {
    return this.#square.story
  }

  person(key: PersonKey): SquareProcess {
    return this.#square.person(key)
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
    const others = [...this.#square.nodes.entries()].filter(([other]) => other !== key).map(([, node]) => node)
    await Promise.all([this.seed, ...others].map((node) => node.stop()))
  }

  async stop(): Promise<void> {
    await this.#square.stop()
  }
}
