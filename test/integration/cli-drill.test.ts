import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Drill } from '../../core/contract/drill.ts'
import type { NetworkStatus } from '../../core/contract/views.ts'
import { HostProcess, runPalabre, spawnPalabre } from '../harness/cli-process.ts'
import { eventually } from '../harness/wait.ts'

let home: string
const hosts: HostProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'palabre-drill-'))
})
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop('SIGKILL')))
  await rm(home, { recursive: true, force: true })
})

async function host(kind: 'seed' | 'start', ...args: string[]): Promise<{ data: string; host: HostProcess }> {
  const data = join(home, kind)
  const started = await HostProcess.start([kind, '--data', data, '--no-open', ...args])
  hosts.push(started)
  return { data, host: started }
}

async function statusOf(data: string): Promise<NetworkStatus> {
  return JSON.parse((await runPalabre(['status', '--data', data, '--json'])).stdout) as NetworkStatus
}

const untilSeeds = (data: string, count: number) =>
  eventually(`${count} seeds`, async () => ((await statusOf(data)).seeds === count ? true : null))

/** A drill on the command line; its lines so far. */
function drill(data: string) {
  const child = spawnPalabre(['drill', '--data', data, '--json'])
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const lines = () => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Drill]))
  return { child, lines }
}

it('drills until Ctrl-C, and reports; a process that is killed in a drill starts connected (RCH10)', async () => {
  const seed = await host('seed')
  const peer = ['--name', 'Aya', '--peer', seed.host.ready.addresses[0] ?? '']
  const first = await host('start', ...peer)
  const { data } = first
  await untilSeeds(data, 1)

  const one = drill(data)
  const ended = once(one.child, 'close')
  await eventually('no seed left', () => one.lines().find(({ seeds }) => seeds.lowest === 0) ?? null)
  expect((await runPalabre(['status', '--data', data])).stdout).toMatch(/a blackout drill keeps out seeds until/u)
  one.child.kill('SIGINT')
  expect((await ended)[0]).toBe(0)
  expect(one.lines().at(-1)).toMatchObject({ cut: 'seeds', state: 'ended', seeds: { before: 1, lowest: 0 } })
  await untilSeeds(data, 1)

  const other = drill(data)
  await eventually('no seed left', () => other.lines().find(({ seeds }) => seeds.lowest === 0) ?? null)
  await first.host.stop('SIGKILL')
  await once(other.child, 'close')
  await host('start', ...peer)
  await untilSeeds(data, 1)
  expect((await statusOf(data)).drill).toBeUndefined()
  const { stdout } = await runPalabre(['call', 'drill.status', '--data', data])
  expect((JSON.parse(stdout) as { drill: Drill }).drill.startedAt).toBe(one.lines().at(-1)?.startedAt)
})

it.each([[['--cut', 'power']], [['--minutes', '6']], [['--minutes', '0']], [['now']]])(
  'refuses %j as usage',
  async (args) => {
    expect((await runPalabre(['drill', ...args, '--data', home])).code).toBe(2)
  },
)
