/**
 * A disk whose power can be cut: ext4 on a loop image that lies on a file system which copies files in an instant (btrfs,
 * else xfs). What the kernel has not handed down to the image when it is copied is lost, as after a power cut; mounting
 * the copy replays the journal. The image itself keeps all that it has taken, in order: what a disk loses of its own
 * cache without having been told to keep it isn't shown here.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const LOWER_BYTES = 1_073_741_824
const DISK_BYTES = 268_435_456
/** Memory, where there is such a folder: the test is of the kernel's order, not of this machine's disk. */
const FAST_FOLDER = '/dev/shm'

/** Where file system tools lie, whoever's PATH says so or not. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin']

interface LowerKind {
  readonly make: string
  readonly args: readonly string[]
}

/** File systems that copy by reference. */
const LOWER_KINDS: readonly LowerKind[] = [
  { make: 'mkfs.btrfs', args: ['-q'] },
  { make: 'mkfs.xfs', args: ['-q', '-m', 'reflink=1'] },
]

export class PowerRig {
  readonly #folder: string
  readonly #mounted: string[] = []

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Null with the reason where this machine can't do it. */
  static open(): { readonly rig: PowerRig } | { readonly missing: string } {
    if (process.platform !== 'linux') return { missing: 'needs Linux' }
    if (process.getuid?.() !== 0) return { missing: 'needs root, to mount' }
    const lower = LOWER_KINDS.find(({ make }) => isInPath(make))
    if (lower === undefined) return { missing: 'needs mkfs.btrfs or mkfs.xfs' }
    if (!isInPath('mkfs.ext4')) return { missing: 'needs mkfs.ext4' }
    const rig = new PowerRig(mkdtempSync(join(existsSync(FAST_FOLDER) ? FAST_FOLDER : tmpdir(), 'palabre-power-')))
    try {
      rig.#build(lower)
      return { rig }
    } catch (error) {
      rig.close()
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-2)
      return { missing: `this kernel has no loop devices, or lacks a file system (${line})` }
    }
  }

  /** Folder on the disk that has power. */
  get live(): string {
    return join(this.#folder, 'live')
  }

  /** What the disk holds at this moment, as it comes back: `look` gets the folder, and may write to it. */
  cut<T>(look: (folder: string) => T): T {
    const copy = join(this.#folder, 'lower', 'cut.img')
    const after = join(this.#folder, 'after')
    run('cp', ['--reflink=always', this.#image, copy])
    try {
      this.#mount(copy, after)
      return look(after)
    } finally {
      this.#unmount(after)
      rmSync(copy, { force: true })
    }
  }

  close(): void {
    for (const place of [...this.#mounted].reverse()) this.#unmount(place)
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 })
  }

  get #image(): string {
    return join(this.#folder, 'lower', 'disk.img')
  }

  #build({ make, args }: LowerKind): void {
    const lowerImage = join(this.#folder, 'lower.img')
    makeSparse(lowerImage, LOWER_BYTES)
    run(make, [...args, lowerImage])
    this.#mount(lowerImage, join(this.#folder, 'lower'))
    makeSparse(this.#image, DISK_BYTES)
    run('mkfs.ext4', ['-q', '-F', this.#image])
    this.#mount(this.#image, this.live)
  }

  #mount(image: string, place: string): void {
    mkdirSync(place, { recursive: true })
    run('mount', ['-o', 'loop', image, place])
    this.#mounted.push(place)
  }

  #unmount(place: string): void {
    const index = this.#mounted.indexOf(place)
    if (index < 0) return
    this.#mounted.splice(index, 1)
    try {
      run('umount', [place])
    } catch {
      run('umount', ['--lazy', place])
    }
  }
}

function makeSparse(path: string, bytes: number): void {
  writeFileSync(path, '')
  truncateSync(path, bytes)
}

function run(program: string, args: readonly string[]): void {
  const env = { ...process.env, PATH: [process.env.PATH, ...SYSTEM_FOLDERS].join(delimiter) }
  execFileSync(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

function isInPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  return folders.some((folder) => existsSync(join(folder, program)))
}
