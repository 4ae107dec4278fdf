import * as raw from 'multiformats/codecs/raw'
import { expect, it, onTestFinished } from 'vitest'
import { cidOf } from '../../core/media/dag.ts'
import { HeliaHost } from '../../core/media/helia-host.ts'
import { createHost } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { MemoryTables } from '../harness/media/memory-tables.ts'
import { eventually } from '../harness/wait.ts'

async function startHelia() {
  const tables = new MemoryTables()
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: systemRandom(32),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  const helia = new HeliaHost({ libp2p: host.libp2p, blocks: tables, logger: silentLogger })
  await helia.start()
  onTestFinished(async () => {
    await helia.stop()
    await host.stop()
  })
  return { tables, host, helia }
}

it('packs an answer of bounded size for a peer that wants everything at once', { timeout: 60_000 }, async () => {
  const [holder, eater] = await Promise.all([startHelia(), startHelia()])
  const blocks = Array.from({ length: 121 }, () => {
    const bytes = systemRandom(2_000)
    return { cid: cidOf(raw.code, bytes), bytes }
  })
  await holder.tables.putBlocks(blocks.map(({ cid, bytes }) => ({ cid: cid.bytes, bytes })))
  const peer = await eater.host.dial(holder.host.addresses()[0] as string)
  await eventually('they talk', () => eater.helia.peers().includes(peer))
  const received = new Set<string>()
  eater.helia.subscribe((event) => event.type === 'block' && received.add(event.cid.toString()))
  const [last, ...all] = blocks.map(({ cid }) => ({ cid, kind: 'block' as const }))
  if (last === undefined) throw new Error('there is no block')
  await eater.helia.send(peer, all)
  await eventually('something comes', () => received.size > 0)
  await eater.helia.send(peer, [last])
  await eventually('the last one comes', () => received.has(last.cid.toString()))
  expect(received.size).toBeLessThanOrEqual(33)
})
