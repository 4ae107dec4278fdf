import { rm } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { clientOf, TestSquare } from '../harness/square.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'

it('a node says how its clock compares with those of seeds', async () => {
  const square = new TestSquare()
  square.watch()
  onTestFinished(() => square.close())
  const seed = await square.add({ role: 'seed' })
  const dataDir = makeTempDir()
  const config = { role: 'peer', name: 'Ahead', announce: [], pins: [], admit: 'all' } as const
  const ahead = await createNode(
    {
      ...config,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      peers: [await seed.address()],
      network: await loadNetworkDescriptor('local'),
      dataDir,
    },
    { logger: silentLogger, clock: { now: () => Date.now() + 300_000 } },
  )
  onTestFinished(async () => {
    await ahead.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const api = clientOf(ahead)
  expect((await api.network.status()).clock).toEqual({ offsetMs: null, warning: false })
  await ahead.start()
  const clock = await eventually('it has met the seed', async () => {
    const { clock: seen } = await api.network.status()
    return seen.offsetMs === null ? null : seen
  })
  expect(clock.warning).toBe(true)
  expect(Math.abs((clock.offsetMs ?? 0) - 300_000)).toBeLessThan(60_000)
  // The control: the seed has met nobody whose clock counts for it.
  expect((await seed.api.network.status()).clock).toEqual({ offsetMs: null, warning: false })
})
