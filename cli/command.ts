import type { ParseArgsOptionsConfig } from 'node:util'
import { PalabreError } from '../core/util/errors.ts'

/** What a finished command says to scripts (docs/cli.md). */
export const EXIT = { done: 0, failed: 1, usage: 2, noNode: 3, inUse: 4 } as const

/** The command line says something that isn't there. */
export class UsageError extends PalabreError {
  constructor(message: string) {
    super('usage', message)
  }
}

/** An option as `parseArgs` takes it, with what `--help` says of it. */
export type CommandOption = ParseArgsOptionsConfig[string] & { readonly value?: string; readonly help: string }

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

export interface Command {
  /** Behind `palabre `: `post TEXT [options]`. */
  readonly usage: string
  /** A paragraph or two. */
  readonly help: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** Names of the positional arguments; the last `optional` of them may be missing. */
  readonly positionals: readonly string[]
  readonly optional?: number
  /** Errors go to stdout as JSON even without `--json`. */
  readonly isForScripts?: boolean
  /** Resolves with the exit code. */
  run(input: CommandInput): Promise<number>
}

export interface CommandInput {
  readonly values: OptionValues
  readonly positionals: readonly string[]
}

/** The option that every command has which talks to a node. */
export const dataOption = {
  type: 'string',
  value: 'DIR',
  help: 'data directory (default: PALABRE_DATA, else the place of this system; see `palabre paths`)',
} as const satisfies CommandOption

export const jsonOption = { type: 'boolean', help: 'print JSON instead of text' } as const satisfies CommandOption

/** Text of a single-valued option. */
export function textOf(values: OptionValues, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** Texts of an option that may be repeated. */
export function textsOf(values: OptionValues, name: string): string[] {
  const value = values[name]
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}

/** A whole number within limits. @throws UsageError */
export function numberOf(values: OptionValues, name: string, min: number, max: number): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) {
    throw new UsageError(`--${name} takes a number from ${min} to ${max}, got ${JSON.stringify(text)}`)
  }
  return value
}
