import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { StandinPort, WireMessage } from './message-ports.ts'

const SHIM = fileURLToPath(new URL('./utility-shim.ts', import.meta.url))

/** Electron's utilityProcess on a Node.js child process; ports are carried over the process's own channel. */
export class StandinUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  readonly #ports = new Map<number, StandinPort>()
  #nextPort = 1

  constructor(modulePath: string, args: readonly string[]) {
    super()
    this.#child = fork(modulePath, [...args], { execArgv: ['--import', SHIM], serialization: 'advanced' })
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message: WireMessage) => this.#onMessage(message))
    this.#child.on('exit', (code) => {
      for (const port of this.#ports.values()) port.close()
      this.#ports.clear()
      this.emit('exit', code ?? 1)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  postMessage(data: unknown, transfer: readonly StandinPort[] = []): void {
    const ports = transfer.map((port) => this.#adopt(port))
    this.#send({ kind: 'post', data, ports })
  }

  kill(): boolean {
    return this.#child.kill('SIGKILL')
  }

  #adopt(port: StandinPort): number {
    const id = this.#nextPort++
    this.#ports.set(id, port)
    port.on('message', (event: { data: unknown }) => this.#send({ kind: 'port-data', port: id, data: event.data }))
    port.on('close', () => {
      if (this.#ports.delete(id)) this.#send({ kind: 'port-close', port: id })
    })
    port.start()
    return id
  }

  #send(message: WireMessage): void {
    if (this.#child.connected) this.#child.send(message)
  }

  #onMessage(message: WireMessage): void {
    if (message.kind === 'post') this.emit('message', message.data)
    else if (message.kind === 'port-data') this.#ports.get(message.port)?.postMessage(message.data)
    else this.#ports.get(message.port)?.close()
  }
}
