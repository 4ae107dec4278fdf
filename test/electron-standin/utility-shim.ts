import { EventEmitter } from 'node:events'
import { StandinPort, type WireMessage } from './message-ports.ts'

/** Loaded before the node process's own code: gives it `process.parentPort`, as Electron does. */
const ports = new Map<number, StandinPort>()

function send(message: WireMessage): void {
  if (process.connected) process.send?.(message)
}

class StandinParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send({ kind: 'post', data, ports: [] })
  }
}

const parentPort = new StandinParentPort()

function adopt(id: number): StandinPort {
  const port = new StandinPort()
  port.connect(
    (data) => send({ kind: 'port-data', port: id, data }),
    () => {
      if (ports.delete(id)) send({ kind: 'port-close', port: id })
    },
  )
  ports.set(id, port)
  return port
}

process.on('message', (message: WireMessage) => {
  if (message.kind === 'post') {
    parentPort.emit('message', { data: message.data, ports: message.ports.map(adopt) })
  } else if (message.kind === 'port-data') ports.get(message.port)?.receive(message.data)
  else ports.get(message.port)?.close()
})
process.on('disconnect', () => process.exit(1))
Object.defineProperty(process, 'parentPort', { value: parentPort })
