import { startSquareThread } from '../../core/node/square-starter.ts'
import type { Command } from '../command.ts'
import { hostOptions, parseHostOptions } from '../host-options.ts'

export const seedCommand: Command = {
  usage: 'seed [options]',
  help: `Runs an always-on node that keeps what it hears, within its quota, and hands it to whoever was away.
It has no window unless --ui. Ctrl-C stops it. docs/running-a-seed.md says more.`,
  options: hostOptions,
  positionals: [],
  async run({ values }) {
    const options = parseHostOptions(values)
    const thread = startSquareThread()
    const { runHost } = await import('../host.ts')
    return runHost('seed', options, thread)
  },
}
