import { describe, expect, it, onTestFinished } from 'vitest'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { mountSmallDisk, NO_SMALL_DISK } from '../harness/small-disk.ts'
import { eventually } from '../harness/wait.ts'

describe.skipIf(NO_SMALL_DISK !== null)(`a node on a full disk ${NO_SMALL_DISK ?? ''}`, () => {
  it('goes on: refuses by name, says so in its status, and takes everything again without a restart (F3)', async (context) => {
    const disk = mountSmallDisk(24)
    if (disk === undefined) return context.skip('this system lets nobody mount a tmpfs')
    const data = ['--data', disk.dataDir]
    const host = await HostProcess.start(['start', ...data, '--name', 'Ada', '--no-open'])
    onTestFinished(async () => void (await host.stop()))
    const run = async (...args: string[]) => await runPalabre([...args, ...data])
    const call = async (method: string, input: object) => await run('call', method, JSON.stringify(input))
    const spaceOf = async () => {
      const { stdout } = await run('status', '--json')
      return (JSON.parse(stdout) as { storage: { space: { state: string } } }).storage.space.state
    }
    expect((await run('post', 'before')).code).toBe(0)
    disk.fill(0)
    const long = 'a post of some length '.repeat(120)
    const kept: string[] = ['before']
    const refused = new Set<string>()
    for (let i = 0; i < 5; i++) {
      const text = `${i} ${long}`
      const { code, stdout } = await call('posts.create', { text })
      if (code === 0) kept.push(text)
      else refused.add((JSON.parse(stdout) as { error: { code: string } }).error.code)
    }
    // Other ways to write, each with an error that says why.
    for (const [method, input] of [
      ['settings.update', { theme: 'dark' }],
      ['profiles.update', { bio: long.slice(0, 900) }],
      ['follows.add', { profile: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp' }],
    ] as const) {
      const { code, stdout } = await call(method, input)
      if (code !== 0) refused.add((JSON.parse(stdout) as { error: { code: string } }).error.code)
    }
    expect(refused).toEqual(new Set(['disk-full']))
    await eventually('the status says so', async () => (await spaceOf()) === 'full')
    expect((await run('status')).stdout).toContain('the disk is full')
    expect((await run('timeline', '--limit', '20')).stdout).toContain('before')
    expect(host.child.exitCode).toBeNull()
    disk.empty()
    await eventually('there is room again', async () => (await spaceOf()) !== 'full')
    expect((await call('settings.update', { theme: 'dark' })).code).toBe(0)
    expect((await run('post', 'after')).code).toBe(0)
    kept.push('after')
    const { stdout } = await call('timeline.home', { limit: 50 })
    const texts = (JSON.parse(stdout) as { items: { text: string }[] }).items.map(({ text }) => text)
    expect(texts.toReversed()).toEqual(kept.map((text) => text.trim()))
    expect(await host.stop()).toBe(0)
  })
})
