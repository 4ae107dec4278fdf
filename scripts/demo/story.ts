import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Media } from '../../core/contract/media.ts'
import type { DemoPicture, DemoStep, PersonKey } from './community.ts'
import type { SquareProcess } from './square-process.ts'

/** A post must have travelled to whoever reacts to it; on loopback that takes well under a second. */
const ARRIVAL_TIMEOUT_MS = 60_000
const ARRIVAL_POLL_MS = 100

/** Path of a picture that the project made. */
export function pictureOf(file: string): string {
  return join(import.meta.dirname, 'pictures', file)
}

interface Told {
  readonly author: string
  readonly id: string
}

/** Lets people do things one after another, each through the node of whoever does it. */
export class Story {
  readonly #nodes: ReadonlyMap<PersonKey, SquareProcess>
  readonly #told = new Map<string, Told>()

  constructor(nodes: ReadonlyMap<PersonKey, SquareProcess>) {
    this.#nodes = nodes
  }

  async tell(step: DemoStep): Promise<void> {
    if (step.does === 'post') {
      const { client, ready } = this.#node(step.who)
      const media = await this.#addPictures(step.who, step.pictures ?? [])
      const reply = step.replyTo === undefined ? undefined : await this.#arrived(step.who, step.replyTo)
      const { id } = await client.posts.create({
        text: step.text,
        lang: step.lang,
        media,
        ...(reply === undefined ? {} : { reply }),
      })
      this.#told.set(step.key, { author: ready.profile ?? '', id })
    } else if (step.does === 'react') {
      const { id } = await this.#arrived(step.who, step.to)
      await this.#node(step.who).client.reactions.add({ id, emoji: step.emoji })
    } else {
      const { id } = await this.#arrived(step.who, step.of)
      await this.#node(step.who).client.reposts.add({ id })
    }
  }

  #node(who: PersonKey): SquareProcess {
    const node = this.#nodes.get(who)
    if (node === undefined) throw new Error(`nobody is called ${who}`)
    return node
  }

  async #addPictures(who: PersonKey, pictures: readonly DemoPicture[]): Promise<Media[]> {
    const { client } = this.#node(who)
    return Promise.all(pictures.map(({ file, alt }) => client.media.add({ path: pictureOf(file), alt })))
  }

  /** The post that the key names, once it stands in that person's square. */
  async #arrived(who: PersonKey, key: string): Promise<Told> {
    const told = this.#told.get(key)
    if (told === undefined) throw new Error(`the story refers to "${key}" before it is told`)
    const { client } = this.#node(who)
    const deadline = Date.now() + ARRIVAL_TIMEOUT_MS
    for (;;) {
      const post = await client.posts.get({ id: told.id }).catch(() => null)
      if (post !== null) return told
      if (Date.now() > deadline) throw new Error(`the post "${key}" did not reach ${who}`)
      await wait(ARRIVAL_POLL_MS)
    }
  }
}
