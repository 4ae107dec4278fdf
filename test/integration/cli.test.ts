import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HostProcess, runPalabre, spawnPalabre } from '../harness/cli-process.ts'
import { sendRequest } from '../harness/raw-http.ts'

const json = (text: string): unknown => JSON.parse(text)

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'palabre-cli-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** A stream of events on the command line that has begun. */
async function subscribe(data: string) {
  const child = spawnPalabre(['call', 'events.subscribe', '--data', data])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect(json((await lines.next()).value ?? '')).toEqual({ type: 'subscribed' })
  return { child, lines }
}

describe('palabre without a node', () => {
  it('explains every command, and itself', async () => {
    const overview = await runPalabre(['--help'])
    expect(overview).toMatchObject({ code: 0, stderr: '' })
    const names = [...overview.stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map((match) => match[1] as string)
    expect(names).toEqual(
      expect.arrayContaining([
        'start',
        'seed',
        'call',
        'post',
        'follow',
        'find',
        'timeline',
        'search',
        'status',
        'open',
        'devices',
        'link',
        'invite',
        'join',
        'paths',
        'verify',
      ]),
    )
    const pages = await Promise.all(names.map((name) => runPalabre([name, '--help'])))
    for (const [i, page] of pages.entries()) {
      expect(page).toMatchObject({ code: 0, stderr: '' })
      expect(page.stdout).toContain(`Usage: palabre ${names[i]}`)
    }
  })

  it('prints its version', async () => {
    expect((await runPalabre(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    [[]],
    [['dance']],
    [['--dance']],
    [['start', '--dance']],
    [['start', 'here']],
    [['seed', '--port', 'many']],
    [['call']],
    [['call', 'posts']],
    [['call', 'posts.create', '{text}']],
    [['join']],
    [['link', 'x']],
    [['post']],
    [['post', 'a', 'b']],
    [['post', 'a', '--alt', 'b']],
    [['timeline', '--limit', '0']],
    [['search']],
    [['search', 'tree', '--since', 'yesterday']],
  ])('refuses %j as usage', async (args) => {
    expect((await runPalabre(args)).code).toBe(2)
  })

  it('says that no node is running there', async () => {
    const data = ['--data', join(home, 'nobody')]
    const call = await runPalabre(['call', 'account.get', ...data])
    expect(call.code).toBe(3)
    expect(json(call.stdout)).toMatchObject({ error: { code: 'no-node' } })
    for (const args of [
      ...[['timeline'], ['search', 'x'], ['status'], ['open'], ['post', 'x'], ['follow', 'x']],
      ...[['devices'], ['link', '--yes'], ['join', 'x', '--yes']],
    ]) {
      expect(await runPalabre([...args, ...data])).toMatchObject({ code: 3, stdout: '' })
    }
  })

  it('prints its paths', async () => {
    const { stdout } = await runPalabre(['paths', '--json'], { env: { PALABRE_DATA: home } })
    expect(json(stdout)).toMatchObject({ data: home, logs: join(home, 'logs') })
  })
})

describe('palabre verify', () => {
  it('answers every line in order, malformed ones too, from stdin and from a file', async () => {
    const input = '00\nnothing\n\n83\n'
    const { code, stdout } = await runPalabre(['verify'], { stdin: input })
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n').map(json)).toEqual([
      { verdict: 'reject', reason: 'bad-cbor' },
      { verdict: 'reject', reason: 'bad-cbor' },
      { verdict: 'reject', reason: 'bad-cbor' },
      { verdict: 'reject', reason: 'bad-cbor' },
    ])
    await writeFile(join(home, 'records.txt'), input)
    expect((await runPalabre(['verify', join(home, 'records.txt')])).stdout).toBe(stdout)
  })

  it('judges bare signatures', async () => {
    // RFC 8032 §7.1, test 2; the second line signs another message.
    const valid = {
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    }
    const input = [JSON.stringify(valid), JSON.stringify({ ...valid, message: '73' }), 'no json'].join('\n')
    const { stdout } = await runPalabre(['verify', '--signatures'], { stdin: input })
    expect(stdout.trimEnd().split('\n').map(json)).toEqual([
      { valid: true },
      { valid: false, reason: 'bad-signature' },
      { valid: false, reason: 'bad-json' },
    ])
  })

  it('takes a hundred thousand lines, and one without end, in little memory', async () => {
    const { code, stdout } = await runPalabre(['verify'], {
      stdin: `${'f'.repeat(4_000_000)}\n${'00\n'.repeat(100_000)}`,
    })
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(100_001)
    expect(json(lines[0] as string)).toEqual({ verdict: 'reject', reason: 'too-large' })
  })

  it('fails on a file that is not there', async () => {
    expect((await runPalabre(['verify', join(home, 'missing')])).code).toBe(1)
  })
})

describe('palabre start', () => {
  let host: HostProcess
  let data: string
  const call = (method: string, input?: unknown) =>
    runPalabre(['call', method, ...(input === undefined ? [] : [JSON.stringify(input)]), '--data', data])

  beforeAll(async () => {
    data = join(home, 'ada')
    host = await HostProcess.start(['start', '--data', data, '--name', 'Ada', '--port', '0'])
  })
  afterAll(() => host.stop('SIGKILL'))

  it('says as its first line where it listens, with exactly these keys', () => {
    const { ready } = host
    expect(Object.keys(ready)).toEqual([
      ...['event', 'role', 'profile', 'peerId', 'addresses', 'url', 'dataDir', 'pid'],
    ])
    expect(ready).toMatchObject({ event: 'ready', role: 'peer', dataDir: data, pid: host.child.pid })
    expect(ready.profile).toMatch(/^12D3KooW/)
    expect(ready.addresses[0]).toMatch(new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/\\d+/p2p/${ready.peerId}$`))
    expect(ready.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\?token=[\w-]{43}$/)
  })

  it('keeps its data from other users, and its token out of its logs', async () => {
    expect((await stat(data)).mode & 0o777).toBe(0o700)
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      expect([entry.name, mode & 0o077]).toEqual([entry.name, 0])
    }
    const token = host.ready.url?.split('token=')[1] as string
    expect(host.stderr).not.toContain(token)
    const logs = await readdir(join(data, 'logs'))
    expect(logs.length).toBeGreaterThan(0)
    for (const log of logs) expect(await readFile(join(data, 'logs', log), 'utf8')).not.toContain(token)
  })

  it('answers calls with one line of JSON, and errors with code 1', async () => {
    const created = await call('posts.create', { text: 'Bonjour la place', unknown: 1 })
    expect(created).toMatchObject({ code: 0, stderr: '' })
    const { id } = json(created.stdout) as { id: string }
    expect(json((await call('posts.get', { id })).stdout)).toMatchObject({ id, text: 'Bonjour la place', name: 'Ada' })
    const failed = await call('posts.get', { id: `${id.slice(0, -4)}aaaa` })
    expect(failed.code).toBe(1)
    expect(json(failed.stdout)).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } })
    const unknown = await call('posts.dance')
    expect(unknown.code).toBe(1)
    expect(json(unknown.stdout)).toMatchObject({ error: { code: 'unknown-method' } })
    expect(json((await call('timeline.home', { limit: 501 })).stdout)).toMatchObject({ error: { code: 'bad-request' } })
  })

  it('prints a line for each item of a stream until Ctrl-C', async () => {
    const { child, lines } = await subscribe(data)
    await call('posts.create', { text: 'again' })
    expect(json((await lines.next()).value ?? '')).toMatchObject({ type: expect.any(String) })
    const closed = once(child, 'close')
    child.kill('SIGINT')
    expect((await closed)[0]).toBe(0)
  })

  it('has commands for people', async () => {
    const posted = await runPalabre(['post', 'Hello \u001b[31mred', '--data', data])
    expect(posted.stdout).toMatch(/^bafyrei[a-z2-7]+\n$/)
    const timeline = await runPalabre(['timeline', '--limit', '1', '--data', data])
    expect(timeline.stdout).toContain('Hello \ufffd[31mred')
    const refused = await runPalabre(['follow', '\u001b[31mred', '--data', data])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('got \ufffd[31mred')
    const { profile, peerId, addresses } = host.ready
    const status = (await runPalabre(['status', '--data', data])).stdout.split('\n')
    expect(status[0]).toBe(`Ada · ${profile}`)
    expect(status[1]).toMatch(/^peer on local · (starting|connecting|offline) · 0 peers, 0 seeds$/)
    expect(status).toEqual(expect.arrayContaining([`peer ID ${peerId}`, ...addresses.map((address) => `  ${address}`)]))
    const facts = json((await runPalabre(['status', '--json', '--data', data])).stdout)
    expect(facts).toMatchObject({ peerId, profile, catchUp: null })
    expect(
      json(
        (await runPalabre(['timeline', '--json', '--profile', `${profile}`, '--data', data])).stdout.split(
          '\n',
        )[0] as string,
      ),
    ).toMatchObject({ author: profile })
  })

  it('searches by words, author, day and pictures', async () => {
    const search = async (...args: string[]) =>
      (await runPalabre(['search', ...args, '--json', '--data', data])).stdout.split('\n').filter(Boolean).map(json)
    await runPalabre(['post', 'Quinces are in', '--data', data])
    const today = new Date().toISOString().slice(0, 10)
    const one = [expect.objectContaining({ text: 'Quinces are in' })]
    expect(await search('quinces')).toEqual(one)
    expect(await search('quinces', '--author', `${host.ready.profile}`, '--since', '2026-01-01')).toEqual(one)
    expect(await search('quinces', '--until', '2026-01-01')).toEqual([])
    expect(await search('quinces', '--media')).toEqual([])
    expect(await search('--since', today, '--limit', '1')).toHaveLength(1)
    const nobody = await runPalabre(['search', 'quinces', '--author', 'Nobody', '--data', data])
    expect(nobody).toMatchObject({ code: 1, stdout: '' })
    expect(nobody.stderr).toContain('nobody who is followed is called Nobody')
  })

  it('looks for people, and ends with whether they were found', async () => {
    const found = await runPalabre(['find', `${host.ready.peerId}`, '--data', data])
    expect(found).toMatchObject({ code: 0 })
    expect(found.stdout.trimEnd().split('\n').at(-1)).toBe(`found ${host.ready.profile}`)
    const wrong = await runPalabre(['find', 'nobody', '--json', '--data', data])
    expect(wrong.code).toBe(1)
    expect(json(wrong.stdout)).toMatchObject({ error: { code: 'bad-request' } })
  })

  it('hands out new links to its window, each good once', async () => {
    const url = (await runPalabre(['open', '--data', data])).stdout.trim()
    const { port, pathname, search } = new URL(url)
    const open = () =>
      sendRequest(Number(port), { target: pathname + search, headers: [['Host', `127.0.0.1:${port}`]] })
    expect((await open()).status).toBe(303)
    expect((await open()).status).toBe(403)
  })

  it('has its data directory for itself, and says who has it', async () => {
    const second = await runPalabre(['start', '--data', data, '--json'])
    expect(second.code).toBe(4)
    expect(json(second.stdout)).toMatchObject({
      error: { code: 'data-dir-in-use', message: expect.stringContaining(`${host.ready.pid}`) },
    })
  })

  it('stops cleanly on SIGTERM, then starts again on the same ports, --name ignored with a warning', async () => {
    expect(await host.stop('SIGTERM')).toBe(0)
    expect(host.lines).toHaveLength(1)
    expect(await readdir(data)).not.toContain('lock')
    const again = await HostProcess.start(['start', '--data', data, '--name', 'Bea'])
    expect(again.ready.profile).toBe(host.ready.profile)
    expect(again.ready.addresses).toEqual(host.ready.addresses)
    expect(new URL(again.ready.url as string).port).toBe(new URL(host.ready.url as string).port)
    expect(again.stderr).toContain('--name is ignored')
    // Killed: the lock and the socket stay behind, and the next start cleans them up.
    const { child, lines } = await subscribe(data)
    const closed = once(child, 'close')
    await again.stop('SIGKILL')
    expect(json((await lines.next()).value ?? '')).toMatchObject({ error: { code: 'disconnected' } })
    expect((await closed)[0]).toBe(1)
    const third = await HostProcess.start(['start', '--data', data])
    expect(third.ready.profile).toBe(host.ready.profile)
    expect(await third.stop('SIGINT')).toBe(0)
  })
})

describe('palabre seed', () => {
  it('has no account, no window unless asked, and takes the options of start', async () => {
    const plain = await HostProcess.start(['seed', '--data', join(home, 'seed'), '--admit', 'all', '--no-open'])
    expect(plain.ready).toMatchObject({ role: 'seed', profile: null, url: null })
    expect((await runPalabre(['open', '--data', join(home, 'seed')])).code).toBe(1)
    expect(await plain.stop()).toBe(0)
    const shown = await HostProcess.start(['seed', '--data', join(home, 'seed'), '--ui'])
    expect(shown.ready.url).not.toBeNull()
    expect(await shown.stop()).toBe(0)
  })

  it('refuses a port that is taken when it was asked for', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
    const { port } = blocker.address() as { port: number }
    const data = ['--data', join(home, 'busy')]
    const web = await runPalabre(['start', ...data, '--json', '--port', `${port}`])
    expect(web.code).toBe(1)
    expect(json(web.stdout)).toMatchObject({ error: { code: 'port-busy' } })
    const listen = await runPalabre(['seed', ...data, '--json', '--listen', `/ip4/127.0.0.1/tcp/${port}`])
    expect(listen.code).toBe(1)
    expect(json(listen.stdout)).toMatchObject({ error: { code: 'port-busy' } })
    blocker.close()
  })
})
