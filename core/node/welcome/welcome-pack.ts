/**
 * The welcome pack: posts that the project made, signed, inside the program. It goes through the one door when somebody
 * first wants to see it, so that a computer without any network has something to read. Nobody follows its voices, and
 * records of theirs make room as those of other strangers do.
 */
import { ArchiveReader } from '../../archive/archive-reader.ts'
import type { ArchiveSource } from '../../archive/archive-source.ts'
import type { PostPage, Rung } from '../../contract/views.ts'
import type { IngestDoor, IngestSource } from '../../ingest/door.ts'
import type { TimelineReader } from '../../timeline/reader.ts'
import type { Logger } from '../../util/logger.ts'

const SOURCE: IngestSource = { kind: 'welcome' }

/** The archive, and what is known of it without reading it. */
export interface WelcomeData {
  readonly WELCOME_PACK: string
  /** When it was made, milliseconds since 1970. */
  readonly WELCOME_MADE_AT: number
  /** Profiles of who speaks in it, by language. */
  readonly WELCOME_VOICES: Readonly<Record<'en' | 'fr', readonly string[]>>
}

export interface WelcomePackComponents {
  readonly door: IngestDoor
  readonly reader: Pick<TimelineReader, 'beyond'>
  readonly logger: Logger
  /** Loaded when it is needed; only tests have another. */
  readonly load?: () => Promise<WelcomeData>
}

export interface BeyondPage {
  readonly rung: Rung
  readonly language: 'en' | 'fr'
  readonly cursor?: string | undefined
  readonly limit: number
}

/** What stands below home, for which the welcome pack is taken in where it isn't here yet. */
export class WelcomePack {
  readonly #c: WelcomePackComponents
  readonly #network: string
  readonly #isTaken: boolean
  #data: Promise<WelcomeData> | null = null
  #taking: Promise<void> | null = null

  /** `network`: domain whose signatures count. `isTaken`: false on seeds, which keep what people say and not this. */
  constructor(components: WelcomePackComponents, init: { readonly network: string; readonly isTaken: boolean }) {
    this.#c = components
    this.#network = init.network
    this.#isTaken = init.isTaken
  }

  async beyond({ rung, language, cursor, limit }: BeyondPage): Promise<PostPage & { madeAt: number | null }> {
    const { WELCOME_VOICES, WELCOME_MADE_AT } = await this.#load()
    if (rung === 'welcome') await this.#take()
    const voices = Object.values(WELCOME_VOICES).flat()
    const page = await this.#c.reader.beyond({ rung, voices, spoken: WELCOME_VOICES[language], cursor, limit })
    return { ...page, madeAt: rung === 'welcome' ? WELCOME_MADE_AT : null }
  }

  #load(): Promise<WelcomeData> {
    this.#data ??= (this.#c.load ?? (() => import('./pack-data.ts')))()
    return this.#data
  }

  /** Once for a run of the node; what is here already is known to the door. After a failure the next one tries again. */
  #take(): Promise<void> {
    if (!this.#isTaken) return Promise.resolve()
    this.#taking ??= this.#ingest().catch((error: unknown) => {
      this.#taking = null
      this.#c.logger.warn({ err: error }, 'the welcome pack was not taken in')
    })
    return this.#taking
  }

  async #ingest(): Promise<void> {
    const { WELCOME_PACK } = await this.#load()
    const reader = await ArchiveReader.open(fromBytes(Buffer.from(WELCOME_PACK, 'base64')), this.#network)
    for await (const { operations, records } of reader.read()) {
      await this.#c.door.ingest({ operations, records }, SOURCE)
    }
  }
}

function fromBytes(bytes: Uint8Array): ArchiveSource {
  return {
    size: bytes.length,
    modifiedMs: 0,
    readAt: async (offset, length) => bytes.slice(offset, offset + length),
    close: async () => {},
  }
}
