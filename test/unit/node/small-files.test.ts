import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../core/contract/setting-defaults.ts'
import { BAN_MS, BanBook } from '../../../core/net/ban-book.ts'
import { KnownPeers } from '../../../core/node/known-peers.ts'
import { loadNetworkDescriptor } from '../../../core/node/network-descriptor.ts'
import { SavedBans } from '../../../core/node/saved-bans.ts'
import { SettingsFile } from '../../../core/node/settings-file.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'palabre-files-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('SettingsFile', () => {
  const open = async () => {
    const settings = new SettingsFile({ logger: silentLogger }, { dataDir })
    await settings.load()
    return settings
  }

  it('starts with the defaults and keeps changes', async () => {
    expect((await open()).get()).toEqual(DEFAULT_SETTINGS)
    const settings = await open()
    await Promise.all([settings.update({ theme: 'dark' }), settings.update({ language: 'fr', theme: undefined })])
    expect((await open()).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', language: 'fr' })
  })

  it('passes over what it does not understand, value by value', async () => {
    await writeFile(
      join(dataDir, 'settings.json'),
      '{"theme":"mauve","language":"en","quietHours":{"from":0,"until":1440},"silentKinds":["noise"],"future":1}',
    )
    expect((await open()).get()).toEqual({ ...DEFAULT_SETTINGS, language: 'en' })
    for (const damaged of ['{', '[]', 'null', '']) {
      await writeFile(join(dataDir, 'settings.json'), damaged)
      expect((await open()).get().theme).toBe('system')
    }
  })
})

describe('KnownPeers', () => {
  const clock = new ManualClock(1_000)
  const open = async () => {
    const peers = new KnownPeers({ logger: silentLogger, clock }, { dataDir })
    await peers.load()
    return peers
  }

  it('remembers addresses, the last used first, at most 256', async () => {
    const peers = await open()
    for (let port = 1; port <= 300; port++) {
      clock.advance(1)
      peers.note(`/ip4/127.0.0.1/tcp/${port}`)
    }
    peers.note('/ip4/127.0.0.1/tcp/100')
    await peers.flush()
    const again = (await open()).list()
    expect(again).toHaveLength(256)
    expect(again.slice(0, 2)).toEqual(['/ip4/127.0.0.1/tcp/100', '/ip4/127.0.0.1/tcp/300'])
  })

  it('starts without a damaged file and without what is no address', async () => {
    await writeFile(join(dataDir, 'peers.json'), 'damaged')
    expect((await open()).list()).toEqual([])
    await writeFile(join(dataDir, 'peers.json'), '{"addresses":[{"address":"nowhere","usedMs":1}]}')
    expect((await open()).list()).toEqual([])
    const peers = await open()
    peers.note('/ip4/127.0.0.1/tcp/1')
    await peers.flush()
    expect(await readFile(join(dataDir, 'peers.json'), 'utf8')).toContain('/ip4/127.0.0.1/tcp/1')
  })
})

describe('loadNetworkDescriptor', () => {
  it('knows local and public', async () => {
    expect(await loadNetworkDescriptor('local')).toMatchObject({ name: 'local', isLocal: true, bootstrap: [] })
    expect(await loadNetworkDescriptor('public')).toMatchObject({ name: 'public', isLocal: false })
  })

  it('reads a file', async () => {
    const path = join(dataDir, 'net.json')
    await writeFile(path, '{"name":"village","domain":"village","bootstrap":["/ip4/127.0.0.1/tcp/1"],"local":true}')
    expect(await loadNetworkDescriptor(path)).toEqual({
      name: 'village',
      domain: 'village',
      hasLan: false,
      bootstrap: ['/ip4/127.0.0.1/tcp/1'],
      isLocal: true,
    })
  })

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'name'],
    ['{"name":"Big Village"}', 'name expected 1 to 32 characters'],
    ['{"name":"a","bootstrap":[1]}', 'bootstrap.0'],
  ])('refuses %s', async (text, reason) => {
    const path = join(dataDir, 'net.json')
    await writeFile(path, text)
    await expect(loadNetworkDescriptor(path)).rejects.toThrow(reason)
  })

  it('refuses a name that is neither built in nor a file', async () => {
    await expect(loadNetworkDescriptor(join(dataDir, 'missing'))).rejects.toMatchObject({ code: 'bad-request' })
    await expect(loadNetworkDescriptor('constructor')).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('SavedBans', () => {
  const open = async (clock: ManualClock) => {
    const bans = new BanBook({ clock })
    const saved = new SavedBans({ bans, logger: silentLogger }, { dataDir })
    await saved.load()
    return { bans, saved }
  }

  it('forgives nobody with a restart, and everybody in time', async () => {
    const clock = new ManualClock(10 * BAN_MS)
    const { bans } = await open(clock)
    bans.ban('first', 'message-flood')
    bans.ban('second', 'gossip-score')
    bans.lift('first')
    await eventually('both changes are written', async () => {
      const text = await readFile(join(dataDir, 'bans.json'), 'utf8').catch(() => '')
      return text.includes('second') && !text.includes('first')
    })
    expect((await open(clock)).bans.list()).toEqual(bans.list())
    clock.advance(BAN_MS)
    expect((await open(clock)).bans.list()).toEqual([])
  })

  it('has each change on the disk when that was waited for', async () => {
    const clock = new ManualClock(10 * BAN_MS)
    const { bans, saved } = await open(clock)
    for (const peerId of ['first', 'second', 'third']) bans.ban(peerId, 'broken-sync')
    await saved.flush()
    expect((await open(clock)).bans.list()).toEqual(bans.list())
  })

  it('starts without bans where the file is damaged', async () => {
    await writeFile(join(dataDir, 'bans.json'), '{"bans":[{"peerId":1}]}')
    expect((await open(new ManualClock(0))).bans.list()).toEqual([])
  })
})
