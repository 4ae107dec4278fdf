import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CuttableLink } from '../../harness/cuttable-link.ts'
import { eventually } from '../../harness/wait.ts'

/** A server that keeps what comes, and the way to it. */
async function build() {
  const got: Socket[] = []
  const texts: string[] = []
  const server = createServer((socket) => {
    const at = got.push(socket) - 1
    texts[at] = ''
    socket.on('data', (part: Buffer) => {
      texts[at] += part.toString()
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const link = await CuttableLink.to(`/ip4/127.0.0.1/tcp/${port}/p2p/somebody`)
  onTestFinished(async () => {
    await link.close()
    for (const socket of got) socket.destroy()
    server.close()
  })
  const dial = async () => {
    const socket = connect(Number(/tcp\/(\d+)/.exec(link.address)?.[1]), '127.0.0.1')
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    return socket
  }
  return { link, dial, got, texts }
}

describe('a link', () => {
  it('carries bytes both ways', async () => {
    const { dial, got, texts } = await build()
    const socket = await dial()
    socket.write('there')
    await eventually('they came', () => texts[0] === 'there')
    got[0]?.write('back')
    expect(String((await once(socket, 'data'))[0])).toBe('back')
  })

  it('closes what is open and what comes while it is cut', async () => {
    const { link, dial, got, texts } = await build()
    const before = await dial()
    await eventually('it came', () => got.length === 1)
    link.set('cut')
    await Promise.all([once(before, 'close'), eventually('the other end too', () => got[0]?.closed)])
    const during = await dial()
    await once(during, 'close')
    expect(got).toHaveLength(1)
    link.set('open')
    ;(await dial()).write('again')
    await eventually('they came', () => texts[1] === 'again')
  })

  it('is silent without closing, and what waited goes on', async () => {
    const { link, dial, got, texts } = await build()
    const [stays, ends] = [await dial(), await dial()]
    await eventually('they came', () => got.length === 2)
    link.set('silent')
    stays.write('late')
    ends.destroy()
    const [waits, gone] = [await dial(), await dial()]
    waits.write('patient')
    gone.destroy()
    await once(gone, 'close')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(texts).toEqual(['', ''])
    expect(got.map(({ closed }) => closed)).toEqual([false, false])
    link.set('open')
    await eventually('all came', () => texts.includes('late') && texts.includes('patient'))
    await eventually('the end came too', () => got.filter(({ closed }) => closed).length === 1)
    expect(got).toHaveLength(3)
  })
})
