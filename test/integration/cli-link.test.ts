import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceView, LinkStatus } from '../../core/contract/accounts.ts'
import { HostProcess, runPalabre, spawnPalabre } from '../harness/cli-process.ts'

let home: string
let laptop: HostProcess
let phone: HostProcess
const data = (name: string) => ['--data', join(home, name)]

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'palabre-cli-link-'))
  ;[laptop, phone] = await Promise.all([
    HostProcess.start(['start', ...data('laptop'), '--name', 'Nour', '--port', '0']),
    HostProcess.start(['start', ...data('phone'), '--port', '0']),
  ])
})
afterAll(async () => {
  await Promise.all([laptop, phone].map((host) => host.stop()))
  await rm(home, { recursive: true, force: true })
})

/** A `palabre link` that shows its link. */
async function showLink(...options: string[]) {
  const child = spawnPalabre(['link', ...data('laptop'), '--json', ...options])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? 'null') as LinkStatus & { error?: { code: string } }
  const { link } = await next()
  return { child, next, link: link as string }
}

describe('palabre link, join and devices', () => {
  it('need somebody who compares the codes', async () => {
    for (const args of [['link'], ['join', 'palabre:link?']]) {
      const { code, stderr } = await runPalabre([...args, ...data('laptop')])
      expect(code).toBe(2)
      expect(stderr).toContain('--yes')
    }
  })

  it('say what is wrong, with the exit code 1', async () => {
    const refused = await runPalabre(['join', 'hello', '--yes', '--json', ...data('phone')])
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'bad-link' } })
    const lonely = await runPalabre(['link', '--yes', '--json', ...data('phone')])
    expect(JSON.parse(lonely.stdout)).toMatchObject({ error: { code: 'no-account' } })
    expect((await runPalabre(['devices', ...data('phone')])).code).toBe(1)
  })

  it('call the link off on Ctrl-C', async () => {
    const { child, next } = await showLink('--yes')
    child.kill('SIGINT')
    expect(await next()).toMatchObject({ error: { code: 'cancelled' } })
  })

  it('link two running nodes, a line a step', async () => {
    const { next, link } = await showLink('--yes')
    const joined = await runPalabre(['join', '-', '--name', 'phone', '--yes', '--json', ...data('phone')], {
      stdin: link,
    })
    expect(joined).toMatchObject({ code: 0, stderr: '' })
    const theirs = joined.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LinkStatus)
    const ours = [await next(), await next()]
    while (ours.at(-1)?.step !== 'done') ours.push(await next())
    expect(ours[0]).toMatchObject({ step: 'compare', other: 'phone' })
    expect(theirs.find(({ step }) => step === 'compare')?.code).toBe(ours[0]?.code)
    expect(theirs.at(-1)).toMatchObject({ side: 'join', step: 'done', other: 'Nour' })

    const listed = await runPalabre(['devices', '--json', ...data('phone')])
    const devices = listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as DeviceView)
    expect(devices.map(({ peerId, isThis }) => [peerId, isThis])).toEqual([
      [phone.ready.peerId, true],
      [laptop.ready.peerId, false],
    ])
    const { stdout } = await runPalabre(['devices', ...data('phone')])
    expect(stdout).toMatch(/^phone · this device · active · \d+ records · 12D3KooW\w+\n.* · active · /)
  })
})
