import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JoinView, MadeInvitation } from '../../core/contract/invitations.ts'
import { connectLocal, type LocalConnection } from '../../core/node/local-client.ts'
import { decodeInvitation } from '../../core/record/invitation.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const PROMISED_MS = 60_000
const TEA = 'tea under the plane tree'
const MARKET = 'the market opens at seven'

const seedIdsOf = (link: string) => {
  const decoded = decodeInvitation(link)
  return decoded.ok ? decoded.invitation.seeds.map((address) => address.split('/p2p/')[1]) : []
}

describe('a newcomer with an empty folder, by processes', () => {
  const hosts: HostProcess[] = []
  const connections: LocalConnection[] = []
  let home: string
  let seeds: HostProcess[]
  let inviter: HostProcess
  let awa: LocalConnection['client']
  const data = (name: string) => ['--data', join(home, name)]
  const start = async (role: 'start' | 'seed', name: string, ...options: string[]) => {
    const host = await HostProcess.start([role, ...data(name), '--name', name, '--port', '0', ...options])
    hosts.push(host)
    return host
  }
  const clientOf = async (name: string) => {
    const connection = await connectLocal(join(home, name))
    connections.push(connection)
    return connection.client
  }
  const textsOf = async (client: LocalConnection['client']) =>
    (await client.timeline.home({})).items.map(({ text }) => text)

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'palabre-invitations-'))
    seeds = await Promise.all(['mill', 'library'].map((name) => start('seed', name)))
    const peers = seeds.flatMap(({ ready }) => ['--peer', ready.addresses[0] as string])
    inviter = await start('start', 'Awa', ...peers)
    const friend = await start('start', 'Tom', ...peers)
    awa = await clientOf('Awa')
    const tom = await clientOf('Tom')
    await tom.posts.create({ text: TEA })
    await awa.posts.create({ text: MARKET })
    await awa.follows.add({ profile: friend.ready.profile as string })
    await eventually('Awa reads Tom', async () => (await textsOf(awa)).includes(TEA))
    await eventually('two seeds keep what Awa wrote', async () => {
      const { peers: met, storage } = await awa.network.status()
      return met.filter(({ role, ownHeld }) => role === 'seed' && ownHeld === storage.ownRecords).length === 2
    })
    // What is read of him from here on comes from seeds.
    await friend.stop()
  })
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()))
    await Promise.all(hosts.map((host) => host.stop()))
    await rm(home, { recursive: true, force: true })
  })

  it('reads the inviter and the pack within a minute; by one without seeds it meets nobody: the control (INV7)', async () => {
    const file = join(home, 'for Ibou.palabre-invitation')
    const made = await runPalabre(['invite', '--people', 'all', '--out', file, ...data('Awa')])
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: `${file}: 2 seeds, people besides you: 1\n` })
    const invitation = await readFile(file, 'utf8')
    expect(new Set(seedIdsOf(invitation))).toEqual(new Set(seeds.map(({ ready }) => ready.peerId)))
    const people = (await awa.follows.list()).items.map(({ profile }) => profile)
    const bare = (await awa.invitations.make({ people, seeds: [] })).link
    await inviter.stop()

    await start('start', 'Control')
    const control = await clientOf('Control')
    const everybody = [inviter.ready.profile as string, ...people]
    await control.invitations.accept({ text: bare, seeds: [], people: everybody })

    await start('start', 'Ibou')
    const joined = await runPalabre(['join', file, '--yes', '--json', ...data('Ibou')])
    expect(joined).toMatchObject({ code: 0, stderr: '' })
    const last = JSON.parse(joined.stdout.trimEnd().split('\n').at(-1) as string) as JoinView
    expect(last).toMatchObject({ isDone: true, needsAccount: false, inviter: { name: 'Awa' } })
    expect(last.people.map(({ name, state }) => [name, state])).toEqual([
      ['Awa', 'following'],
      ['Tom', 'following'],
    ])
    const ibou = await clientOf('Ibou')
    const readsBoth = async () => {
      const read = await textsOf(ibou)
      return read.includes(TEA) && read.includes(MARKET)
    }
    await eventually('both posts stand at home', readsBoth, PROMISED_MS)

    expect((await control.network.status()).peers).toEqual([])
    expect(await textsOf(control)).toEqual([])
    expect((await control.invitations.status()).join).toMatchObject({
      isDone: false,
      people: [{ state: 'pending' }, { state: 'pending' }],
    })
  })

  it('is asked first, and told what is wrong', async () => {
    const [seed] = seeds
    const { link } = await (await clientOf('mill')).invitations.make({})
    expect(seedIdsOf(link)).toContain(seed?.ready.peerId)
    const unasked = await runPalabre(['join', link, ...data('library')])
    expect(unasked).toMatchObject({ code: 2 })
    expect(unasked.stderr).toContain('--yes')
    const own = await runPalabre(['join', link, '--yes', '--json', ...data('mill')])
    expect(own.code).toBe(1)
    expect(JSON.parse(own.stdout)).toMatchObject({
      error: { code: 'bad-invitation', message: expect.stringContaining('itself') },
    })
    const damaged = join(home, 'damaged.palabre-invitation')
    await writeFile(damaged, link.replace('n=local', 'n=public'))
    const refused = await runPalabre(['join', damaged, '--yes', '--json', ...data('library')])
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'bad-invitation', message: expect.stringContaining('another network') },
    })
    await writeFile(damaged, 'x'.repeat(20_000))
    expect((await runPalabre(['join', damaged, '--yes', ...data('library')])).stderr).toContain('20000 bytes')
  })
})

describe('an invitation, between nodes', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  async function makeWorld() {
    const seed = await square.add({ role: 'seed', name: 'mill' })
    const awa = await square.add({ name: 'Awa', peers: [await seed.address()] })
    const { id } = await awa.api.posts.create({ text: MARKET })
    await seed.holdsPost(id)
    await eventually('the seed is met', async () =>
      (await awa.api.invitations.seeds()).items.some(({ kind, isSuggested }) => kind === 'seed' && isSuggested),
    )
    const made: MadeInvitation = await awa.api.invitations.make({})
    return { seed, awa, made, inviter: await awa.profile() }
  }

  it('is kept while there is no account, over a restart, and followed when there is one (INV7)', async () => {
    const { made, inviter } = await makeWorld()
    const newcomer = await square.add()
    const { invitation } = await newcomer.api.invitations.read({ text: made.file.text })
    expect(invitation).toMatchObject({ inviter: { profile: inviter, name: 'Awa', follow: 'none' }, signer: 'unknown' })
    expect((await newcomer.api.network.status()).peers).toEqual([])
    const choice = { text: made.link, seeds: made.seeds, people: [inviter] }
    expect(await newcomer.api.invitations.accept(choice)).toMatchObject({ needsAccount: true, isDone: false })
    await newcomer.stop()
    await newcomer.start()
    await eventually('the seed is there again', async () => (await newcomer.api.network.status()).seeds === 1)
    expect((await newcomer.api.invitations.status()).join).toMatchObject({
      people: [{ state: 'pending' }],
      needsAccount: true,
    })
    await eventually('the inviter’s chain is here', async () => {
      const { invitation: now } = await newcomer.api.invitations.read({ text: made.link })
      return now?.signer === 'active'
    })
    expect(await newcomer.api.invitations.accept(choice)).toMatchObject({ people: [{ state: 'pending' }] })
    await newcomer.api.account.create({ name: 'Ibou' })
    await newcomer.seesAtHome(MARKET)
    await eventually('it is done', async () => (await newcomer.api.invitations.status()).join?.isDone)
    const again = await newcomer.api.invitations.accept(choice)
    expect(again).toMatchObject({ isDone: true, people: [{ state: 'following' }] })
    expect((await newcomer.api.follows.list()).items).toHaveLength(1)
    expect((await newcomer.api.invitations.read({ text: made.link })).invitation?.signer).toBe('active')
  })

  it('finds whoever could not be reached at first, when a seed is up again', async () => {
    const { seed, awa, made, inviter } = await makeWorld()
    const port = (await seed.address()).split('/')[4]
    await Promise.all([seed.stop(), awa.stop()])
    const newcomer = await square.add({ name: 'Ibou' })
    await newcomer.api.invitations.accept({ text: made.link, seeds: made.seeds, people: [inviter] })
    await eventually('the seed is said to be away', async () =>
      (await newcomer.api.invitations.status()).join?.seeds.some(
        ({ state, cause }) => state === 'unreachable' && cause,
      ),
    )
    await seed.start({ listen: [`/ip4/127.0.0.1/tcp/${port}`] })
    await newcomer.seesAtHome(MARKET)
    expect((await newcomer.api.invitations.status()).join).toMatchObject({
      isDone: true,
      seeds: [{ state: 'connected' }],
    })
  })
})
