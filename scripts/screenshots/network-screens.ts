import type { ImportView } from '../../core/contract/archive.ts'
import type { CatchUp } from '../../core/contract/catch-up.ts'
import type { NetworkStatus } from '../../core/contract/views.ts'
import { FAKE_DRILL } from '../../test/harness/fake/fake-drill.ts'
import { fakePeerId } from '../../test/harness/fake/ids.ts'
import type { AccountScreen } from './account-screens.ts'
import { ALL_VIEWS, type Camera, FEW_VIEWS } from './camera.ts'

const WEEK_MS = 7 * 86_400_000

const CATCH_UP: CatchUp = {
  received: 8_412,
  expected: 20_140,
  ratePerSecond: 412.6,
  secondsLeft: 132,
  startedAt: Date.now() - 20_000,
  peers: ['seed-mill', 'seed-library'].map((key) => ({
    peerId: fakePeerId(key),
    received: 4_300,
    expected: 20_140,
  })),
}

const IMPORT: ImportView = {
  file: 'square-2025.car',
  step: 'running',
  doneBytes: 212_000_000,
  totalBytes: 655_400_000,
  resumedAtBytes: null,
  operations: { added: 5_000, known: 0 },
  records: { added: 436_120, known: 1_204 },
  refused: [{ verdict: 'hold', reason: 'unknown-identity', count: 3 }],
  ratePerSecond: 5_210.4,
  secondsLeft: 170,
  startedAt: Date.now() - 85_000,
  endedAt: null,
  failure: null,
}

/** Nobody has this address. */
const STRANGER = '12D3KooWHHNkN1b3sVR4a1tVZ4LTFNxsWoYJYbUfDHzQDT7rD2uD'

const FRIEND: NetworkStatus['peers'][number] = {
  peerId: fakePeerId('awa'),
  profile: fakePeerId('awa'),
  name: 'Awa Ndiaye',
  role: 'peer',
  address: '/ip4/127.0.0.1/tcp/4003',
  direction: 'out',
  latencyMs: 31,
  connectedSince: Date.now() - 390_000,
  syncedAt: Date.now() - 60_000,
  ownHeld: 4,
  feed: null,
}

const REACH: NonNullable<NetworkStatus['reach']> = {
  kind: 'local-only',
  source: 'none',
  hint: 'no-relay',
  port: 4005,
  observed: [],
  relays: [],
  places: null,
}

const seed = (key: string, name: string): NetworkStatus['peers'][number] => ({
  ...FRIEND,
  peerId: fakePeerId(key),
  profile: null,
  name,
  role: 'seed',
  address: '/ip4/203.0.113.9/tcp/4001',
  ownHeld: 6,
  feed: key === 'seed-mill' ? 'whole' : 'named',
})
const far = { ...FRIEND, address: '/ip4/203.0.113.40/tcp/4003' }
const since = () => ({ since: Date.now() - 400_000 })

/** What the Network page says of the four ways to stand in the world. */
const REACH_STATES: readonly { name: string; sign: RegExp; patch: Partial<NetworkStatus> }[] = [
  {
    name: 'relayed',
    sign: /^(Others reach it through a seed, which|On le joint par une graine, qui)/u,
    patch: {
      peers: [
        seed('seed-mill', 'Seed of the mill'),
        seed('seed-library', 'Bibliothèque'),
        { ...far, address: '/ip4/203.0.113.9/tcp/4001/p2p-circuit', isRelayed: true },
      ],
      seeds: 2,
      direct: null,
      reach: {
        ...REACH,
        kind: 'relayed',
        source: 'relay',
        hint: 'open-port',
        observed: ['198.51.100.24'],
        relays: ['a', 'b'],
      },
    },
  },
  {
    name: 'direct',
    sign: /^(No seed can be reached|Aucune graine n’est joignable)/u,
    patch: {
      peers: [
        far,
        { ...far, peerId: fakePeerId('omar'), profile: fakePeerId('omar'), name: 'Omar Haddad', direction: 'in' },
      ],
      seeds: 0,
      direct: since(),
      reach: { ...REACH, kind: 'public', source: 'autonat', hint: 'none', observed: ['198.51.100.24'] },
    },
  },
  {
    name: 'lan',
    sign: /^(Only computers nearby|Seuls des ordinateurs proches)/u,
    patch: { peers: [{ ...FRIEND, address: '/ip4/192.168.1.33/tcp/4003' }], seeds: 0, direct: since(), reach: REACH },
  },
  {
    name: 'nobody',
    sign: /^(Nobody is reachable|Personne n’est joignable)/u,
    patch: {
      peers: [],
      seeds: 0,
      state: 'offline',
      direct: since(),
      reach: { ...REACH, hint: 'no-peer' },
      unreachable: [{ address: '/ip4/203.0.113.9/tcp/4001', cause: 'ECONNREFUSED', nextTryAt: Date.now() + 30_000 }],
    },
  },
]

const strip = ({ page }: Camera) => page.getByText(/(posts and other|publications et autres)/u)

/** What only a busy network shows: on the sample node. */
export const NETWORK_SCREENS: Readonly<Record<string, AccountScreen>> = {
  'catch-up': {
    sample: 'square',
    async take({ camera, fake }) {
      const { controls } = fake.node
      controls.patchNetwork({ catchUp: CATCH_UP })
      await camera.goTo('/network')
      await camera.page.getByRole('progressbar').waitFor()
      await camera.shoot('catch-up-network', ALL_VIEWS)
      const one = { ...CATCH_UP, ratePerSecond: 0, secondsLeft: null, peers: CATCH_UP.peers.slice(0, 1) }
      controls.patchNetwork({ catchUp: one })
      await camera.page.getByText(/^(Nothing comes|Rien n’arrive)/u).waitFor()
      await camera.shoot('catch-up-still', FEW_VIEWS)
    },
  },
  find: {
    sample: 'square',
    async take({ camera }) {
      await camera.goTo(`/profile/${STRANGER}`)
      await camera.page.getByText(/^(Nobody who could be asked|Personne, parmi)/u).waitFor()
      await camera.shoot('find-nothing', ALL_VIEWS)
      await camera.page
        .getByRole('button', { name: /^(Follow somebody|Suivre quelqu’un)$/u })
        .first()
        .click()
      await camera.page.getByRole('dialog').getByRole('textbox').fill(STRANGER)
      await camera.page.keyboard.press('Enter')
      await camera.page
        .getByRole('dialog')
        .getByText(/^(Nobody who could be asked|Personne, parmi)/u)
        .waitFor()
      await camera.shoot('find-dialog', FEW_VIEWS)
    },
  },
  drill: {
    sample: 'square',
    async take({ camera, fake }) {
      const { drill } = fake.node.controls
      const startedAt = Date.now() - 100_000
      const running = { ...FAKE_DRILL, state: 'running', startedAt, endsAt: startedAt + 300_000 } as const
      await camera.goTo('/network')
      await camera.page.getByRole('button', { name: /^(Start a drill|Commencer un exercice)$/u }).click()
      await camera.page.getByRole('dialog').waitFor()
      await camera.shoot('drill-dialog', FEW_VIEWS)
      await camera.page.keyboard.press('Escape')
      drill.set(running)
      await camera.page.getByRole('progressbar').waitFor()
      await camera.shoot('drill-running', FEW_VIEWS, 1_700)
      await camera.goTo('/')
      await camera.page.getByText(/^(A drill has cut|Un exercice a coupé)/u).waitFor()
      await camera.shoot('drill-line', FEW_VIEWS)
      drill.set({ ...running, state: 'ended', endsAt: Date.now() })
      await camera.goTo('/network')
      await camera.page.getByText(/^(The last drill|Le dernier exercice)/u).waitFor()
      await camera.shoot('drill-report', FEW_VIEWS, 2_000)
    },
  },
  import: {
    sample: 'square',
    async take({ camera, fake }) {
      fake.node.controls.archive.set(IMPORT)
      await camera.goTo('/network')
      await camera.page.getByRole('progressbar').waitFor()
      await camera.shoot('import-network', ALL_VIEWS)
    },
  },
  reach: {
    sample: 'square',
    async take({ camera, fake }) {
      for (const { name, sign, patch } of REACH_STATES) {
        fake.node.controls.patchNetwork({ network: 'public', addresses: [`/ip4/192.168.1.20/tcp/4005`], ...patch })
        await camera.goTo('/network')
        await camera.page.getByText(sign).waitFor()
        await camera.shoot(`reach-${name}`, name === 'direct' ? ALL_VIEWS : FEW_VIEWS, 1_700)
      }
    },
  },
  storage: {
    sample: 'square',
    async take({ camera, fake }) {
      await camera.goTo('/network')
      await camera.page.getByRole('heading', { name: /^(Room and traffic|Espace disque et trafic)$/u }).click()
      await camera.page.getByText(/^(Who takes most|Qui prend)/u).scrollIntoViewIfNeeded()
      await camera.shoot('storage', ALL_VIEWS, 2_000)
      const { controls } = fake.node
      controls.storage.setState('own-only')
      controls.emit({ type: 'network' })
      await camera.goTo('/')
      await camera.page.getByText(/^(Hardly any room|Presque plus)/u).waitFor()
      await camera.shoot('storage-line', FEW_VIEWS)
    },
  },
  'catch-up-home': {
    sample: 'square',
    async take({ camera, fake }) {
      const { controls } = fake.node
      const { posts } = controls.square()
      for (const [id, post] of posts) posts.set(id, { ...post, ts: post.ts - WEEK_MS })
      controls.patchNetwork({ catchUp: CATCH_UP })
      await camera.page.reload()
      await strip(camera).waitFor()
      await camera.page.locator('article[data-post]').first().waitFor()
      await camera.shoot('catch-up-home', ALL_VIEWS)
    },
  },
  'catch-up-empty': {
    sample: 'empty',
    async take({ camera, fake }) {
      fake.node.controls.patchNetwork({ catchUp: { ...CATCH_UP, received: 1_200, expected: 5_000 } })
      await strip(camera).waitFor()
      await camera.shoot('catch-up-empty', FEW_VIEWS)
    },
  },
}
