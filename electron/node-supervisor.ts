import type { MessagePortMain, UtilityProcess } from 'electron'
import type { NodeCommand, NodeReport } from './app-origin.ts'
import { RestartPolicy } from './restart-policy.ts'

/** Longest wait for the bytes of one picture; they are on disk or they are not. */
const MEDIA_TIMEOUT_MS = 15_000
/** Pictures that may be asked for at once. */
const MAX_PENDING_MEDIA = 256
/** A clean stop takes at most 5 s (docs/cli.md); then the process is ended. */
const STOP_TIMEOUT_MS = 5_000

export interface NodeSupervisorInit {
  /** Starts the process; called again after each death. */
  readonly fork: () => UtilityProcess
  /** A node has started or started again: pages should connect. */
  readonly onStarted: () => void
  /** The vault is sealed: somebody is to be asked. `attempt` counts from 1 until the vault opens. */
  readonly onLocked: (attempt: number) => void
  /** The node can't run and trying again would not help: code and sentence for the person. */
  readonly onFailed: (code: string, message: string) => void
  readonly now?: () => number
}

/** Codes after which a restart can't help. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'data-dir-in-use',
  'database-newer',
  'database-damaged',
  'database-readonly',
  'vault-damaged',
  'vault-locked',
  'vault-newer',
])

interface PendingMedia {
  readonly resolve: (media: { type: string; bytes: Uint8Array } | null) => void
  readonly timer: NodeJS.Timeout
}

/**
 * Keeps one node process alive: starts it, starts it again with back-off when it dies, hands it ports for pages and
 * the passphrase of a sealed vault, and asks it for pictures. Invariant: at most one process at a time.
 */
export class NodeSupervisor {
  readonly #init: NodeSupervisorInit
  readonly #policy = new RestartPolicy()
  readonly #media = new Map<number, PendingMedia>()
  #process: UtilityProcess | null = null
  #isReady = false
  /** A passphrase is waited for. */
  #isLocked = false
  #attempts = 0
  #isStopping = false
  #hasFailed = false
  #startedAt = 0
  #nextMediaId = 1
  #restartTimer: NodeJS.Timeout | null = null
  #waitingPorts: MessagePortMain[] = []

  constructor(init: NodeSupervisorInit) {
    this.#init = init
  }

  /** True while a node answers. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** How often the passphrase was asked for, while it is; null otherwise. */
  get lockedAttempt(): number | null {
    return this.#isLocked ? this.#attempts : null
  }

  /** Hands the passphrase to the node that waits for it, and keeps nothing of it. */
  unlock(passphrase: string): void {
    if (!this.#isLocked) return
    this.#isLocked = false
    this.#send({ type: 'unlock', passphrase })
  }

  start(): void {
    this.#startedAt = (this.#init.now ?? Date.now)()
    const child = this.#init.fork()
    this.#process = child
    child.on('message', (report: NodeReport) => this.#onReport(report))
    child.once('exit', () => this.#onExit(child))
  }

  /** Hands the node one end of a channel; kept until the node is ready, the newest only. */
  connect(port: MessagePortMain): void {
    if (this.#process !== null && this.#isReady) {
      this.#send({ type: 'connect' }, [port])
      return
    }
    for (const older of this.#waitingPorts) older.close()
    this.#waitingPorts = [port]
  }

  /** Bytes of a picture with their sniffed type; null where they aren't held or the node doesn't answer in time. */
  readMedia(cid: string): Promise<{ type: string; bytes: Uint8Array } | null> {
    if (!this.#isReady || this.#media.size >= MAX_PENDING_MEDIA) return Promise.resolve(null)
    const id = this.#nextMediaId++
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settleMedia(id, null), MEDIA_TIMEOUT_MS)
      this.#media.set(id, { resolve, timer })
      this.#send({ type: 'media', id, cid })
    })
  }

  /** Asks the node to stop and waits for its end; ends it after 5 s. */
  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer)
    const child = this.#process
    if (child === null) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill(), STOP_TIMEOUT_MS)
      child.once('exit', () => {
        clearTimeout(timer)
        resolve()
      })
      this.#send({ type: 'stop' })
    })
  }

  #send(command: NodeCommand, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(command, ports)
  }

  #onReport(report: NodeReport): void {
    if (report.type === 'ready') {
      this.#isReady = true
      this.#isLocked = false
      this.#attempts = 0
      for (const port of this.#waitingPorts) this.#send({ type: 'connect' }, [port])
      this.#waitingPorts = []
      this.#init.onStarted()
    } else if (report.type === 'media') {
      this.#settleMedia(report.id, report.media)
    } else if (report.type === 'locked') {
      this.#isLocked = true
      this.#attempts += 1
      this.#init.onLocked(this.#attempts)
    } else if (!this.#isStopping) {
      this.#hasFailed = FINAL_CODES.has(report.code)
      this.#process?.kill()
      if (this.#hasFailed) this.#init.onFailed(report.code, report.message)
    }
  }

  #settleMedia(id: number, media: { type: string; bytes: Uint8Array } | null): void {
    const pending = this.#media.get(id)
    if (pending === undefined) return
    this.#media.delete(id)
    clearTimeout(pending.timer)
    pending.resolve(media)
  }

  #onExit(child: UtilityProcess): void {
    if (this.#process !== child) return
    this.#process = null
    this.#isReady = false
    this.#isLocked = false
    for (const id of [...this.#media.keys()]) this.#settleMedia(id, null)
    if (this.#isStopping || this.#hasFailed) return
    const livedMs = (this.#init.now ?? Date.now)() - this.#startedAt
    this.#restartTimer = setTimeout(() => this.start(), this.#policy.nextDelayMs(livedMs))
  }
}
