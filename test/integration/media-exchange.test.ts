import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes } from '../../core/util/bytes.ts'
import { JsonProcess } from '../harness/json-process.ts'
import { pictures, pngChunk } from '../harness/media/pictures.ts'
import { programFile } from '../harness/programs.ts'
import { eventually } from '../harness/wait.ts'

const processes: JsonProcess[] = []
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.stop()))
})

async function startPeer(): Promise<{ peer: JsonProcess; address: string }> {
  const peer = new JsonProcess(programFile('peer-process'), [])
  processes.push(peer)
  return { peer, address: (await peer.next()).address as string }
}

/** A PNG of about `mebibytes`, none of whose leaves is like another. */
function pictureOf(mebibytes: number): Uint8Array {
  const filler = new Uint8Array(mebibytes * 1024 * 1024)
  for (let i = 0, x = 1; i < filler.length; i++) {
    x = (x * 1_103_515_245 + 12_345) & 0x7fffffff
    filler[i] = x >> 16
  }
  return concatBytes(pictures.png.subarray(0, 33), pngChunk('IDAT', filler), pictures.png.subarray(33))
}

async function add(peer: JsonProcess, bytes: Uint8Array) {
  return (await peer.ask({ do: 'add', base64: Buffer.from(bytes).toString('base64') })) as {
    cid: string
    type: string
    size: number
  }
}

describe('media between real peers', { timeout: 120_000 }, () => {
  it('brings a picture of five leaves to another process, bytes identical by CID', async () => {
    const [author, follower] = await Promise.all([startPeer(), startPeer()])
    const media = await add(author.peer, pictureOf(4))
    await follower.peer.ask({ do: 'claim', ...media })
    await follower.peer.ask({ do: 'dial', address: author.address })
    expect(await follower.peer.ask({ do: 'fetch', cid: media.cid })).toEqual({ state: 'here' })
    const [theirs, ours] = [
      await author.peer.ask({ do: 'read', cid: media.cid }),
      await follower.peer.ask({ do: 'read', cid: media.cid }),
    ]
    expect(ours.type).toBe('image/png')
    expect(ours.base64).toBe(theirs.base64)
    expect(await add(follower.peer, Buffer.from(ours.base64 as string, 'base64'))).toMatchObject({ cid: media.cid })
  })

  it('costs one copy although three connected peers hold it', async () => {
    const holders = await Promise.all([startPeer(), startPeer(), startPeer()])
    const reader = await startPeer()
    const bytes = pictureOf(2)
    const [media] = await Promise.all(holders.map(({ peer }) => add(peer, bytes)))
    if (media === undefined) throw new Error('nothing was added')
    for (const { address } of holders) await reader.peer.ask({ do: 'dial', address })
    await reader.peer.ask({ do: 'claim', ...media })
    expect(await reader.peer.ask({ do: 'fetch', cid: media.cid })).toEqual({ state: 'here' })
    const { receivedBytes } = await reader.peer.ask({ do: 'traffic' })
    expect(receivedBytes).toBeGreaterThan(media.size)
    expect(receivedBytes).toBeLessThan(1.2 * media.size)
  })

  it('passes a picture on through a peer that is still waiting for it itself', async () => {
    const [author, seed, follower] = await Promise.all([startPeer(), startPeer(), startPeer()])
    const media = await add(author.peer, pictures.jpeg)
    for (const { peer } of [seed, follower]) await peer.ask({ do: 'claim', ...media })
    await follower.peer.ask({ do: 'dial', address: seed.address })
    await seed.peer.ask({ do: 'dial', address: author.address })
    const file = await eventually('the picture has come through the seed', async () => {
      const answer = await follower.peer.ask({ do: 'read', cid: media.cid })
      return answer.type === 'image/jpeg' ? answer : null
    })
    expect(Buffer.from(file.base64 as string, 'base64')).toHaveLength(media.size)
  })
})
