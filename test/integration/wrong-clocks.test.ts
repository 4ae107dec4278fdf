import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { NodeClient } from '../../core/contract/client.ts'
import { connectLocal } from '../../core/node/local-client.ts'
import { HostProcess } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'
import { WrongClock } from '../harness/wrong-clock.ts'

const TIMEOUT_MS = 600_000
const PATIENCE_MS = 180_000
const LOOK_EVERY_MS = 200

interface ClockedNode {
  readonly client: NodeClient
  readonly profile: string
  readonly address: string
}

async function start(args: readonly string[], data: string, env: Readonly<Record<string, string>>) {
  const node = await HostProcess.start([...args, '--data', data], env)
  onTestFinished(async () => void (await node.stop('SIGKILL')))
  const { client } = await connectLocal(data)
  return { client, profile: node.ready.profile ?? '', address: node.ready.addresses[0] ?? '' }
}

async function wish(what: string, check: () => Promise<boolean>): Promise<void> {
  const looked = async () => {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    return await check()
  }
  await eventually(what, looked, PATIENCE_MS)
}

/** Texts of the home timeline, newest first. */
async function home({ client }: ClockedNode): Promise<string[]> {
  return (await client.timeline.home({ limit: 20 })).items.map(({ text }) => text)
}

it(
  'real processes whose clocks are 400 days off warn, and hold the same in the same order when they are set right (F14)',
  async (context) => {
    if (WrongClock.missing !== null) return context.skip(WrongClock.missing)
    const folder = makeTempDir()
    const clocks = {
      late: WrongClock.create(folder, 'late', '-400d'),
      early: WrongClock.create(folder, 'early', '+400d'),
    }
    const seed = await start(['seed'], join(folder, 'seed'), {})
    const person = (name: string, env = {}) =>
      start(['start', '--name', name, '--peer', seed.address], join(folder, name), env)
    const [late, early, right] = await Promise.all([
      person('late', clocks.late.env),
      person('early', clocks.early.env),
      person('right'),
    ])
    const people = [late, early, right]
    for (const [i, { client }] of people.entries()) {
      for (const other of people.filter((_, j) => j !== i)) await client.follows.add({ profile: other.profile })
    }
    const clockOf = async ({ client }: ClockedNode) => (await client.network.status()).clock
    const isWarned = (node: ClockedNode, sign: number) => async () => {
      const { warning, offsetMs } = await clockOf(node)
      return warning && Math.sign(offsetMs ?? 0) === sign
    }
    await wish('whose clock is late is warned', isWarned(late, -1))
    await wish('whose clock is early is warned', isWarned(early, 1))
    await wish('the right one is compared', async () => (await clockOf(right)).offsetMs !== null)
    // The control: who is right isn't warned.
    expect((await clockOf(right)).warning).toBe(false)

    await right.client.posts.create({ text: 'right' })
    await late.client.posts.create({ text: 'late' })
    await wish('what is old is taken by all', async () => (await home(right)).includes('late'))
    // It stands where its time puts it, and not on top; to the late one the other is of the future, and waits.
    expect(await home(right)).toEqual(['right', 'late'])
    expect(await home(late)).toEqual(['late'])

    // Steps: both are set right while they run, the one so that it gains a little from then on.
    clocks.late.set('+0 x1.001')
    clocks.early.set('+0')
    for (const node of [late, early]) {
      await wish('nobody is warned any more', async () => {
        const { offsetMs, warning } = await clockOf(node)
        return offsetMs !== null && !warning
      })
    }
    // Nothing was written since, and still there is a name (LOG13).
    const nameOf = async (profile: string) => (await right.client.profiles.get({ profile })).name
    await wish('who was early has a name', async () => (await nameOf(early.profile)) === 'early')
    await late.client.posts.create({ text: 'late, set right' })
    await wish('it has come', async () => (await home(right)).includes('late, set right'))
    await early.client.posts.create({ text: 'early, set right' })
    const order = ['early, set right', 'late, set right', 'right', 'late']
    for (const node of people) {
      await wish('all of it', async () => (await home(node)).length === order.length)
      expect(await home(node)).toEqual(order)
    }
  },
  TIMEOUT_MS,
)
