/**
 * Hosts that are apart: each has its own kernel network stack (a network namespace), and they meet on one bridge that
 * stands for the internet. Nothing of it is connected to the machine's own network, so nothing can leave. NAT and
 * firewalls are the kernel's own, by nftables:
 *
 * - `open`: an address that everybody reaches.
 * - `cone`: behind a router that gives one inside port the same outside port for every destination, and lets in only
 *   answers (a port-restricted cone, as most home routers).
 * - `symmetric`: behind a router that takes another outside port for every destination (as mobile networks do).
 * - `firewall`: an address of its own, and only answers are let in.
 *
 * Names carry the process ID; what a killed run has left behind is removed by the next.
 */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const REACHES = ['open', 'cone', 'symmetric', 'firewall'] as const
export type Reach = (typeof REACHES)[number]

/** Where network tools lie, whoever's PATH says so or not. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin']

const PREFIX = 'palabre-netns'

export interface NetHost {
  readonly name: string
  readonly namespace: string
  /** Of its own interface. */
  readonly address: string
  /** As others on the internet see it. */
  readonly outside: string
  /** In front of a command line, has it run there. */
  readonly within: readonly string[]
}

/** A router, behind which hosts stand. */
export interface NetRouter {
  readonly namespace: string
  readonly outside: string
  /** First three numbers of the addresses behind it. */
  readonly inside: string
  hosts: number
}

let worlds = 0

export class NetnsWorld {
  readonly #prefix = `${PREFIX}-${process.pid}-${++worlds}`
  readonly #namespaces: string[] = []
  readonly #wan: string
  /** Each takes an address of its own on the bridge. */
  #places = 0
  #isClosed = false

  private constructor() {
    this.#wan = this.#addNamespace('wan')
    shell(this.#wan, ['ip link add bridge0 type bridge', 'ip link set bridge0 up'])
  }

  /** Null with the reason where this machine can't do it. */
  static open(): { readonly world: NetnsWorld } | { readonly missing: string } {
    if (process.platform !== 'linux') return { missing: 'needs Linux' }
    if (process.getuid?.() !== 0) return { missing: 'needs root, to make network namespaces' }
    for (const tool of ['ip', 'nft']) if (!isInPath(tool)) return { missing: `needs ${tool}` }
    removeLeftOvers()
    let world: NetnsWorld | undefined
    try {
      world = new NetnsWorld()
      world.addHost('probe', 'symmetric')
      return { world }
    } catch (error) {
      world?.close()
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-2)
      return { missing: `this kernel gives no network namespaces, or has no NAT in them (${line})` }
    }
  }

  /** A host with an internet connection of that kind, alone behind its router where there is one. */
  addHost(name: string, reach: Reach): NetHost {
    if (reach === 'cone' || reach === 'symmetric') return this.addHostBehind(this.addRouter(name, reach), name)
    const namespace = this.#addNamespace(name)
    const address = this.#plug(namespace)
    if (reach === 'firewall') filter(namespace, `${ANSWERS_ONLY} ct state established,related accept; }`)
    return { name, namespace, address, outside: address, within: within(namespace) }
  }

  /** Behind it anybody reaches anybody; from outside only answers come in. */
  addRouter(name: string, reach: 'cone' | 'symmetric'): NetRouter {
    const namespace = this.#addNamespace(`${name}-router`)
    const outside = this.#plug(namespace)
    shell(namespace, [
      'sysctl -qw net.ipv4.ip_forward=1',
      'ip link add lan type bridge',
      `ip address add 192.168.${this.#places}.1/24 dev lan`,
      'ip link set lan up',
    ])
    filter(
      namespace,
      `chain post { type nat hook postrouting priority 100; oifname "wan" masquerade ${reach === 'symmetric' ? 'fully-random' : ''}; }
      chain in { type filter hook input priority 0; policy drop; iifname != "wan" accept; ct state established,related accept; }
      chain through { type filter hook forward priority 0; policy drop; iifname "lan" accept; ct state established,related accept; }`,
    )
    return { namespace, outside, inside: `192.168.${this.#places}`, hosts: 0 }
  }

  addHostBehind(router: NetRouter, name: string): NetHost {
    const namespace = this.#addNamespace(name)
    const address = `${router.inside}.${++router.hosts + 1}`
    const port = `port${router.hosts}`
    shell(router.namespace, [
      `ip link add ${port} type veth peer name lan netns ${namespace}`,
      `ip link set ${port} master lan up`,
    ])
    shell(namespace, [
      `ip address add ${address}/24 dev lan`,
      'ip link set lan up',
      `ip route add default via ${router.inside}.1`,
    ])
    return { name, namespace, address, outside: router.outside, within: within(namespace) }
  }

  /** The router is there, the internet isn't. */
  unplug(router: NetRouter): void {
    inside(router.namespace, ['ip', 'link', 'set', 'wan', 'down'])
  }

  /** Nothing of the host's passes any more, and nobody is told: the machine is gone. */
  silence({ namespace }: Pick<NetHost, 'namespace'>): void {
    filter(namespace, 'chain gone { type filter hook output priority -400; policy drop; }')
  }

  /** What the host sends, at most. Kilobits a second. */
  limitRate({ namespace }: Pick<NetHost, 'namespace'>, kilobits: number): void {
    const device = interfaceOf(namespace)
    const burst = Math.max(4_096, kilobits * 8)
    const rate = ['rate', `${kilobits}kbit`, 'burst', `${burst}`, 'latency', '400ms']
    inside(namespace, ['tc', 'qdisc', 'add', 'dev', device, 'root', 'tbf', ...rate])
  }

  /** Packets that don't arrive at the host, of a thousand. */
  losePackets({ namespace }: Pick<NetHost, 'namespace'>, perMille: number): void {
    filter(
      namespace,
      `chain loss { type filter hook prerouting priority -400; iifname != "lo" numgen random mod 1000 < ${perMille} drop; }`,
    )
  }

  /** What the host sends to a group, multicast DNS for one, is dropped and counted. */
  dropMulticast({ namespace }: Pick<NetHost, 'namespace'>): void {
    filter(namespace, 'chain multicast { type filter hook output priority -400; ip daddr 224.0.0.0/4 counter drop; }')
  }

  /** Packets that `dropMulticast` has dropped so far. */
  droppedMulticast({ namespace }: Pick<NetHost, 'namespace'>): number {
    const chain = inside(namespace, ['nft', 'list', 'chain', 'ip', 'palabre', 'multicast'])
    return Number(/counter packets (\d+)/.exec(chain)?.[1] ?? 0)
  }

  passMulticast({ namespace }: Pick<NetHost, 'namespace'>): void {
    inside(namespace, ['nft', 'flush', 'chain', 'ip', 'palabre', 'multicast'])
  }

  /** Runs a program there to its end. @throws when it fails */
  run({ namespace }: Pick<NetHost, 'namespace'>, command: readonly string[]): string {
    return inside(namespace, command)
  }

  /** Ends what still runs inside and removes everything. Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const namespace of this.#namespaces) remove(namespace)
  }

  #addNamespace(name: string): string {
    const namespace = `${this.#prefix}-${name}`
    run(['ip', 'netns', 'add', namespace])
    this.#namespaces.push(namespace)
    shell(namespace, [
      // A second way around every router otherwise: addresses of version 6 come by themselves.
      'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1',
      // What a bridge carries is none of a router's filter.
      'sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null || true',
      'ip link set lo up',
    ])
    return namespace
  }

  /** Connects a namespace to the bridge. @returns its address there, of a range that counts as public */
  #plug(namespace: string): string {
    const place = ++this.#places
    const address = `11.${place}.0.2`
    shell(this.#wan, [
      `ip link add port${place} type veth peer name wan netns ${namespace}`,
      `ip link set port${place} master bridge0 up`,
    ])
    shell(namespace, [`ip address add ${address}/8 dev wan`, 'ip link set wan up'])
    return address
  }
}

const ANSWERS_ONLY = 'chain in { type filter hook input priority 0; policy drop; iifname "lo" accept;'

const within = (namespace: string): string[] => ['ip', 'netns', 'exec', namespace]

function interfaceOf(namespace: string): string {
  return /\d+: (wan|lan)@/.exec(inside(namespace, ['ip', '-o', 'link']))?.[1] ?? 'wan'
}

function filter(namespace: string, chains: string): void {
  inside(namespace, ['nft', '-f', '-'], `table ip palabre {\n${chains}\n}\n`)
}

/** One process for all of it: making many hosts takes long enough. */
function shell(namespace: string, lines: readonly string[]): void {
  inside(namespace, ['sh', '-e', '-c', lines.join('\n')])
}

function inside(namespace: string, command: readonly string[], input?: string): string {
  return run([...within(namespace), ...command], input)
}

function run([program = '', ...args]: readonly string[], input = ''): string {
  const env = { ...process.env, PATH: [process.env.PATH, ...SYSTEM_FOLDERS].join(delimiter) }
  const options: ExecFileSyncOptions = { env, input, stdio: 'pipe' }
  return String(execFileSync(program, args, options))
}

function isInPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  return folders.some((folder) => existsSync(join(folder, program)))
}

/** Only of our own namespaces, so only what was started in them. */
function remove(namespace: string): void {
  try {
    for (const pid of run(['ip', 'netns', 'pids', namespace]).split('\n').filter(Boolean)) {
      process.kill(Number(pid), 'SIGKILL')
    }
  } catch {
    // It ended by itself meanwhile.
  }
  try {
    run(['ip', 'netns', 'delete', namespace])
  } catch {
    // Gone already.
  }
}

function removeLeftOvers(): void {
  for (const line of run(['ip', 'netns', 'list']).split('\n')) {
    const namespace = line.split(' ')[0] ?? ''
    const owner = /^palabre-netns-(\d+)-/.exec(namespace)?.[1]
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) remove(namespace)
  }
}
