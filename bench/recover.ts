/**
 * An account of 10,000 records back on a new computer, three ways: by its 24 words, by linking it to a device that is
 * still there, by two of three guardians of whom the third is never there. From the first call on the new computer to
 * the last record in its store; people answer at once. The floor is a node that pins the same author and gets the same
 * records from the same seed by sync alone. Each time it is checked that of every device's log all is here up to the
 * last head that the device signed, that the address is the same, that the follows are back, and that a follower sees
 * what the new computer writes as that person's. Loopback only; the new computer and the seed are processes of their own.
 *
 *     node bench/recover.ts [--rounds 3]
 */
import { join } from 'node:path'
import type { LocalConnection } from '../core/node/local-client.ts'
import { type HeldDeviceLog, listMissing, readDeviceLogs } from '../test/harness/device-logs.ts'
import { eventually } from '../test/harness/wait.ts'
import { alternate, median, printFigure, printMachine, readRounds } from './harness.ts'
import { FRIEND, GUARDIAN_DELAY_MS, prepareLostLaptop } from './lost-laptop.ts'
import { PeerProcess } from './peer-process.ts'

type Client = LocalConnection['client']

const POLL_MS = 25
const DEADLINE_MS = 10 * 60_000

printMachine()
const world = await prepareLostLaptop()
const { friend, guardians, profile, second, seed, words } = world
/** What devices of earlier rounds have signed. */
const earlier: HeldDeviceLog[] = []
let nodes = 0

async function polled(wish: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + DEADLINE_MS
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`never: ${wish}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** A new computer; `begin` starts the clock. Resolves with the milliseconds until `isBack`, once `check` has passed. */
async function measure(
  options: readonly string[],
  begin: (client: Client) => Promise<unknown>,
  isBack: (client: Client, signed: readonly HeldDeviceLog[]) => Promise<boolean>,
  check: (client: Client, dataDir: string) => Promise<void>,
): Promise<number> {
  const signed = [...(await world.signed()), ...earlier]
  const dataDir = join(world.folder, `node ${nodes++}`)
  const peer = await PeerProcess.start('start', dataDir, options)
  const { client, close } = await peer.connect()
  try {
    const startedAt = performance.now()
    await begin(client)
    await polled('all is back', () => isBack(client, signed))
    const tookMs = performance.now() - startedAt
    process.stderr.write(`  ${Math.round(tookMs)} ms\n`)
    await check(client, dataDir)
    return tookMs
  } finally {
    await close()
    await peer.stop()
  }
}

async function holdsAsMany(client: Client, signed: readonly HeldDeviceLog[]): Promise<boolean> {
  const { storage } = await client.network.status()
  return storage.records >= signed.reduce((sum, { head }) => sum + head, 0)
}

/** The way back that `begin` begins; a follow more is a record more, so the friend is followed from the second device. */
async function measureWay(begin: (client: Client) => Promise<unknown>): Promise<number> {
  return await measure(
    [],
    begin,
    async (client, signed) => {
      // Others' records count here too; asking for each device costs the store more.
      if (!(await holdsAsMany(client, signed))) return false
      const items = await client.devices.list().then(
        (list) => list.items,
        () => [],
      )
      return signed.every(({ device, head }) => items.some((one) => one.peerId === device && one.records >= head))
    },
    async (client, dataDir) => {
      const signed = [...(await world.signed()), ...earlier]
      await eventually('every head', () => listMissing(dataDir, profile, signed).length === 0)
      const account = await client.account.get()
      if (account.profile !== profile) throw new Error(`another address: ${account.profile}`)
      await eventually('the follow', async () => {
        const { items } = await client.follows.list()
        return items.length === 1 && items[0]?.name === FRIEND && items[0]?.state === 'following'
      })
      const { id } = await client.posts.create({ text: 'from the new computer' })
      const seen = await eventually('the friend sees it', () => friend.api.posts.get({ id }).catch(() => null))
      if (seen.author !== profile || seen.name !== 'Nour') throw new Error(`seen as ${seen.name}, ${seen.author}`)
      await eventually('a seed keeps it', async () => (await client.network.status()).storage.ownUnheld === 0)
      const { peerId } = account.device
      earlier.push(...readDeviceLogs(dataDir, profile).filter(({ device }) => device === peerId))
    },
  )
}

async function link(client: Client): Promise<void> {
  const { link: shown } = await second.api.link.offer()
  await client.link.join({ link: shown ?? '', name: 'linked' })
  await polled('the codes', async () => {
    const [a, b] = await Promise.all([client.link.status(), second.api.link.status()])
    if (a.step === 'failed') throw new Error(`linking failed: ${a.failure}`)
    return a.step === 'compare' && b.step === 'compare' && a.code === b.code
  })
  await Promise.all([client.link.confirm({ matches: true }), second.api.link.confirm({ matches: true })])
}

async function askGuardians(client: Client): Promise<void> {
  const status = await client.recovery.askGuardians({ profile, addresses: [seed] })
  const { link: shown } = status.guardians ?? { link: '' }
  for (const { api } of guardians) {
    await polled('the guardian agrees', () =>
      api.guardians.approve({ link: shown }).then(
        () => true,
        () => false,
      ),
    )
  }
}

try {
  const taken = { words: [] as number[], linked: [] as number[], guardians: [] as number[] }
  const synced: number[] = []
  await alternate(readRounds(3), {
    'by words': async () => {
      taken.words.push(
        await measureWay((client) => client.recovery.start({ secret: words, addresses: [seed], name: 'by words' })),
      )
    },
    'by a linked device': async () => void taken.linked.push(await measureWay(link)),
    'by guardians': async () => void taken.guardians.push(await measureWay(askGuardians)),
    'plain sync': async () => {
      const begin = (client: Client) => client.network.connect({ address: seed })
      synced.push(await measure(['--pin', profile], begin, holdsAsMany, async () => {}))
    },
  })
  const floor = { name: 'plain sync', value: median(synced) }
  for (const [way, samples] of Object.entries(taken)) {
    printFigure({ figure: `recover.${way}`, unit: 'ms', value: median(samples), floor, samples: samples.length })
  }
  process.stderr.write(
    `by guardians: with ${GUARDIAN_DELAY_MS} ms of waiting instead of 72 hours, records come meanwhile\n`,
  )
} finally {
  await world.close()
}
