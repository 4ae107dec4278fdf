import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeTempDir } from './temp-dir.ts'

/** Why a small disk can't be had here; null where it can. */
export const NO_SMALL_DISK: string | null =
  process.platform === 'linux' && process.getuid?.() === 0 ? null : 'only root on Linux may mount a small disk'

/** A disk of its own, with a folder for a node; what else lies on it fills it up. */
export interface SmallDisk {
  readonly dataDir: string
  freeBytes(): number
  /** Fills it until so many bytes are free. */
  fill(leftBytes?: number): void
  /** Takes away what `fill` put there. */
  empty(): void
}

/** Undefined where this system lets nobody mount one. It goes when the test ends. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const path = makeTempDir()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'palabre-test', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path])
  })
  const other = join(path, 'somebody-elses-file')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  return {
    dataDir: path,
    freeBytes,
    fill: (leftBytes = 0) => {
      rmSync(other, { force: true })
      writeFileSync(other, new Uint8Array(Math.max(0, freeBytes() - leftBytes)))
    },
    empty: () => rmSync(other, { force: true }),
  }
}
