import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes } from '../../core/util/bytes.ts'
import { JsonProcess } from '../harness/json-process.ts'
import { pictures, pngChunk } from '../harness/media/pictures.ts'
import { programFile } from '../harness/programs.ts'

const PEER = programFile('peer-process')
/** From its own files, as others run it. */
const STOCK = new URL('../harness/media/stock-helia-process.ts', import.meta.url).pathname

const processes: JsonProcess[] = []
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.stop()))
})

function start(program: string): JsonProcess {
  const process = new JsonProcess(program, [])
  processes.push(process)
  return process
}

const large = concatBytes(
  pictures.png.subarray(0, 33),
  pngChunk('IDAT', new Uint8Array(2_500_000).fill(7)),
  pictures.png.subarray(33),
)

describe('a stock Helia node', { timeout: 120_000 }, () => {
  it.each([
    ['one block', pictures.png],
    ['a root and three leaves', large],
  ])('fetches a picture of %s by its CID from a peer (MED1)', async (_, bytes) => {
    const [peer, stock] = [start(PEER), start(STOCK)]
    const { address } = await peer.next()
    await stock.next()
    const { cid } = await peer.ask({ do: 'add', base64: Buffer.from(bytes).toString('base64') })
    const answer = await stock.ask({ do: 'cat', address, cid })
    expect(answer.error).toBeUndefined()
    expect(Buffer.from(answer.base64 as string, 'base64').equals(bytes)).toBe(true)
  })

  it('gives the same bytes the same CID, and its file is one that we take (MED1)', async () => {
    const [peer, stock] = [start(PEER), start(STOCK)]
    await peer.next()
    const { address } = await stock.next()
    const added = await stock.ask({ do: 'add', base64: Buffer.from(large).toString('base64') })
    await peer.ask({ do: 'claim', cid: added.cid, type: 'image/png', size: large.length })
    await peer.ask({ do: 'dial', address })
    expect(await peer.ask({ do: 'fetch', cid: added.cid })).toEqual({ state: 'here' })
    const media = await peer.ask({ do: 'add', base64: Buffer.from(large).toString('base64') })
    expect(media.cid).toBe(added.cid)
  })
})
