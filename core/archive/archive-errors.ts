import { PalabreError } from '../util/errors.ts'

/** The file can't be read at all: it isn't there, is a folder, or may not be read. */
export class ArchiveUnreadableError extends PalabreError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('archive-unreadable', message, options)
  }
}

/** The file is something else: nothing of it was taken. */
export class ArchiveForeignError extends PalabreError {
  constructor(what: string) {
    super('archive-foreign', `this is no archive of Palabre: ${what}`)
  }
}

/** Made by a later version. */
export class ArchiveNewerError extends PalabreError {
  constructor(version: number, known: number) {
    super(
      'archive-newer',
      `this archive has version ${version}, and this Palabre reads up to ${known}: update it first`,
      {
        data: { version, known },
      },
    )
  }
}

/** Nothing that was signed in another network counts in this one. */
export class ArchiveNetworkError extends PalabreError {
  constructor(network: string, expected: string) {
    super(
      'archive-network',
      `this archive comes from the network “${network}”, and this node is in “${expected}”: what was signed there doesn't count here`,
      { data: { network, expected } },
    )
  }
}

/** The file stops before its end. All blocks before `offset` are whole. */
export class ArchiveCutError extends PalabreError {
  constructor(offset: number, missing: string) {
    super(
      'archive-cut',
      `the archive is cut off at byte ${offset}: ${missing}; what stands before is kept. Get the whole file and import it again`,
      { data: { offset } },
    )
  }
}

/** What stands at `offset` is no block of an archive. All blocks before it are whole. */
export class ArchiveDamagedError extends PalabreError {
  constructor(offset: number, what: string) {
    super(
      'archive-damaged',
      `the archive is damaged at byte ${offset}: ${what}; what stands before is kept. Get another copy and import that`,
      { data: { offset } },
    )
  }
}

/** An archive is never written over a file that is there. */
export class ArchiveExistsError extends PalabreError {
  constructor(path: string) {
    super('archive-exists', `${path} is there already: name another file`, { data: { path } })
  }
}

/** The folder isn't there, may not be written to, or the disk is full. */
export class ArchiveUnwritableError extends PalabreError {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(
      'archive-unwritable',
      `the archive can't be written (${reason}): ${HELP[reason] ?? 'name another file'}`,
      options,
    )
  }
}

const HELP: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'this program may not write there',
  EPERM: 'this program may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'make room, or name a file on another disk',
  EDQUOT: 'make room, or name a file on another disk',
}
