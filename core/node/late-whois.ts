import type { WhoisQuestion } from '../account/whois-frames.ts'
import type { ChainAsker } from '../account/whois-service.ts'
import type { AbortOptions } from '../util/startable.ts'

/** Stands in for asking peers until there is a network: nobody can be asked before. */
export class LateWhois implements ChainAsker {
  readonly #running: Promise<{ readonly whois: ChainAsker }>
  readonly #listeners = new Set<() => void>()
  #whois: ChainAsker | null = null

  constructor(running: Promise<{ readonly whois: ChainAsker }>) {
    this.#running = running
    running.then(
      ({ whois }) => {
        this.#whois = whois
        whois.onPeer(() => this.#tell())
        this.#tell()
      },
      // Whoever asks is told why.
      () => {},
    )
  }

  peers(): readonly string[] {
    return this.#whois?.peers() ?? []
  }

  onPeer(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async ask(peerId: string, question: WhoisQuestion, options?: AbortOptions): Promise<readonly Uint8Array[]> {
    return await (await this.#running).whois.ask(peerId, question, options)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
