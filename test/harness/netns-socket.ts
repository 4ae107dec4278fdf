/**
 * Plain sockets inside a namespace, a command a run: `listen PORT` says "listening", then "taken" for each connection;
 * `dial HOST PORT MS` says "connected" or "failed"; `udp PORT MS HOST:PORT…` says hello to each of the others from one
 * socket until the time is up, and says from where it heard what.
 */
import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'

const [verb, ...args] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

if (verb === 'listen') {
  createServer((socket) => {
    say('taken')
    socket.on('error', () => {})
    socket.end()
  }).listen({ host: '0.0.0.0', port: Number(args[0]) }, () => say('listening'))
} else if (verb === 'dial') {
  const socket = connect({ host: args[0] as string, port: Number(args[1]) })
  const end = (line: string) => {
    say(line)
    process.exit(0)
  }
  socket.once('connect', () => end('connected'))
  socket.once('error', () => end('failed'))
  setTimeout(() => end('failed'), Number(args[2]))
} else if (verb === 'udp') {
  const heard = new Set<string>()
  const socket = createSocket('udp4')
  socket.on('message', (message, { address, port }) => {
    const line = `${message} from ${address}:${port}`
    if (!heard.has(line)) say(line)
    heard.add(line)
  })
  socket.bind(Number(args[0]))
  setInterval(() => {
    for (const target of args.slice(2)) {
      const [host = '', port] = target.split(':')
      socket.send('hello', Number(port), host, () => {})
    }
  }, 50)
  setTimeout(() => process.exit(0), Number(args[1]))
}
