import { Worker } from 'node:worker_threads'
import type { Judgement, SignatureInput, SignatureJudges } from '../ingest/signature-judges.ts'
import { bytesName } from '../store/bytes-name.ts'
import type { Logger } from '../util/logger.ts'
import { type JudgeAnswer, type JudgeQuestion, packInputs, unpackJudgements } from './judge-messages.ts'

/** Keys of a batch from which on each thread judges those of its own, whose keys it knows by then. */
const MANY_KEYS = 32
const IDLE_MS = 60_000
/** Nearly all that a thread allocates is gone with its question: without limits it would pile up. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 }

export interface JudgePoolInit {
  /** Threads that judge at once. */
  readonly threads: number
  /** Entry of a thread, where it doesn't lie beside this file. */
  readonly worker?: URL
}

interface Judge {
  readonly worker: Worker
  readonly waiting: Map<number, (answer: JudgeAnswer | null) => void>
}

/**
 * Threads that judge signatures for the store's, all day long in a big sync or an import: the platform's own thread pool
 * takes a third as long again for handing them over one by one. They are started by the first question and end when
 * nobody has asked for a minute. When one of them fails nothing is judged ahead any more.
 */
export class JudgePool implements SignatureJudges {
  readonly #logger: Logger
  readonly #init: JudgePoolInit
  #judges: Judge[] = []
  #lastCall = 0
  #hasFailed = false
  #idle: NodeJS.Timeout | undefined

  constructor(components: { readonly logger: Logger }, init: JudgePoolInit) {
    this.#logger = components.logger
    this.#init = init
  }

  async judge(inputs: readonly SignatureInput[]): Promise<readonly Judgement[]> {
    const judgements: Judgement[] = new Array(inputs.length).fill(undefined)
    if (this.#hasFailed) return judgements
    this.#start()
    const shares = this.#share(inputs)
    await Promise.all(
      shares.map(async (share, i) => {
        if (share.length === 0) return
        const answer = await this.#ask(
          this.#judges[i],
          share.map((at) => inputs[at] as SignatureInput),
        )
        for (const [n, judgement] of (answer ?? []).entries()) judgements[share[n] as number] = judgement
      }),
    )
    return judgements
  }

  /** Ends all threads; what waits stays unjudged. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const judges = this.#judges
    this.#judges = []
    for (const { waiting } of judges) for (const settle of waiting.values()) settle(null)
    await Promise.all(judges.map(({ worker }) => worker.terminate()))
  }

  #start(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), IDLE_MS)
    this.#idle.unref()
    if (this.#judges.length === 0) this.#judges = Array.from({ length: this.#init.threads }, () => this.#makeJudge())
  }

  #makeJudge(): Judge {
    const file = import.meta.url.endsWith('.ts') ? './judge-worker.ts' : './judge-worker.js'
    const entry = this.#init.worker ?? new URL(file, import.meta.url)
    const worker = new Worker(entry, { name: 'palabre-judge', resourceLimits: LIMITS })
    const judge: Judge = { worker, waiting: new Map() }
    worker.unref()
    worker.on('message', (answer: JudgeAnswer) => {
      judge.waiting.get(answer.call)?.(answer)
      judge.waiting.delete(answer.call)
    })
    worker.on('error', (error) => {
      this.#logger.error(
        { error: String(error) },
        'a thread that judges signatures has failed: they are judged in turn',
      )
      this.#hasFailed = true
      void this.close()
    })
    return judge
  }

  #ask(judge: Judge | undefined, inputs: readonly SignatureInput[]): Promise<Judgement[] | null> {
    if (judge === undefined) return Promise.resolve(null)
    const question: JudgeQuestion = { call: ++this.#lastCall, parts: packInputs(inputs) }
    return new Promise((resolve) => {
      judge.waiting.set(question.call, (answer) => resolve(answer === null ? null : unpackJudgements(answer.codes)))
      judge.worker.postMessage(question, [question.parts.buffer])
    })
  }

  /** Which inputs each thread gets: those of its keys, or where there are few keys as many as the others. */
  #share(inputs: readonly SignatureInput[]): number[][] {
    const { threads } = this.#init
    const shares: number[][] = Array.from({ length: threads }, () => [])
    const hasMany = new Set(inputs.map(({ key }) => bytesName(key))).size >= MANY_KEYS
    for (const [i, { key }] of inputs.entries()) {
      shares[hasMany ? (key[0] ?? 0) % threads : Math.floor((i * threads) / inputs.length)]?.push(i)
    }
    return shares
  }
}
